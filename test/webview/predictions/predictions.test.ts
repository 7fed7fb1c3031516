import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { closeClean, enter, holdClock, text, useStudio } from '../looking';
import type { OpenedPage } from '../openPage';

const studio = useStudio();

const table = (page: Page) => page.getByTestId('predictions-table');
const rowNames = (page: Page): Promise<string[]> => table(page).getByRole('rowheader').allInnerTexts();
const titles = (page: Page): Promise<string[]> => table(page).getByRole('columnheader').allInnerTexts();
const queries = (page: Page) =>
  page.evaluate(() =>
    window.fake.predictionRequests().flatMap(({ question }) => (question.kind === 'rows' ? [question.query] : [])),
  );

async function openRun(options: {
  rows: number;
  inputs?: number;
  width?: number;
  state?: unknown;
}): Promise<OpenedPage> {
  const { rows, inputs = 4, width = 1200, state } = options;
  const opened = await studio.open({ width, state });
  await opened.page.evaluate(([count, columns]) => window.fake.show(window.fake.samples.largeRun(count, columns)), [
    rows,
    inputs,
  ] as const);
  await table(opened.page).getByRole('rowheader').first().waitFor();
  return opened;
}

/** The cells of a column by its title. */
async function column(page: Page, title: string): Promise<number[]> {
  const at = (await titles(page)).indexOf(title) - 1;
  const cells = await table(page)
    .getByRole('row')
    .evaluateAll(
      (rows, index) => rows.slice(1).map(({ children }) => children[index + 1].getAttribute('aria-label')!),
      at,
    );
  return cells.map((cell) => Number(cell.replaceAll(',', '')));
}

test('the tutorial’s rows stand beside their predictions', async () => {
  const opened = await studio.open({ width: 1600 });
  const { page } = opened;
  await page.evaluate(() => window.fake.show(window.fake.samples.tutorialRun(2000)));
  await table(page).getByRole('rowheader').first().waitFor();
  const inputs = ['x0', 'x1', 'x2', 'x3', 'x4', 'x5'];
  await expect.poll(() => titles(page)).toEqual(['Row', 'Actual', 'Predicted', 'Error', ...inputs, 'Untrained']);
  await expect.poll(() => rowNames(page)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  await expect.poll(() => column(page, 'x0')).toEqual([58, 91, 124, 157, 190, 223, 256, 289, 322, 355]);
  await expect.poll(async () => (await column(page, 'Actual')).slice(0, 2)).toEqual([6000, 6320.7]);
  const [now, actual, error] = [
    await column(page, 'Predicted'),
    await column(page, 'Actual'),
    await column(page, 'Error'),
  ];
  now.forEach((value, row) => expect(value - actual[row]).toBeCloseTo(error[row], 0));
  await expect.poll(() => page.getByTestId('rows-position').isVisible()).toBe(false);
  await closeClean(opened);
});

test('100,000 rows are paged: only the page on screen is asked for and drawn', async () => {
  const opened = await openRun({ rows: 100_000 });
  const { page } = opened;
  await expect.poll(() => text(page, 'rows-position')).toBe('Rows 1–25 of 100,000');
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  await press('Next rows');
  await expect.poll(() => text(page, 'rows-position')).toBe('Rows 26–50 of 100,000');
  await press('Last rows');
  await expect.poll(() => text(page, 'rows-position')).toBe('Rows 99,976–100,000 of 100,000');
  await press('Previous rows');
  await expect.poll(() => text(page, 'rows-position')).toBe('Rows 99,951–99,975 of 100,000');
  await press('First rows');
  await expect.poll(() => text(page, 'rows-position')).toBe('Rows 1–25 of 100,000');
  const asked = await queries(page);
  expect(asked.map((query) => query.offset)).toEqual([0, 25, 99_975, 99_950, 0]);
  expect(asked.every((query) => query.count === 25)).toBe(true);
  await expect.poll(() => table(page).getByRole('row').count()).toBe(26);
  await expect.poll(() => table(page).getAttribute('aria-rowcount')).toBe('100001');
  await closeClean(opened);
});

test('going to a row shows its page and marks it', async () => {
  const opened = await openRun({ rows: 100_000, state: { sort: 'error', descending: true } });
  const { page } = opened;
  await enter(page.getByTestId('rows-go-to').locator('input'), '54,321');
  await expect.poll(() => rowNames(page)).toContain('54,321');
  await expect
    .poll(async () => (await queries(page)).at(-1))
    .toEqual({ offset: 54_300, count: 25, sort: 'row', descending: false });
  await expect.poll(() => table(page).locator('[data-highlighted]').innerText()).toContain('54,321');
  await closeClean(opened);
});

test('sorts by error and by row, with the keyboard too', async () => {
  const opened = await openRun({ rows: 5000 });
  const { page } = opened;
  const title = (name: string) => table(page).getByRole('columnheader', { name });
  await title('Error').click();
  await expect.poll(() => title('Error').getAttribute('aria-sort')).toBe('descending');
  const sizes = async (): Promise<number[]> => (await column(page, 'Error')).map(Math.abs);
  await expect.poll(async () => isSorted(await sizes(), (one, other) => one >= other)).toBe(true);
  await title('Error').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => title('Error').getAttribute('aria-sort')).toBe('ascending');
  await expect.poll(async () => isSorted(await sizes(), (one, other) => one <= other)).toBe(true);
  await expect.poll(() => title('Error').evaluate((cell) => cell === document.activeElement)).toBe(true);
  await title('Row').click();
  await expect.poll(async () => (await rowNames(page))[0]).toBe('1');
  await expect.poll(() => page.evaluate(() => window.fake.state)).toEqual({ sort: 'row', descending: false });
  await closeClean(opened);
});

test('a table is one stop of the Tab key, and keys lead from cell to cell', async () => {
  const opened = await openRun({ rows: 50 });
  const { page } = opened;
  const focused = () =>
    page.evaluate(() => {
      const cell = document.activeElement!;
      const row = cell.closest('[role=row]');
      return row && [Number(row.getAttribute('aria-rowindex') ?? 1), Array.from(row.children).indexOf(cell)];
    });
  await table(page).getByRole('gridcell').first().focus();
  const first = (await focused())!;
  expect(first[0]).toBe(2);
  const last = (await table(page).getByRole('columnheader').count()) - 1;
  for (const [key, place] of [
    ['ArrowDown', [3, first[1]]],
    ['End', [3, last]],
    ['ArrowRight', [3, last]],
    ['ArrowLeft', [3, last - 1]],
    ['Home', [3, 0]],
    ['ArrowLeft', [3, 0]],
    ['PageDown', [26, 0]],
    ['ArrowDown', [26, 0]],
    ['Control+Home', [1, 0]],
    ['ArrowUp', [1, 0]],
    ['Control+End', [26, last]],
    ['PageUp', [1, last]],
    ['ArrowDown', [2, last]],
  ] as const) {
    await page.keyboard.press(key);
    expect([key, await focused()]).toEqual([key, place]);
  }
  await page.keyboard.press('Tab');
  await expect.poll(() => table(page).evaluate((grid) => grid.contains(document.activeElement))).toBe(false);
  await page.keyboard.press('Shift+Tab');
  await expect.poll(() => focused()).toEqual([2, last]);
  await page.keyboard.press('Shift+Tab');
  await expect.poll(() => table(page).evaluate((grid) => grid.contains(document.activeElement))).toBe(false);
  await closeClean(opened);
});

test('rows held out for validation are marked with a word', async () => {
  const opened = await openRun({ rows: 50 });
  const { page } = opened;
  const marked = (await rowNames(page)).filter((name) => name.includes('val'));
  expect(marked.map((name) => name.replace(/\s+/g, ' '))).toEqual(['5 val', '10 val', '15 val', '20 val', '25 val']);
  await expect
    .poll(() => page.getByRole('region', { name: 'Predictions' }).innerText())
    .toContain('50 rows, 10 for validation');
  await closeClean(opened);
});

test('predictions come before inputs, and many inputs are paged', async () => {
  const opened = await openRun({ rows: 60, inputs: 30, width: 300 });
  const { page } = opened;
  await expect
    .poll(async () => (await titles(page)).slice(0, 5))
    .toEqual(['Row', 'Actual', 'Predicted', 'Error', 'age']);
  await expect.poll(() => table(page).getByRole('row').count()).toBe(11);
  await expect.poll(() => text(page, 'inputs-position')).toBe('Inputs 1–12 of 30');
  await page.getByRole('button', { name: 'Last inputs' }).click();
  await expect.poll(async () => (await titles(page)).slice(4, -1)).toEqual(['x24', 'x25', 'x26', 'x27', 'x28', 'x29']);
  const last = await column(page, 'x29');
  const expected = await page.evaluate(() => window.fake.run!.inputs[29]);
  expect(last[0]).toBeCloseTo(expected, 5);
  await closeClean(opened);
});

test('while training goes on there is one request at a time, and at most ten a second', async () => {
  const opened = await studio.open({ width: 1200, alone: true });
  const { page } = opened;
  await page.evaluate(() => {
    return window.fake.show(window.fake.samples.tutorialRun(10));
  });
  await table(page).getByRole('rowheader').first().waitFor();
  await holdClock(page);
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { times });
    window.fake.onRequest = (request) => {
      if (request === window.fake.predictionRequests().at(-1)) times.push(performance.now());
    };
  });
  const frames = async (count: number): Promise<void> => {
    for (let frame = 0; frame < count; frame++) {
      await page.evaluate(() => window.fake.progress(1));
      await page.clock.runFor(16);
    }
  };
  const asked = () => page.evaluate(() => (window as unknown as { times: number[] }).times);
  // What was on its way when the clock stopped may keep the page from drawing for some frames.
  while ((await asked()).length < 4) await frames(10);
  const times = await asked();
  times.slice(1).forEach((time, index) => expect(time - times[index]).toBeGreaterThan(95));

  // An answer that is held back holds back the next request with it.
  await page.evaluate(() => (window.fake.holdRows = true));
  await frames(20);
  const requests = () => page.evaluate(() => window.fake.predictionRequests().length);
  const before = await requests();
  await frames(30);
  await expect.poll(() => requests()).toBe(before);
  await page.clock.resume();
  const prediction = await page.evaluate(() => {
    const { fake } = window;
    fake.holdRows = false;
    const request = fake.predictionRequests().at(-1);
    if (request) fake.answer(request);
    const { parameters } = fake.run!.snapshot.progress.checkpoint;
    return parameters.reduce((sum, value, index) => sum + value * (index < 6 ? fake.run!.inputs[index] : 1), 0);
  });
  await expect.poll(async () => (await column(page, 'Predicted'))[0]).toBeCloseTo(prediction, 0);
  await closeClean(opened);
});

test('rows that cannot be had are said, and asked for again with the next progress', async () => {
  const opened = await studio.open({ width: 1200 });
  const { page } = opened;
  await page.evaluate(() => {
    window.fake.holdRows = true;
    return window.fake.show(window.fake.samples.tutorialRun(10));
  });
  await expect.poll(async () => (await queries(page)).length).toBe(1);
  await page.evaluate(() => {
    const request = window.fake.predictionRequests().at(-1)!;
    window.fake.send({ type: 'askFailed', requestId: request.requestId, message: 'The data is gone.' });
  });
  await page.getByText('The data is gone.').waitFor();
  await page.evaluate(() => {
    window.fake.holdRows = false;
    window.fake.progress(1);
  });
  await table(page).getByRole('rowheader').first().waitFor();
  await page.getByText('The data is gone.').waitFor({ state: 'hidden' });
  await closeClean(opened);
});

test('a view that comes back gets a snapshot and shows the rows of now', async () => {
  const opened = await studio.open({ width: 1200 });
  const { page } = opened;
  await page.evaluate(() => window.fake.show(window.fake.samples.tutorialRun(10)));
  await table(page).getByRole('rowheader').first().waitFor();
  const before = await column(page, 'Predicted');
  await page.evaluate(() => {
    window.fake.holdRows = true;
    window.fake.samples.train(window.fake.run!, 1990);
    window.fake.run!.snapshot.status = 'finished';
    window.fake.holdRows = false;
    return window.fake.show(window.fake.run);
  });
  await expect.poll(() => text(page, 'epoch')).toBe('2,000 of 2,000 epochs');
  await expect.poll(async () => (await column(page, 'Predicted'))[0]).not.toBe(before[0]);
  await expect.poll(() => text(page, 'loss-readout')).toContain('Epoch 2,000');
  await closeClean(opened);
});

function isSorted(values: number[], inOrder: (one: number, other: number) => boolean): boolean {
  return values.length > 1 && values.slice(1).every((value, index) => inOrder(values[index], value));
}
