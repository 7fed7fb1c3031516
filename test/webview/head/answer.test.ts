import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { closeClean, says, showTutorial, text, useStudio } from '../looking';

const studio = useStudio();

/** An element's words, with plain spaces. */
const words = async (page: Page, testId: string): Promise<string> =>
  (await text(page, testId)).replaceAll('\u00a0', ' ');

const questions = (page: Page): Promise<object[]> =>
  page.evaluate(() =>
    window.fake.posted.flatMap((asked) =>
      asked.type === 'ask' && asked.question.kind === 'metrics' ? [asked.question] : [],
    ),
  );

/** What the host would answer of the run on screen with the parameters as they are. */
const expected = (page: Page) =>
  page.evaluate(() => {
    const { run } = window.fake;
    const { inputs, targets, validation, snapshot } = run!;
    const { parameters } = snapshot.progress.checkpoint;
    const rows = [...validation.keys()].filter((row) => !validation[row]);
    const mean = rows.reduce((sum, row) => sum + targets[row], 0) / rows.length;
    const errors = rows.map((row) => parameters[0] * inputs[row] + parameters[1] - targets[row]);
    const squares = (values: number[]): number => values.reduce((sum, value) => sum + value * value, 0);
    return {
      r2: 1 - squares(errors) / squares(rows.map((row) => targets[row] - mean)),
      mae: errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length,
      always: rows.reduce((sum, row) => sum + Math.abs(targets[row] - mean), 0) / rows.length,
    };
  });

test.each([260, 300, 700, 1300])('leads, and is on the first screen: %i px', async (width) => {
  const opened = await studio.open({ width, height: 600, place: width > 500 ? 'editor' : 'sidePanel' });
  const { page } = opened;
  for (const sample of ['lineRun', 'classRun'] as const) {
    await page.evaluate((name) => window.fake.show(window.fake.samples[name]()), sample);
    await says(page, 'validation-quality', sample === 'lineRun' ? 'typical' : 'Right');
    const order = await page.evaluate(() =>
      ['.verdict', '.quality-model', '.statistics', '.loss'].map(
        (selector) => document.querySelector(`#app ${selector}`)!.getBoundingClientRect().top,
      ),
    );
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    const last = await page.getByTestId('validation-quality-baseline').boundingBox();
    expect(last!.y + last!.height).toBeLessThanOrEqual(600);
  }
  await closeClean(opened);
});

test('says R² and the typical error of the run’s own predictions, beside always the mean', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => window.fake.show(window.fake.samples.lineRun()));
  await says(page, 'quality', 'typical');
  const { r2, mae, always } = await expected(page);
  const [, shownR2, shownError] = /^R² ([\d.]+) · typical error ±([\d.]+)$/.exec(await words(page, 'quality'))!;
  expect(Number(shownR2)).toBeCloseTo(r2, 3);
  expect(Number(shownError) / mae).toBeCloseTo(1, 2);
  const [, shownAlways] = /^always the mean: ±([\d.]+)$/.exec(await words(page, 'quality-baseline'))!;
  expect(Number(shownAlways) / always).toBeCloseTo(1, 2);
  await page.getByTestId('all-metrics').locator('summary').click();
  const cell = page.getByTestId('metrics').getByRole('row', { name: 'R²' }).getByRole('cell').first();
  await expect.poll(() => cell.isVisible()).toBe(true);
  expect(Number(await cell.getAttribute('title'))).toBeCloseTo(r2, 6);
  await closeClean(opened);
});

test('says how many are right of classes, beside always the most frequent class', async () => {
  const opened = await studio.open({ width: 1000 });
  const { page } = opened;
  await page.evaluate(() => window.fake.show(window.fake.samples.classRun()));
  await says(page, 'confusion-words', 'Right');
  await says(page, 'validation-quality', 'Right');
  const shares = /of the validation rows .*\(([\d.]+) %\)/.exec(await text(page, 'confusion-words'))!;
  await expect.poll(() => words(page, 'validation-quality')).toBe(`Right: ${shares[1]} %`);
  await expect.poll(() => words(page, 'quality-baseline')).toBe('always “setosa”: 33.3 %');
  await closeClean(opened);
});

test('has no quality of a model that was not trained', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await showTutorial(page, 0, 'ready');
  await says(page, 'verdict', 'Nothing has been trained yet.');
  await expect.poll(() => page.getByTestId('quality').isVisible()).toBe(false);
  await expect.poll(() => questions(page)).toEqual([]);
  await closeClean(opened);
});

test('has no quality of a model that has diverged', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(100);
    const rows = { model: { r2: -9.6e37, rmse: 1e20, mae: 1e20 }, baseline: { r2: 0, rmse: 3, mae: 5678 } };
    Object.assign(run.snapshot, { status: 'diverged', metrics: { of: 'numbers', train: rows } });
    run.snapshot.divergence = { epoch: 100, batch: 0, what: 'loss' };
    return window.fake.show(run);
  });
  await says(page, 'run-state', 'diverged');
  for (const id of ['quality', 'all-metrics']) await page.getByTestId(id).waitFor({ state: 'hidden' });
  await closeClean(opened);
});

test('takes the metrics of a run that rests, asks while it trains, and asks about an earlier model', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(100);
    run.snapshot.status = 'paused';
    const rows = { model: { r2: 0.25, rmse: 2, mae: 1234.5 }, baseline: { r2: 0, rmse: 3, mae: 5678 } };
    run.snapshot.metrics = { of: 'numbers', train: rows };
    return window.fake.show(run);
  });
  await says(page, 'quality', '0.25');
  await expect.poll(() => words(page, 'quality')).toBe('R² 0.25 · typical error ±1,235');
  await expect
    .poll(() => page.getByTestId('quality').getAttribute('title'))
    .toBe('R² 0.25 · typical error ±1234.5 · always the mean: ±5678');
  await expect.poll(() => questions(page)).toEqual([]);
  await page.evaluate(() => {
    window.fake.status('running');
    window.fake.progress(10);
  });
  await expect.poll(() => words(page, 'quality')).not.toContain('0.25');
  await expect.poll(() => questions(page)).toContainEqual({ kind: 'metrics' });
  const live = await words(page, 'quality');
  await page.evaluate(() => window.fake.status('paused'));
  await page.getByTestId('timeline-slider').focus();
  await page.keyboard.press('Home');
  await expect.poll(() => words(page, 'quality')).not.toBe(live);
  await expect.poll(() => questions(page)).toContainEqual({ kind: 'metrics', at: 0 });
  await closeClean(opened);
});
