import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { finiteRange, plotAxis, tightAxis } from '../../../webview/parts/plotAxis';
import { closeClean, holdClock, restingPlace, says, text, useStudio } from '../looking';
import type { OpenedPage } from '../openPage';

const studio = useStudio();

type Sample = 'tutorialRun' | 'lineRun' | 'classRun' | 'largeRun';

async function openPlot(
  sample: Sample,
  options: { width?: number; state?: object; rows?: number; alone?: boolean } = {},
) {
  const { width = 1300, state = {}, rows = 5000, alone = false } = options;
  const opened = await studio.open({ width, height: 1600, state, alone });
  await opened.page.evaluate(
    ([name, count]) => {
      const { samples } = window.fake;
      return window.fake.show(
        name === 'largeRun' ? samples.largeRun(count) : samples[name](name === 'tutorialRun' ? 50 : 60),
      );
    },
    [sample, rows] as const,
  );
  return opened;
}

const questions = (page: Page, kind: 'scatter' | 'confusion') =>
  page.evaluate(
    (wanted) =>
      window.fake.posted.filter((request) => request.type === 'ask' && request.question.kind === wanted).length,
    kind,
  );

/** Whether the plot's canvas has a pixel of exactly this colour. */
const plotHas = (page: Page, colour: readonly number[]): Promise<boolean> =>
  page.evaluate((wanted) => {
    const canvas = document.querySelector<HTMLCanvasElement>('.plot-canvas canvas')!;
    if (canvas.width === 0) return false;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true })!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] === 255 && wanted.every((value, i) => data[at + i] === value)) return true;
    }
    return false;
  }, colour);

const blue = [0x37, 0x94, 0xff];
const orange = [0xd1, 0x86, 0x16];

/** Presses Home or End until a point is marked: there is none before the first answer has arrived. */
async function pointByKey({ page }: OpenedPage, key: 'Home' | 'End'): Promise<string> {
  await page.getByTestId('scatter').focus();
  const press = async () => {
    await page.keyboard.press(key);
    return page.locator('[data-testid=plot-readout][data-marked]').count();
  };
  await expect.poll(press).toBe(1);
  return text(page, 'plot-readout');
}

test('stands beside the table, and its points say their rows and values', async () => {
  const opened = await openPlot('tutorialRun');
  const { page } = opened;
  await expect.poll(() => plotHas(page, blue)).toBe(true);
  await expect.poll(() => plotHas(page, orange)).toBe(false);
  await expect.poll(() => page.getByTestId('predictions-table').isVisible()).toBe(true);
  await expect.poll(() => page.getByTestId('predictions-plot-toggle').isVisible()).toBe(false);
  const last = await pointByKey(opened, 'End');
  const predicted = await page.evaluate(() => {
    const { inputs, snapshot } = window.fake.run!;
    const { parameters } = snapshot.progress.checkpoint;
    return inputs.slice(54).reduce((sum, value, i) => sum + value * parameters[i], parameters[6]);
  });
  expect(last).toMatch(/^Row 10: actual 8,886\.3, predicted /);
  expect(Number(last.split('predicted ')[1].replaceAll(',', ''))).toBeCloseTo(predicted, 0);
  await expect.poll(() => page.getByTestId('scatter').getAttribute('aria-valuetext')).toBe(last);
  await closeClean(opened);
});

test('a point under the pointer is told, and a click goes to its row in the table', async () => {
  const opened = await openPlot('largeRun');
  const { page } = opened;
  await expect.poll(() => plotHas(page, orange)).toBe(true);
  await expect.poll(() => text(page, 'plot-note')).toBe('Showing 2,000 of 5,000 rows.');
  const box = await restingPlace(page.getByTestId('scatter'));
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator('[data-testid=plot-readout][data-marked]').waitFor();
  const row = /^Row ([\d,]+)/.exec(await text(page, 'plot-readout'))![1];
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const marked = page.getByTestId('predictions-table').locator('[data-highlighted]').getByRole('rowheader');
  await expect.poll(async () => (await marked.innerText()).split(/\s/)[0]).toBe(row);
  await page.mouse.move(0, 0);
  await expect.poll(() => text(page, 'plot-readout')).toContain('Hover over a point');
  await closeClean(opened);
});

test('in a narrow page a button switches between table and plot', async () => {
  const opened = await openPlot('tutorialRun', { width: 340 });
  const { page } = opened;
  const [table, plot] = [page.getByTestId('predictions-table'), page.getByTestId('prediction-plot')];
  await table.getByRole('rowheader').first().waitFor();
  await expect.poll(() => plot.isVisible()).toBe(false);
  await expect.poll(() => questions(page, 'scatter')).toBe(0);
  await page.getByRole('button', { name: 'Show as Plot' }).click();
  await expect.poll(() => plotHas(page, blue)).toBe(true);
  await expect.poll(() => table.isVisible()).toBe(false);
  await expect.poll(() => page.evaluate(() => window.fake.state)).toMatchObject({ predictionsAsPlot: true });
  await pointByKey(opened, 'Home');
  await page.keyboard.press('Enter');
  await expect.poll(() => table.locator('[data-highlighted]').innerText()).toMatch(/^1\s/);
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid')))
    .toBe('predictions-plot-toggle');
  await closeClean(opened);
});

test('with one input the fitted line follows the parameters without a question', async () => {
  const opened = await openPlot('lineRun');
  const { page } = opened;
  await says(page, 'plot-legend', 'price = 2.90000 × size + 31.0000');
  await expect.poll(() => plotHas(page, blue)).toBe(true);
  const before = await questions(page, 'scatter');
  await page.evaluate(() => {
    const { snapshot } = window.fake.run!;
    const checkpoint = { ...snapshot.progress.checkpoint, parameters: Float32Array.of(-1.5, -200) };
    window.fake.event({ type: 'progress', runId: 'line-1', progress: { ...snapshot.progress, checkpoint } });
  });
  await says(page, 'plot-legend', 'price = -1.50000 × size − 200.000');
  await expect.poll(() => questions(page, 'scatter')).toBe(before);
  await page.getByTestId('plot-kind').click();
  await page.getByRole('option', { name: 'Predicted against actual' }).click();
  await says(page, 'plot-legend', 'predicted = actual');
  await expect.poll(() => page.evaluate(() => window.fake.state)).toMatchObject({ plotKind: 'actual' });
  await closeClean(opened);
});

test('errors are plotted over predictions, and counted by their size', async () => {
  const opened = await openPlot('lineRun');
  const { page } = opened;
  const choose = async (name: string): Promise<void> => {
    await page.getByTestId('plot-kind').click();
    await page.getByRole('option', { name }).click();
  };
  await choose('Errors over predictions');
  const plot = page.getByTestId('scatter');
  await plot.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => text(page, 'plot-readout')).toMatch(/actual [\d.]+, predicted [\d.]+, error -?[\d.]+$/);
  const [, actual, predicted, error] = (await text(page, 'plot-readout'))
    .match(/actual ([\d.]+), predicted ([\d.]+), error (-?[\d.]+)/)!
    .map(Number);
  expect(predicted - actual).toBeCloseTo(error, 1);
  await choose('How large errors are');
  await expect.poll(() => text(page, 'plot-legend')).toBe('no error');
  await plot.focus();
  let rows = 0;
  const bars = Number(await plot.getAttribute('aria-valuemax'));
  for (let bar = 0; bar < bars; bar++) {
    await page.keyboard.press(bar === 0 ? 'Home' : 'ArrowRight');
    await expect.poll(() => plot.getAttribute('aria-valuenow')).toBe(String(bar + 1));
    // Before the first key, the position is that of the first bar too.
    await expect.poll(() => text(page, 'plot-readout')).toMatch(/: \d+ rows?$/);
    rows += Number((await text(page, 'plot-readout')).match(/: (\d+) rows?$/)![1]);
  }
  expect(rows).toBe(60);
  // A bar is no row to go to.
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByTestId('predictions-table').getByRole('row', { selected: true }).count()).toBe(0);
  await closeClean(opened);
});

test('predicted against actual has the same axis twice, in a square', async () => {
  const opened = await openPlot('tutorialRun', { width: 1300 });
  const { page } = opened;
  await expect.poll(() => text(page, 'plot-legend')).toBe('predicted = actual');
  const box = await restingPlace(page.getByTestId('scatter'));
  expect(Math.abs(box.width - box.height)).toBeLessThan(1);
  await closeClean(opened);
});

test('the line of scaled columns is in their own units', async () => {
  const opened = await openPlot('lineRun');
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.run!;
    const inputs = { offset: Float64Array.of(100), scale: Float64Array.of(20) };
    const targets = { offset: Float64Array.of(300), scale: Float64Array.of(50) };
    run.snapshot.shape!.scaling = { inputs, targets };
    run.snapshot.progress.checkpoint.parameters = Float32Array.of(2, 1);
    return window.fake.show(run);
  });
  // (price - 300) / 50 = 2 × (size - 100) / 20 + 1
  await says(page, 'plot-legend', 'price = 5.00000 × size − 150.000');
  await closeClean(opened);
});

test('classes have a table of how often each was taken for each', async () => {
  const opened = await openPlot('classRun');
  const { page } = opened;
  await page.getByTestId('confusion-table').waitFor();
  const found = await page
    .getByTestId('confusion-table')
    .evaluate((table: HTMLTableElement) =>
      Array.from(table.tBodies[0].rows, (row) => Array.from(row.cells, (cell) => cell.textContent)),
    );
  expect(found.map(([name]) => name)).toEqual(['setosa', 'versicolor', 'virginica']);
  const counts = found.map((row) => row.slice(1).map(Number));
  expect(counts.map((row) => row.reduce((sum, count) => sum + count))).toEqual([20, 20, 20]);
  const right = counts[0][0] + counts[1][1] + counts[2][2];
  await expect.poll(() => text(page, 'confusion-words')).toContain(`Right: ${right} of 60 `);
  await expect.poll(() => page.getByTestId('scatter').isVisible()).toBe(false);
  await closeClean(opened);
});

test('of several targets one is chosen', async () => {
  const opened = await openPlot('tutorialRun');
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(0, 'two-1');
    run.snapshot.shape!.inputNames = ['a', 'b', 'c'];
    run.snapshot.shape!.targetNames = ['y', 'z'];
    run.snapshot.shape!.model = window.fake.samples.linearModel(run.snapshot.shape!.inputNames.length, 2);
    run.inputs = run.inputs.slice(0, 30);
    run.targets = Float32Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? i : 100 + i));
    run.snapshot.initial = run.snapshot.progress.checkpoint.parameters = Float32Array.of(1, 0, 0, 0, 0, 0, 5, 7);
    return window.fake.show(run);
  });
  await page.getByTestId('plot-target').click();
  await page.getByRole('option', { name: 'z', exact: true }).click();
  await expect.poll(() => pointByKey(opened, 'End')).toBe('Row 10: z actual 119, predicted 7.00000');
  await closeClean(opened);
});

test('while training goes on there is one question at a time, and at most ten a second', async () => {
  const opened = await openPlot('tutorialRun', { alone: true });
  const { page } = opened;
  await expect.poll(() => plotHas(page, blue)).toBe(true);
  await holdClock(page);
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { times });
    window.fake.onRequest = (request) => {
      if (request.type === 'ask' && request.question.kind === 'scatter') times.push(performance.now());
    };
  });
  let times: number[] = [];
  // What was on its way when the clock stopped may keep the page from drawing for some frames.
  while (times.length < 4) {
    await page.evaluate(() => window.fake.progress(1));
    await page.clock.runFor(16);
    times = await page.evaluate(() => (window as unknown as { times: number[] }).times);
  }
  times.slice(1).forEach((time, index) => expect(time - times[index]).toBeGreaterThan(95));
  await closeClean(opened);
});

describe('an axis', () => {
  test('is rounded outwards to round steps', () => {
    expect(plotAxis(3, 97)).toEqual({ min: 0, max: 100, ticks: [0, 20, 40, 60, 80, 100] });
    expect(plotAxis(-0.013, 0.021).ticks).toEqual([-0.02, -0.01, 0, 0.01, 0.02, 0.03]);
    expect(plotAxis(5, 5).min).toBeLessThan(5);
    expect(plotAxis(1e30, 1e30 * (1 + 1e-12)).ticks.length).toBeGreaterThan(2);
    expect(plotAxis(NaN, NaN)).toEqual(plotAxis(0, 1));
  });

  test('that is tight takes little more than its numbers', () => {
    const { min, max, ticks } = tightAxis(40.3, 157.6);
    expect(min).toBeCloseTo(40.3 - 0.03 * 117.3, 6);
    expect(max).toBeCloseTo(157.6 + 0.03 * 117.3, 6);
    expect(ticks).toEqual([50, 100, 150]);
  });

  test('leaves out what is not finite', () => {
    expect(finiteRange([NaN, 3, Infinity], [-1])).toEqual({ min: -1, max: 3 });
  });
});
