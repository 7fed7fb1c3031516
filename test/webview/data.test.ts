import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { closeClean, enter, says, text, useStudio } from './looking';
import type { OpenedPage } from './openPage';

const studio = useStudio();

type Sample = 'tutorial' | 'line' | 'class' | 'large' | 'fresh';

async function openData(sample: Sample, width = 1300): Promise<OpenedPage> {
  const opened = await studio.open({ width, height: 2600, state: { openSections: { data: true } } });
  await opened.page.evaluate((name) => {
    const { tutorialRun, lineRun, classRun, largeRun } = window.fake.samples;
    const runs = {
      tutorial: () => tutorialRun(12),
      fresh: () => tutorialRun(0),
      line: () => lineRun(),
      class: () => classRun(),
      large: () => largeRun(5000, 30),
    };
    const run = runs[name]();
    if (name === 'tutorial') run.snapshot.progress.checkpoint.batch = 3;
    if (name === 'large') run.snapshot.shape!.batchSize = 32;
    return window.fake.show(run);
  }, sample);
  await table(opened.page).getByRole('rowheader').first().waitFor();
  return opened;
}

const table = (page: Page) => page.getByTestId('data-table');
const chips = (page: Page): Promise<string[]> =>
  page
    .getByTestId('order')
    .getByRole('listitem')
    .allInnerTexts()
    .then((texts) => texts.map((words) => words.replace(/\s+/g, ' ')));
/** Texts of a column by its title. */
async function column(page: Page, title: string): Promise<string[]> {
  const titles = await table(page).getByRole('columnheader').allInnerTexts();
  return table(page)
    .getByRole('row')
    .evaluateAll(
      (rows, index) => rows.slice(1).map((row) => row.children[index].textContent.trim()),
      titles.indexOf(title),
    );
}

/** Chooses a column by the position of its name in the list. */
async function chooseColumn(page: Page, name: string): Promise<void> {
  await page.getByTestId('column-picker').click();
  await page.getByRole('option', { name, exact: true }).click();
}

test('the tutorial’s rows show the batch that each falls in, and the order of the epoch', async () => {
  const opened = await openData('tutorial');
  const { page } = opened;
  await says(page, 'order-title', 'Order of epoch 13, batch 4 next');
  await expect.poll(() => text(page, 'loader-call')).toBe('DataLoader(dataset, batch_size=1, shuffle=True)');
  await page.getByTestId('order').getByRole('listitem').nth(9).waitFor();
  const listed = (await chips(page)).map((chip) => /^batch (\d+) (\d+)$/.exec(chip)!.slice(1).map(Number));
  expect(listed.map(([batch]) => batch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(listed.map(([, row]) => row).sort((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await page.evaluate(() => window.fake.status('running'));
  await says(page, 'order-title', 'Order of epoch 13, batch 4 under way');
  const inTable = await column(page, 'Batch');
  for (const [batch, row] of listed) expect(inTable[row - 1]).toBe(`batch ${batch}`);
  const current = page.getByTestId('order').locator('[aria-current=step]');
  await expect.poll(() => current.innerText()).toContain('batch 4');
  await expect.poll(() => table(page).locator('[data-highlighted]').innerText()).toContain('batch 4');
  await expect
    .poll(async () => (await column(page, 'x0')).map(Number))
    .toEqual([58, 91, 124, 157, 190, 223, 256, 289, 322, 355]);
  await expect.poll(async () => (await column(page, 'y0')).slice(0, 2)).toEqual(['6,000', '6,320.7']);
  await closeClean(opened);
});

test('before the first epoch there is no order yet, and it comes with the first batch', async () => {
  const opened = await openData('fresh');
  const { page } = opened;
  await says(page, 'order-title', 'The order is drawn when the first epoch begins');
  await expect.poll(() => column(page, 'Batch')).toEqual(Array(10).fill('–'));
  await page.evaluate(() => window.fake.progress(1));
  await says(page, 'order-title', 'Order of epoch 1, all done');
  await expect.poll(async () => (await column(page, 'Batch')).every((words) => words.startsWith('batch '))).toBe(true);
  await closeClean(opened);
});

test('rows held out are in no batch, and a long order is shortened', async () => {
  const opened = await openData('large');
  const { page } = opened;
  await expect.poll(async () => (await column(page, 'Batch'))[4]).toBe('held out');
  await expect.poll(async () => (await column(page, 'Row'))[4].replace(/\s+/g, ' ')).toBe('5 val');
  const listed = await chips(page);
  expect(listed[0]).toBe('… 116 before');
  expect(listed).toHaveLength(10);
  expect(listed[1]).toMatch(/^batch 117 ([\d,]+ ){8}\+ 24$/);
  await enter(page.getByTestId('data rows-go-to').locator('input'), '4,321');
  await expect.poll(() => text(page, 'data rows-position')).toBe('Data rows 4,321–4,330 of 5,000');
  await expect.poll(async () => (await column(page, 'Row'))[0]).toBe('4,321');
  await closeClean(opened);
});

test('a column’s bars hold every row once, for training and validation apart', async () => {
  const opened = await openData('line');
  const { page } = opened;
  const counts = page.getByTestId('column-counts');
  await counts.waitFor({ state: 'attached' });
  const sums = await counts.evaluate((found: HTMLTableElement) =>
    [1, 2].map((index) =>
      Array.from(found.tBodies[0].rows).reduce((sum, row) => sum + Number(row.cells[index].textContent), 0),
    ),
  );
  expect(sums).toEqual([45, 15]);
  const numbers = await page.getByTestId('column-numbers').getByRole('row').allTextContents();
  const expected = await page.evaluate(() => {
    const { inputs, validation } = window.fake.run!;
    return inputs.filter((_, row) => !validation[row]).reduce((sum, value) => sum + value, 0) / 45;
  });
  expect(numbers.find((row) => row.startsWith('Mean'))).toContain(expected.toPrecision(6));
  await closeClean(opened);
});

test('another column is chosen from the list; classes are counted by their names', async () => {
  const opened = await openData('class', 400);
  const { page } = opened;
  await page.getByTestId('histogram').waitFor();
  await chooseColumn(page, 'species (target)');
  await expect
    .poll(() => page.getByTestId('column-counts').getByRole('row').allTextContents())
    .toEqual(['ValueTrainingValidation', 'setosa4010', 'versicolor4010', 'virginica4010']);
  await expect.poll(() => page.getByTestId('histogram').count()).toBe(0);
  await expect.poll(async () => (await column(page, 'species'))[0]).toBe('setosa');
  await closeClean(opened);
});

test('says what scaling did to a column', async () => {
  const opened = await openData('line');
  const { page } = opened;
  await expect.poll(() => page.getByTestId('column-scaling').isVisible()).toBe(false);
  await page.evaluate(() => {
    const run = window.fake.run!;
    const scaling = { offset: Float64Array.of(95.5), scale: Float64Array.of(36.25) };
    const targets = { offset: Float64Array.of(0), scale: Float64Array.of(1) };
    run.snapshot.shape!.scaling = { inputs: scaling, targets };
    return window.fake.show(run);
  });
  await says(page, 'column-scaling', 'Scaled for training: (value − 95.5000) / 36.2500');
  await chooseColumn(page, 'price (target)');
  await expect.poll(() => page.getByTestId('column-scaling').isVisible()).toBe(false);
  await closeClean(opened);
});

test('asks nothing while it is out of sight, and again once it comes into sight', async () => {
  const opened = await studio.open({ width: 340, height: 500, state: { openSections: { data: true } } });
  const { page } = opened;
  const asked = (): Promise<number> =>
    page.evaluate(
      () => window.fake.posted.filter((request) => request.type === 'ask' && request.question.kind === 'order').length,
    );
  // What is out of sight is known from the first frame on.
  await page.evaluate(() => new Promise((known) => requestAnimationFrame(() => requestAnimationFrame(known))));
  await page.evaluate(() => window.fake.show(window.fake.samples.tutorialRun(3)));
  await page.getByTestId('predictions-table').getByRole('rowheader').first().waitFor();
  await page.evaluate(() => window.fake.progress(1));
  await says(page, 'epoch', '4 of');
  await expect.poll(() => asked()).toBe(0);
  await page.getByRole('heading', { name: 'Data' }).scrollIntoViewIfNeeded();
  await says(page, 'order-title', 'Order of epoch 4');
  await closeClean(opened);
});

test('says that it waits for the rows until they are there', async () => {
  const opened = await studio.open({ width: 1300, height: 2600 });
  const { page } = opened;
  await page.evaluate(() => {
    window.fake.holdRows = true;
    return window.fake.show(window.fake.samples.tutorialRun(3));
  });
  const waiting = page.getByRole('status').filter({ hasText: 'Waiting for the rows…' });
  await waiting.waitFor();
  await expect.poll(() => page.locator('.column-legend').isVisible()).toBe(false);
  await page.evaluate(() => {
    window.fake.holdRows = false;
    for (const request of window.fake.posted) if (request.type === 'ask') window.fake.answer(request);
  });
  await waiting.waitFor({ state: 'hidden' });
  await expect.poll(() => column(page, 'x0')).toHaveLength(10);
  await closeClean(opened);
});
