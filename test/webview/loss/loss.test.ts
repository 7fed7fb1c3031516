import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { actions, closeClean, enter, keepPicture, restingPlace, text, useStudio } from '../looking';
import type { OpenedPage } from '../openPage';
import { themes, type ThemeName } from '../themes';

const studio = useStudio();

const red = [0xf1, 0x4c, 0x4c] as const;

async function openTutorial(epochs: number, state?: unknown): Promise<OpenedPage> {
  const opened = await studio.open({ state, width: 800 });
  await opened.page.evaluate((done) => {
    const run = window.fake.samples.tutorialRun(done);
    run.snapshot.status = 'paused';
    return window.fake.show(run);
  }, epochs);
  await opened.page.getByTestId('weights-table').getByRole('rowheader').first().waitFor();
  return opened;
}

const lossAt = (page: Page, epoch: number): Promise<number> =>
  page.evaluate((at) => window.fake.run!.snapshot.progress.records.loss[at], epoch);

const shown = async (page: Page): Promise<number> => Number((await text(page, 'readout-training')).replaceAll(',', ''));

test('the keyboard cursor reads out any epoch exactly, and is spoken', async () => {
  const opened = await openTutorial(2000);
  const { page } = opened;
  const curve = page.getByTestId('loss-chart');
  await expect.poll(() => text(page, 'loss-readout')).toContain('Epoch 2,000');
  await curve.focus();
  for (const [keys, epoch] of [
    ['Home', 1],
    ['ArrowRight', 2],
    ['Shift+ArrowRight', 32],
    ['PageUp', 232],
    ['ArrowLeft', 231],
    ['PageDown', 31],
    ['End', 2000],
    ['ArrowRight', 2000],
  ] as const) {
    await page.keyboard.press(keys);
    await expect.poll(() => curve.getAttribute('aria-valuenow')).toBe(String(epoch));
    await expect.poll(async () => (await shown(page)) / (await lossAt(page, epoch - 1))).toBeCloseTo(1, 5);
  }
  await expect.poll(() => page.getByTestId('loss-readout').getAttribute('aria-live')).toBe('polite');
  await expect
    .poll(() => curve.getAttribute('aria-valuetext'))
    .toBe(`Epoch 2,000, Epoch average ${await text(page, 'readout-training')}`);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByTestId('loss-readout').getAttribute('aria-live')).toBe('off');
  await closeClean(opened);
});

test('the pointer reads out the epoch below it, and the last one when it leaves', async () => {
  const opened = await openTutorial(2000);
  const { page } = opened;
  const box = await restingPlace(page.getByTestId('loss-chart'));
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect.poll(() => text(page, 'loss-readout')).not.toContain('2,000');
  const epoch = Number((await text(page, 'loss-readout')).match(/Epoch ([\d,]+)/)![1].replaceAll(',', ''));
  expect(epoch).toBeGreaterThan(800);
  expect(epoch).toBeLessThan(1200);
  await expect.poll(async () => (await shown(page)) / (await lossAt(page, epoch - 1))).toBeCloseTo(1, 5);
  await expect
    .poll(() => text(page, 'loss-tooltip'))
    .toBe((await text(page, 'loss-readout')).replaceAll(/\s*\n\s*/g, '\n'));
  await expect.poll(() => page.getByTestId('loss-readout').getAttribute('aria-live')).toBe('off');
  await page.mouse.move(box.x + box.width / 2, box.y - 60);
  await expect.poll(() => text(page, 'loss-readout')).toContain('2,000');
  await closeClean(opened);
});

test('losses that are not finite are marked at the top edge, said and listed', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(60);
    run.snapshot.status = 'paused';
    return window.fake.show(run);
  });
  await expect.poll(() => text(page, 'loss-readout')).toContain('Epoch 60');
  await expect.poll(() => page.evaluate((colour) => window.fake.curveHas(colour), red)).toBe(false);
  await page.evaluate(() => {
    const { records } = window.fake.run!.snapshot.progress;
    records.loss[20] = NaN;
    records.loss[40] = Infinity;
    return window.fake.show(window.fake.run);
  });
  await expect.poll(() => page.evaluate((colour) => window.fake.curveHas(colour, 0.2), red)).toBe(true);
  await page.getByTestId('loss-chart').focus();
  await page.keyboard.press('Home');
  for (let press = 0; press < 20; press++) await page.keyboard.press('ArrowRight');
  await expect.poll(() => text(page, 'readout-training')).toBe('NaN');
  await page.getByTestId('loss-table-toggle').click();
  const cells = page.getByTestId('loss-table').getByRole('row').nth(21).getByRole('gridcell');
  await expect.poll(() => cells.first().innerText()).toBe('NaN');
  await page.getByRole('button', { name: 'Next epochs' }).click();
  await expect
    .poll(() => page.getByTestId('loss-table').getByRole('row').nth(16).getByRole('gridcell').first().innerText())
    .toBe('∞');
  await closeClean(opened);
});

test('a divergence is marked although its epoch has no record', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(5);
    run.snapshot.status = 'diverged';
    run.snapshot.divergence = { epoch: 5, batch: 2, what: 'loss' };
    run.snapshot.notice = 'Diverged at epoch 5: the rate is too high.';
    return window.fake.show(run);
  });
  await expect.poll(() => text(page, 'notice')).toBe('Diverged at epoch 5: the rate is too high.');
  await expect.poll(() => page.evaluate((colour) => window.fake.curveHas(colour, 0.2), red)).toBe(true);
  await page.getByTestId('loss-chart').focus();
  await page.keyboard.press('End');
  await expect.poll(() => text(page, 'loss-readout')).toMatch(/Epoch 6\s+Epoch average not finite/);
  await closeClean(opened);
});

test('scale and window are chosen, remembered and given back', async () => {
  const opened = await openTutorial(2000);
  const { page } = opened;
  const state = (): Promise<unknown> => page.evaluate(() => window.fake.state);
  // The tutorial's loss falls by four decades, which is what a log scale is for.
  await expect.poll(() => page.getByTestId('log-scale').getAttribute('aria-checked')).toBe('true');
  await page.getByTestId('log-scale').click();
  await expect.poll(state).toEqual({ logScale: false });
  await page.getByTestId('loss-window').click();
  await page.getByRole('option', { name: 'Skip first 10 %' }).click();
  const curve = page.getByTestId('loss-chart');
  await expect.poll(() => curve.getAttribute('aria-valuemin')).toBe('201');
  await page.getByTestId('loss-window').click();
  await page.getByRole('option', { name: 'From epoch…' }).click();
  const firstEpoch = page.getByTestId('first-epoch').locator('input');
  await expect.poll(() => firstEpoch.inputValue()).toBe('201');
  await enter(firstEpoch, '500');
  await expect.poll(() => curve.getAttribute('aria-valuemin')).toBe('500');
  const chosen = await state();
  expect(chosen).toEqual({ logScale: false, lossWindow: '500' });
  await closeClean(opened);

  const again = await openTutorial(2000, chosen);
  await expect.poll(() => again.page.getByTestId('loss-chart').getAttribute('aria-valuemin')).toBe('500');
  await expect.poll(() => again.page.getByTestId('log-scale').getAttribute('aria-checked')).toBe('false');
  await expect.poll(() => again.page.getByTestId('first-epoch').locator('input').inputValue()).toBe('500');
  await closeClean(again);
});

test('a part of the curve is looked at, moved and left again', async () => {
  const opened = await openTutorial(2000);
  const { page } = opened;
  const curve = page.getByTestId('loss-chart');
  const shownEpochs = async (): Promise<number[]> =>
    Promise.all(['aria-valuemin', 'aria-valuemax'].map(async (name) => Number(await curve.getAttribute(name))));
  const all = page.getByTestId('loss-show-all');
  await expect.poll(shownEpochs).toEqual([1, 2000]);
  await expect.poll(() => all.isVisible()).toBe(false);
  const box = await restingPlace(curve);
  await page.mouse.move(box.x + box.width / 2, box.y + 80);
  await page.mouse.down();
  await page.mouse.move(box.x + (3 * box.width) / 4, box.y + 80, { steps: 4 });
  await page.mouse.up();
  await all.waitFor();
  const [first, last] = await shownEpochs();
  expect(first).toBeGreaterThan(800);
  expect(last).toBeLessThan(1800);
  // The timeline stays where it was: a drag is no click.
  await expect.poll(() => page.evaluate(() => window.fake.posted.some(({ type }) => type === 'seek'))).toBe(false);
  await page.keyboard.down('Shift');
  await page.mouse.wheel(0, 100);
  await page.keyboard.up('Shift');
  await expect.poll(async () => (await shownEpochs())[0]).toBeGreaterThan(first);
  const moved = await shownEpochs();
  expect(Math.abs(moved[1] - moved[0] - (last - first))).toBeLessThanOrEqual(1);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  await expect.poll(async () => (await shownEpochs())[0]).toBeGreaterThan(moved[0]);
  await all.click();
  await expect.poll(shownEpochs).toEqual([1, 2000]);
  await curve.focus();
  await page.keyboard.press('+');
  await expect.poll(async () => (await shownEpochs())[1]).toBeLessThan(2000);
  await page.keyboard.press('0');
  await expect.poll(shownEpochs).toEqual([1, 2000]);
  await closeClean(opened);
});

test('both axes can be logarithmic, and the pointer still finds the epoch below it', async () => {
  const opened = await openTutorial(2000);
  const { page } = opened;
  await page.getByTestId('log-epochs').click();
  await expect.poll(() => page.evaluate(() => window.fake.state)).toEqual({ logEpochs: true });
  const box = await restingPlace(page.getByTestId('loss-chart'));
  const epoch = async (): Promise<number> => {
    // Again each time: the axis may not be drawn yet.
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    return Number((await text(page, 'loss-readout')).match(/Epoch ([\d,]+)/)![1].replaceAll(',', ''));
  };
  // The middle of 1 to 2,000 in powers is near their root.
  await expect.poll(epoch).toBeLessThan(120);
  await expect.poll(() => epoch()).toBeGreaterThan(15);
  await expect.poll(async () => (await shown(page)) / (await lossAt(page, (await epoch()) - 1))).toBeCloseTo(1, 5);
  await closeClean(opened);
});

test('the legend says the exact minimum, and the weights table has its parameters', async () => {
  const opened = await studio.open({ width: 1300, place: 'editor' });
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.evenRun(2, 0.1, 100);
    run.snapshot.curvature = window.fake.samples.curvatureOf(run);
    run.snapshot.status = 'paused';
    return window.fake.show(run);
  });
  const optimum = await page.evaluate(() => window.fake.run!.snapshot.curvature!.optimum!);
  await expect.poll(async () => Number(await text(page, 'readout-floor'))).toBeCloseTo(optimum.loss, 6);
  const rows = await page.getByTestId('weights-table').getByRole('row').allInnerTexts();
  const cells = rows.map((row) => row.split(/\s+/).filter(Boolean));
  const exact = cells[0].indexOf('Exact');
  [...optimum.weight![0], optimum.bias![0]].forEach((value, row) =>
    expect(Number(cells[row + 1][exact])).toBeCloseTo(value, 4),
  );
  await closeClean(opened);
});

test('how good the model was over the epochs is measured where somebody looks, at a bounded cost', async () => {
  const opened = await openTutorial(2000);
  const { page } = opened;
  const asked = (): Promise<number[]> =>
    page.evaluate(() =>
      window.fake.posted.flatMap((one) =>
        one.type === 'ask' && one.question.kind === 'metrics' && one.question.at !== undefined ? [one.question.at] : [],
      ),
    );
  await page.getByTestId('metric-details').waitFor();
  await expect.poll(() => asked()).toEqual([]);
  await page.getByTestId('metric-details').locator('summary').click();
  const curve = page.getByTestId('metric-curve');
  await expect.poll(() => curve.getAttribute('aria-label')).toMatch(/ after 0 epochs; .* after 2,000 epochs$/);
  const epochs = await asked();
  expect(new Set(epochs).size).toBe(epochs.length);
  expect(epochs.length).toBeLessThanOrEqual(33);
  const r2 = await page.evaluate(() => window.fake.samples.metricsOf(window.fake.run!).train.model as { r2: number });
  const said = /([-\d.]+) after 2,000 epochs$/.exec((await curve.getAttribute('aria-label'))!)!;
  expect(Number(said[1])).toBeCloseTo(r2.r2, 2);
  const places = (await curve.locator('polyline').getAttribute('points'))!.split(' ');
  expect(places.length).toBe(epochs.length);
  await closeClean(opened);
});

test('the table has every number of the curve', async () => {
  const opened = await openTutorial(2000, { lossAsTable: true });
  const { page } = opened;
  const table = page.getByTestId('loss-table');
  const firstEpochs = (): Promise<string[]> => table.getByRole('rowheader').allInnerTexts();
  await expect.poll(() => text(page, 'epochs-position')).toBe('Epochs 1–25 of 2,000');
  await enter(page.getByTestId('epochs-go-to').locator('input'), '1234');
  await expect.poll(firstEpochs).toContain('1,234');
  const row = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: '1,234' }) });
  const loss = Number((await row.getByRole('gridcell').first().textContent())!.replaceAll(',', ''));
  expect(loss / (await lossAt(page, 1233))).toBeCloseTo(1, 5);
  await page.getByTestId('loss-table-thin').click();
  await expect.poll(async () => (await firstEpochs()).slice(0, 3)).toEqual(['1', '31', '61']);
  await expect.poll(() => text(page, 'epochs-position')).toBe('Epochs 1–25 of 67');
  await page.getByTestId('loss-table-toggle').click();
  await page.getByTestId('loss-chart').waitFor();
  await expect.poll(() => table.isVisible()).toBe(false);
  await closeClean(opened);
});

/** Shows a run that rests after this many epochs, of which the page has a thinned curve. */
function showLongRun(page: Page, epochs: number): Promise<void> {
  return page.evaluate((count) => {
    const run = window.fake.samples.largeRun(50, 4, count);
    const { progress } = run.snapshot;
    progress.records = window.fake.samples.decayingLosses(count, 0, true);
    progress.checkpoint = { ...progress.checkpoint, epoch: count };
    run.snapshot.status = 'paused';
    return window.fake.show(run);
  }, epochs);
}

test('a long run is thinned on the page: exact numbers are asked for, and a small window is drawn in full', async () => {
  const opened = await studio.open({ width: 800, state: { logEpochs: false } });
  const { page } = opened;
  await showLongRun(page, 100_000);
  const queries = (): Promise<unknown[]> =>
    page.evaluate(() =>
      window.fake.posted.flatMap((one) =>
        one.type === 'ask' && one.question.kind === 'epochs' ? [one.question.query] : [],
      ),
    );
  await expect.poll(() => text(page, 'loss-readout')).toContain('Epoch 100,000');
  await expect.poll(() => queries()).toEqual([]);
  await page.getByTestId('loss-chart').focus();
  await page.keyboard.press('PageDown');
  await expect.poll(() => text(page, 'loss-readout')).toContain('Epoch 90,000');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => text(page, 'loss-readout')).toContain('Epoch 89,999');
  await expect.poll(async () => (await shown(page)) / (await lossAt(page, 89_998))).toBeCloseTo(1, 6);
  await expect.poll(() => queries()).toContainEqual({ first: 89_998, count: 1, exact: true });

  await page.getByTestId('loss-table-toggle').click();
  await enter(page.getByTestId('epochs-go-to').locator('input'), '50010');
  const row = page
    .getByTestId('loss-table')
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: '50,010', exact: true }) });
  const cell = async (): Promise<number> =>
    Number((await row.getByRole('gridcell').first().textContent())!.replaceAll(',', ''));
  await expect.poll(async () => (await cell()) / (await lossAt(page, 50_009))).toBeCloseTo(1, 5);
  await page.getByTestId('loss-table-toggle').click();

  await page.getByTestId('loss-window').click();
  await page.getByRole('option', { name: 'From epoch…' }).click();
  const firstEpoch = page.getByTestId('first-epoch').locator('input');
  // It is in sight some milliseconds before it has its number, which would replace what is typed.
  await expect.poll(() => firstEpoch.inputValue()).toBe('1');
  await enter(firstEpoch, '99001');
  await expect.poll(queries).toContainEqual({ first: 99_000, count: 1000, exact: false });
  await closeClean(opened);
});

test('the first epochs of a long run are asked for where a logarithmic axis gives them room', async () => {
  const opened = await studio.open({ width: 300, state: { logEpochs: true } });
  const { page } = opened;
  await showLongRun(page, 130_000);
  await expect
    .poll(() =>
      page.evaluate(() =>
        window.fake.posted.flatMap((one) =>
          one.type === 'ask' && one.question.kind === 'epochs' ? [one.question.query] : [],
        ),
      ),
    )
    .toContainEqual({ first: 0, count: 2600, exact: false });
  await closeClean(opened);
});

test('epochs that nobody keeps exactly are said to be unknown', async () => {
  const opened = await studio.open({ width: 800, state: { lossAsTable: true } });
  const { page } = opened;
  await page.evaluate(() => {
    window.fake.holdRows = true;
    window.fake.onRequest = (request) => {
      if (request.type !== 'ask' || request.question.kind !== 'epochs') return;
      window.fake.send({ type: 'askFailed', requestId: request.requestId, message: 'These are not kept.' });
    };
    const run = window.fake.samples.largeRun(50, 4, 100_000);
    run.snapshot.progress.records = window.fake.samples.decayingLosses(100_000, 0, true);
    return window.fake.show(run);
  });
  await expect.poll(() => text(page, 'loss')).not.toBe('');
  await page.getByText('These are not kept.').waitFor();
  const cells = page.getByTestId('loss-table').getByRole('row').nth(3).getByRole('gridcell');
  await expect.poll(() => cells.first().innerText()).toBe('–');
  await closeClean(opened);
});

test('of a run of 200,000 epochs no more is drawn than a screen can show, with each update', async () => {
  const opened = await studio.open({ width: 1200 });
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.largeRun(50, 4, 250_000);
    const { progress } = run.snapshot;
    progress.records = window.fake.samples.decayingLosses(200_000, 0, true);
    progress.checkpoint = { ...progress.checkpoint, epoch: 200_000 };
    run.snapshot.status = 'running';
    return window.fake.show(run);
  });
  await expect.poll(() => text(page, 'epoch')).toBe('200,000 of 250,000 epochs');
  await page.evaluate(() => {
    const drawn = { lines: 0 };
    Object.assign(window, { drawn });
    for (const { prototype } of [CanvasRenderingContext2D, Path2D]) {
      const { lineTo } = prototype;
      prototype.lineTo = function (this: never, x: number, y: number) {
        drawn.lines++;
        lineTo.call(this, x, y);
      };
    }
  });
  const lines = () => page.evaluate(() => (window as unknown as { drawn: { lines: number } }).drawn.lines);
  for (let update = 0; update < 50; update++) {
    const before = await lines();
    await page.evaluate(
      (epoch) => {
        const { progress } = window.fake.run!.snapshot;
        const records = window.fake.samples.decayingLosses(1_000, epoch, true);
        const checkpoint = { ...progress.checkpoint, epoch: epoch + 1_000 };
        window.fake.event({ type: 'progress', runId: 'large-1', progress: { ...progress, records, checkpoint } });
      },
      200_000 + update * 1_000,
    );
    await expect.poll(lines, { interval: 5 }).toBeGreaterThan(before);
    expect((await lines()) - before).toBeLessThan(20_000);
  }
  await expect.poll(() => text(page, 'epoch')).toBe('250,000 of 250,000 epochs');
  await page.getByTestId('loss-chart').focus();
  await page.keyboard.press('Home');
  await expect.poll(() => text(page, 'loss-readout')).toMatch(/Epoch 1\s+Epoch average 40\.\d+\s+Validation 42\.\d+/);
  await closeClean(opened);
}, 120_000);

test('draws the curve of another run beside its own, in every theme', async () => {
  const opened = await studio.open({ width: 300 });
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(300);
    run.snapshot.status = 'paused';
    return window.fake.show(run);
  });
  const button = page.getByTestId('compare-with');
  await button.filter({ hasText: 'Compare with…' }).waitFor();
  const before = await page.getByTestId('readout-compared').count();
  expect(before).toBe(0);
  await button.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => actions(page)).toContain('compareWith');
  await page.evaluate(() => {
    // 100 buckets of three epochs.
    const curve = (scale: number) => {
      const losses = Float64Array.from({ length: 100 }, (_, i) => (scale * 4e7) / (i + 1));
      return { first: 0, end: 300, stride: 3, lowest: losses, highest: losses, last: losses };
    };
    window.fake.send({ type: 'compared', run: { name: 'other <b>', training: curve(1), validation: curve(2) } });
  });
  await expect.poll(() => page.getByTestId('readout-compared').allInnerTexts()).toEqual(['400,000', '800,000']);
  await expect.poll(() => text(page, 'loss-readout')).toContain('other <b>, validation');
  const curve = page.getByTestId('loss-chart');
  await curve.focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.getByTestId('readout-compared').allInnerTexts()).toEqual(['20,000,000', '40,000,000']);
  for (const theme of Object.keys(themes) as ThemeName[]) {
    await page.evaluate((colours) => window.applyTheme(colours), themes[theme]);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await keepPicture(page, `loss-compared-${theme}.png`);
  }
  await button.filter({ hasText: 'Stop Comparing' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => actions(page)).toContain('compareWithNone');
  await page.evaluate(() => window.fake.send({ type: 'compared', run: null }));
  await expect.poll(() => page.getByTestId('readout-compared').count()).toBe(0);
  await closeClean(opened);
});
