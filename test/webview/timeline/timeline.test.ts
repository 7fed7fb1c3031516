import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { RunStatus } from '../../../src/protocol/protocol';
import { formatNumber } from '../../../src/base/format';
import { closeClean, holdClock, says, showTutorial, text, useStudio } from '../looking';
import type { OpenedPage, OpenOptions } from '../openPage';

const studio = useStudio();

async function openTutorial(epochs: number, status: RunStatus, options?: OpenOptions): Promise<OpenedPage> {
  const opened = await studio.open({ width: 1200, ...options });
  await showTutorial(opened.page, epochs, status);
  await opened.page.getByTestId('predictions-table').getByRole('rowheader').first().waitFor();
  return opened;
}

/** A column of a table, from the top, as it is written. */
async function column(page: Page, table: string, title: string): Promise<string[]> {
  const rows = page.getByTestId(table).getByRole('row');
  const cells = await rows.evaluateAll((found) =>
    found.map((row) => Array.from(row.children, (cell) => cell.textContent)),
  );
  const at = cells[0].indexOf(title);
  return cells.slice(1).map((row) => row[at]);
}

/** The weights as recorded after this many epochs, as the table is to write them. */
const recorded = async (page: Page, epochs: number): Promise<string[]> => {
  const weights = await page.evaluate((at) => Array.from(window.fake.weightsAt(at)!), epochs);
  return weights.map(formatNumber);
};

/** Waits until the column of predictions is that of the model after this many epochs, or of the run's own. */
async function untilPredicted(page: Page, title: string, epochs: number | undefined): Promise<void> {
  const expected = await page.evaluate((at) => {
    const { run } = window.fake;
    const weights = Array.from(window.fake.weightsAt(at) ?? run!.snapshot.progress.checkpoint.parameters);
    return Array.from(run!.targets, (_, row) => {
      const inputs = [...run!.inputs.subarray(row * 6, row * 6 + 6), 1];
      return weights.reduce((sum, weight, index) => sum + weight * inputs[index], 0);
    });
  }, epochs);
  const largestDifference = async (): Promise<number> => {
    const shown = (await column(page, 'predictions-table', title)).map((cell) => Number(cell.replaceAll(',', '')));
    return Math.max(...expected.map((value, row) => Math.abs(shown[row] / value - 1)));
  };
  await expect.poll(largestDifference).toBeLessThan(1e-4);
}

/** The `at` of each question about the predictions' rows; those of the data ask for batches too. */
const asked = (page: Page): Promise<(number | undefined)[]> =>
  page.evaluate(() =>
    window.fake.posted.flatMap((one) =>
      one.type === 'ask' && one.question.kind === 'rows' && !one.question.query.batches ? [one.question.at] : [],
    ),
  );

const seeks = (page: Page) => page.evaluate(() => window.fake.posted.filter((request) => request.type === 'seek'));

const focused = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid'));

const slider = (page: Page) => page.getByTestId('timeline-slider');

/** Moves the slider as a pointer does. */
const drag = (page: Page, ...places: number[]): Promise<void> =>
  slider(page).evaluate((input, values) => {
    for (const value of values) {
      (input as HTMLInputElement).valueAsNumber = value;
      input.dispatchEvent(new InputEvent('input'));
    }
  }, places);

test('weights and predictions are those of the epoch on the timeline, until Escape', async () => {
  const opened = await openTutorial(400, 'paused');
  const { page } = opened;
  await expect.poll(() => text(page, 'timeline-where')).toBe('Now: 400 of 2,000 epochs');
  await expect.poll(() => page.getByTestId('past-chip').filter({ visible: true }).count()).toBe(0);
  await drag(page, 10.2);
  await says(page, 'timeline-where', 'After 10 of 2,000 epochs');
  await expect.poll(() => column(page, 'weights-table', 'Then')).toEqual(await recorded(page, 10));
  await expect.poll(() => column(page, 'weights-table', 'Initial')).toEqual(await recorded(page, 0));
  await expect.poll(() => column(page, 'weights-table', 'Gradient')).toEqual(Array(7).fill('–'));
  const changes = await page.evaluate(() => {
    const before = window.fake.weightsAt(9)!;
    return Array.from(window.fake.weightsAt(10)!, (weight, index) => weight - before[index]);
  });
  (await column(page, 'weights-table', 'Epoch change')).forEach((cell, index) =>
    expect(Number(cell) / changes[index]).toBeCloseTo(1, 4),
  );
  await expect.poll(() => asked(page)).toEqual([undefined, 10]);
  await untilPredicted(page, 'Predicted then', 10);
  await expect
    .poll(() => page.getByTestId('past-chip').filter({ visible: true }).allInnerTexts())
    .toEqual(Array(2).fill('after 10 epochs'));
  const loss = await page.evaluate(() => window.fake.run!.snapshot.progress.records.loss[9]);
  await expect.poll(() => text(page, 'timeline-losses')).toBe(`loss ${formatNumber(loss)}`);
  await expect.poll(() => text(page, 'loss-readout')).toMatch(/^Epoch 10\s/);
  // The run's own numbers stay.
  await expect.poll(() => text(page, 'epoch')).toBe('400 of 2,000 epochs');
  await expect.poll(() => text(page, 'loss')).toBe('3,895.02');

  await page.getByTestId('predictions-table').focus();
  await page.keyboard.press('Escape');
  await says(page, 'timeline-where', 'Now: 400 of 2,000 epochs');
  await expect.poll(() => column(page, 'weights-table', 'Now')).toEqual(await recorded(page, 400));
  await expect.poll(() => asked(page)).toEqual([undefined, 10, undefined]);
  await untilPredicted(page, 'Predicted', undefined);
  await expect.poll(() => text(page, 'loss-readout')).toMatch(/^Epoch 400\s/);
  await closeClean(opened);
});

test('the slider goes by keyboard, however fast the keys come', async () => {
  const opened = await openTutorial(400, 'finished');
  const { page } = opened;
  await slider(page).focus();
  for (const [keys, words] of [
    [['ArrowLeft'], 'after 399 epochs'],
    [['PageDown'], 'after 369 epochs'],
    [['ArrowDown', 'ArrowLeft', 'ArrowRight', 'ArrowDown'], 'after 367 epochs'],
    [['Home'], 'before training'],
    [['PageUp', 'PageUp', 'ArrowUp'], 'after 61 epochs'],
    [['End'], 'now, 400 of 2,000 epochs'],
    [['ArrowRight'], 'now, 400 of 2,000 epochs'],
  ] as const) {
    for (const key of keys) await page.keyboard.press(key);
    await expect.poll(() => slider(page).getAttribute('aria-valuetext')).toMatch(new RegExp(`^${words}(, loss .+)?$`));
  }
  await page.getByTestId('timeline-back').click();
  await says(page, 'timeline-where', 'After 399 of');
  // A button takes the focus once it is enabled.
  await expect
    .poll(async () => {
      await page.getByTestId('timeline-on').focus();
      return focused(page);
    })
    .toBe('timeline-on');
  await page.keyboard.press('Enter');
  await says(page, 'timeline-where', 'Now: 400 of');
  // The button that went has left the keyboard's place on the page to its neighbour.
  await expect.poll(() => focused(page)).toBe('timeline-slider');
  await closeClean(opened);
});

test('a thinned record has fewer stops, and says so', async () => {
  const opened = await openTutorial(20, 'paused');
  const { page } = opened;
  await expect.poll(() => page.getByTestId('timeline-kept').isVisible()).toBe(false);
  const weights = await recorded(page, 9);
  await page.evaluate(() => {
    window.fake.samples.thin(window.fake.run!, 3);
    return window.fake.show(window.fake.run);
  });
  await says(page, 'timeline-kept', 'recorded every 3 epochs');
  await drag(page, 10.4);
  await says(page, 'timeline-where', 'After 9 of');
  await expect.poll(() => slider(page).evaluate((input) => (input as HTMLInputElement).valueAsNumber)).toBe(9);
  await expect.poll(() => column(page, 'weights-table', 'Then')).toEqual(weights);
  await slider(page).focus();
  await page.keyboard.press('ArrowLeft');
  await says(page, 'timeline-where', 'After 6 of');
  await closeClean(opened);
});

test('live follows the training; an earlier epoch stays while training goes on', async () => {
  const opened = await openTutorial(100, 'running');
  const { page } = opened;
  await page.evaluate(() => window.fake.progress(20));
  await says(page, 'timeline-where', 'Now: 120 of');
  await expect.poll(() => column(page, 'weights-table', 'Now')).toEqual(await recorded(page, 120));
  await drag(page, 60);
  await says(page, 'timeline-where', 'After 60 of');
  await page.evaluate(() => window.fake.progress(40));
  await expect.poll(() => slider(page).getAttribute('max')).toBe('160');
  await says(page, 'timeline-where', 'After 60 of');
  await expect.poll(() => column(page, 'weights-table', 'Then')).toEqual(await recorded(page, 60));
  await expect.poll(async () => (await asked(page)).at(-1)).toBe(60);
  await page.getByTestId('timeline-live').click();
  await says(page, 'timeline-where', 'Now: 160 of');
  await expect.poll(async () => (await asked(page)).at(-1)).toBe(undefined);
  await closeClean(opened);
});

test('dragging asks at most ten times a second, and last for where it ended', async () => {
  const opened = await openTutorial(400, 'paused', { alone: true });
  const { page } = opened;
  await holdClock(page);
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { times });
    window.fake.onRequest = (request) => {
      const isRows = request.type === 'ask' && request.question.kind === 'rows' && !request.question.query.batches;
      if (isRows) times.push(performance.now());
    };
  });
  let times: number[] = [];
  // What was on its way when the clock stopped may keep the page from drawing for some frames.
  for (let frame = 0; times.length < 4; frame++) {
    await drag(page, 300 - (frame % 200));
    await page.clock.runFor(16);
    times = await page.evaluate(() => (window as unknown as { times: number[] }).times);
  }
  await drag(page, 17);
  await page.clock.resume();
  await expect.poll(async () => (await asked(page)).at(-1)).toBe(17);
  await untilPredicted(page, 'Predicted then', 17);
  times.slice(1).forEach((time, index) => expect(time - times[index]).toBeGreaterThan(95));
  await closeClean(opened);
});

test('another run is shown live; the same run that comes back is shown as it was', async () => {
  const opened = await openTutorial(100, 'paused');
  const { page } = opened;
  await drag(page, 10);
  await says(page, 'timeline-where', 'After 10 of');
  await page.evaluate(() => window.fake.show(window.fake.run));
  await expect.poll(() => asked(page)).toEqual([undefined, 10, 10]);
  await says(page, 'timeline-where', 'After 10 of');
  await page.evaluate(() => window.fake.show(window.fake.samples.tutorialRun(50, 'tutorial-2')));
  await says(page, 'timeline-where', 'Now: 50 of');
  await expect.poll(async () => (await asked(page)).at(-1)).toBe(undefined);
  await expect.poll(() => column(page, 'weights-table', 'Now')).toEqual(await recorded(page, 50));
  await page.evaluate(() => window.fake.show(window.fake.samples.tutorialRun(0, 'tutorial-3')));
  await page.getByTestId('timeline').waitFor({ state: 'hidden' });
  await closeClean(opened);
});

test('the epoch that is picked on the curve is shown, by pointer and by keyboard', async () => {
  const opened = await openTutorial(400, 'paused');
  const { page } = opened;
  const chart = page.getByTestId('loss-chart');
  // What the page has asked for may still move the chart.
  const pointedAt = async () => {
    await chart.hover();
    return text(page, 'loss-readout');
  };
  await expect.poll(pointedAt).toMatch(/^Epoch (1[5-9]|2[0-4])\d\s/);
  await chart.click();
  await page.mouse.move(0, 0);
  await says(page, 'timeline-where', 'After ');
  const epochs = Number((await text(page, 'timeline-where')).match(/After (\d+)/)![1]);
  expect(epochs).toBeGreaterThan(150);
  expect(epochs).toBeLessThan(250);
  await expect.poll(() => text(page, 'loss-readout')).toMatch(new RegExp(`^Epoch ${epochs}\\s`));
  await page.getByTestId('loss-chart').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => text(page, 'loss-readout')).toMatch(/^Epoch 2\s/);
  await says(page, 'timeline-where', `After ${epochs} of`);
  await page.keyboard.press('Enter');
  await says(page, 'timeline-where', 'After 2 of');
  await page.getByTestId('loss-table-toggle').click();
  const marked = page.getByTestId('loss-table').locator('[data-highlighted]').getByRole('rowheader');
  await expect.poll(() => marked.allInnerTexts()).toEqual(['2']);
  await closeClean(opened);
});

test('the run itself is taken back, by a batch or to the epoch that is shown, and its record stays', async () => {
  const opened = await openTutorial(400, 'paused');
  const { page } = opened;
  await page.getByTestId('stepBack-button').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => seeks(page)).toEqual([{ type: 'seek', epoch: 399, batch: 9 }]);
  await page.evaluate(() => window.fake.status('running'));
  await says(page, 'run-state', 'running');
  await expect.poll(() => page.getByTestId('stepBack-button').getAttribute('disabled')).not.toBe(null);
  await page.evaluate(() => {
    const { snapshot } = window.fake.run!;
    snapshot.progress.checkpoint = { ...snapshot.progress.checkpoint, epoch: 399, batch: 9 };
    window.fake.event({ type: 'progress', runId: 'tutorial-1', progress: snapshot.progress });
    window.fake.status('paused', 6000);
  });
  await says(page, 'epoch', '399 of 2,000 epochs, batch 9 of 10');
  // It can be pressed again at once.
  await expect.poll(() => focused(page)).toBe('stepBack-button');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await seeks(page)).at(-1)).toEqual({ type: 'seek', epoch: 399, batch: 8 });

  await drag(page, 120);
  await says(page, 'timeline-where', 'After 120 of');
  await page.getByTestId('timeline-continue').click();
  await says(page, 'timeline-where', 'Now: 399 of');
  await expect.poll(async () => (await seeks(page)).at(-1)).toEqual({ type: 'seek', epoch: 120, batch: 0 });
  await page.evaluate(() => {
    const { progress } = window.fake.run!.snapshot;
    progress.checkpoint = {
      ...progress.checkpoint,
      parameters: window.fake.weightsAt(120)!.slice(),
      epoch: 120,
      batch: 0,
    };
    window.fake.event({ type: 'progress', runId: 'tutorial-1', progress });
    window.fake.status('running');
  });
  await says(page, 'timeline-where', 'Now: 120 of');
  const loss = await page.evaluate(() => window.fake.run!.snapshot.progress.records.loss[119]);
  await expect.poll(() => text(page, 'loss')).toBe(formatNumber(loss));
  await expect.poll(() => text(page, 'loss-readout')).toMatch(/^Epoch 120\s/);
  await expect.poll(() => page.getByTestId('loss-chart').getAttribute('aria-valuemax')).toBe('400');
  await slider(page).focus();
  await page.keyboard.press('End');
  await says(page, 'timeline-where', 'After 400 of');
  await expect.poll(() => column(page, 'weights-table', 'Then')).toEqual(await recorded(page, 400));
  await closeClean(opened);
});

test('before the first batch there is nothing to step back to', async () => {
  const opened = await openTutorial(0, 'paused');
  const { page } = opened;
  await expect.poll(() => page.getByTestId('stepBack-button').getAttribute('disabled')).not.toBe(null);
  await page.evaluate(() => window.fake.progress(1));
  await expect.poll(() => page.getByTestId('stepBack-button').getAttribute('disabled')).toBe(null);
  await closeClean(opened);
});

test('a replay goes through the epochs, can be stopped, and ends live', async () => {
  const opened = await openTutorial(3, 'finished', { alone: true });
  const { page } = opened;
  await page.evaluate(() => {
    const shown: string[] = [];
    Object.assign(window, { shown });
    const where = document.querySelector('[data-testid=timeline-where]')!;
    new MutationObserver(() => shown.push(where.textContent)).observe(where, { childList: true });
  });
  // A replay goes by the clock: where a frame comes late, it leaves out epochs.
  await holdClock(page);
  await page.getByTestId('timeline-play').dispatchEvent('click');
  while (!(await text(page, 'timeline-where')).startsWith('Now: 3 of')) await page.clock.runFor(16);
  await page.clock.resume();
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { shown: string[] }).shown))
    .toEqual(['Before training', 'After 1 of 2,000 epochs', 'After 2 of 2,000 epochs', 'Now: 3 of 2,000 epochs']);

  await showTutorial(page, 2000, 'finished');
  await says(page, 'timeline-where', 'Now: 2,000 of');
  await page.getByTestId('timeline-play').click();
  await says(page, 'timeline-where', 'After ');
  await page.getByTestId('timeline-play').click();
  await expect.poll(() => page.getByTestId('timeline-play').getAttribute('title')).toMatch(/^Replay:/);
  const stoppedAt = await text(page, 'timeline-where');
  expect(stoppedAt).toMatch(/^After \d+ of/);
  await page.evaluate(() => new Promise((frames) => requestAnimationFrame(() => requestAnimationFrame(frames))));
  await expect.poll(() => text(page, 'timeline-where')).toBe(stoppedAt);
  await closeClean(opened);
});

test('where nothing is to move, a replay goes in jumps', async () => {
  const opened = await openTutorial(2000, 'finished', { alone: true });
  const { page } = opened;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await holdClock(page);
  const changes: number[] = [];
  let shown = await text(page, 'timeline-where');
  await page.getByTestId('timeline-play').dispatchEvent('click');
  for (let time = 0; changes.length < 3; time += 50) {
    await page.clock.runFor(50);
    const now = await text(page, 'timeline-where');
    if (now !== shown) changes.push(time);
    shown = now;
  }
  expect(changes[1] - changes[0]).toBeGreaterThan(400);
  expect(changes[2] - changes[1]).toBeGreaterThan(400);
  await closeClean(opened);
});
