import { describe, expect, it } from 'vitest';
import { emptyColumns } from '../../src/run/history';
import { restoreSnapshot, type RunState } from '../../src/run/state';
import { verdictOf } from '../../webview/verdict';
import { closeClean, says, text, useStudio } from './looking';
import { curvatureOf, largeRun, tutorialRun, type SampleRun } from './sampleRuns';

const studio = useStudio();

/** A run with these losses, beside the curvature of its data. */
function withLosses(sample: SampleRun, losses: number[], validation: number[] = []): RunState {
  sample.snapshot.curvature = curvatureOf(sample);
  const records = emptyColumns(losses.length);
  records.loss.set(losses);
  records.valLoss.set(validation.length > 0 ? validation : losses.map(() => NaN));
  sample.snapshot.progress.records = records;
  return restoreSnapshot(sample.snapshot);
}

const falling = (count: number, from: number, to: number, factor: number) =>
  Array.from({ length: count }, (_, epoch) => to + (from - to) * factor ** epoch);

describe('the verdict', () => {
  const sample = largeRun(200);
  const { optimum, variance } = curvatureOf(sample);
  const floor = optimum!.loss;

  it('is converged only where the gap to the exact minimum is gone', () => {
    const flat = withLosses(largeRun(200), falling(50, variance!, floor * 1.000001, 0.2));
    expect(verdictOf(flat)).toMatchObject({ kind: 'converged' });
    // As flat as the other, but far from the minimum.
    const stuck = withLosses(largeRun(200), falling(50, variance!, (floor + variance!) / 2, 0.2));
    expect(verdictOf(stuck).kind).toBe('stuck');
    expect(verdictOf(stuck).sentence).toContain('50 % of what can be learned is left');
  });

  it('is improving, with the epochs that remain, where the gap shrinks steadily', () => {
    // 100 epochs at 0.97 leave 0.97 ** 99 = 4.9 %; ln(0.049 / 0.001) / -ln(0.97) = 128 more.
    const improving = withLosses(largeRun(200), falling(100, variance!, floor, 0.97));
    expect(verdictOf(improving)).toMatchObject({ kind: 'improving' });
    expect(verdictOf(improving).sentence).toContain('about 130 more epochs');
  });

  it('is overfitting where the validation loss rises while the training loss falls', () => {
    const training = falling(100, variance!, floor, 0.97);
    const validation = training.map((_, epoch) => 10 + (epoch - 40) ** 2 / 1000);
    const run = withLosses(largeRun(200), training, validation);
    expect(verdictOf(run)).toMatchObject({ kind: 'overfitting' });
    expect(verdictOf(run).sentence).toContain('since epoch 40');
    // Every seventh epoch's batches happen to do well on the rows held out.
    const noisy = training.map((_, epoch) => (epoch % 7 === 0 ? 9 : 10));
    expect(verdictOf(withLosses(largeRun(200), training, noisy)).kind).toBe('improving');
    const steady = withLosses(largeRun(200), training, training);
    expect(verdictOf(steady).kind).toBe('improving');
  });

  it('is diverging, with the growth of each step and the row that is to blame', () => {
    const tutorial = tutorialRun(0);
    tutorial.snapshot.shape!.lr = 1e-5;
    const run = withLosses(tutorial, [1e7, 4e7, 16e7, 64e7]);
    const { kind, sentence } = verdictOf({
      ...run,
      status: 'diverged',
      divergence: { epoch: 4, batch: 3, what: 'loss' },
    });
    expect(kind).toBe('diverging');
    // Each epoch of ten steps makes the loss four times as large, so each step the error 2 ** 0.1 times.
    expect(sentence).toBe(
      'Diverged at epoch 4, batch 3: lr 1e-5 is 8.16 times the limit 1.22e-6 for batches of one row (row 10 is the steepest). The error grows 1.0718 times a step.',
    );
    expect(verdictOf(run).kind).toBe('diverging');
  });
});

it('the gauge, the facts and the exact minimum are shown once the data are looked into', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(500);
    window.fake.show(run);
  });
  await says(page, 'verdict', 'not known');
  expect(await page.getByTestId('gauge').isVisible()).toBe(false);
  await page.evaluate(() => {
    const run = window.fake.run!;
    const runId = run.snapshot.identity.id;
    window.fake.event({ type: 'analyzed', runId, report: window.fake.samples.curvatureOf(run), fixes: [] });
  });
  await says(page, 'verdict', 'Still improving');
  expect(await text(page, 'gauge')).toBe(
    'lr 1e-6 is 82 % of the limit 1.22e-6 for batches of one row; row 10 is the steepest',
  );
  const meter = page.getByRole('meter');
  expect(Number(await meter.getAttribute('aria-valuenow'))).toBeCloseTo(0.817, 2);
  expect(await page.locator('.facts').innerText()).toMatch(/Condition number\n4,170/);
  await closeClean(opened);
});

it('a fix is offered in one click where the rate is over the limit, and beside the message of a divergence', async () => {
  const opened = await studio.open({ width: 260 });
  const { page } = opened;
  const show = (status: 'ready' | 'diverged') =>
    page.evaluate((now) => {
      const run = window.fake.samples.tutorialRun(0);
      run.snapshot.shape!.lr = 1e-5;
      run.snapshot.curvature = window.fake.samples.curvatureOf(run);
      run.snapshot.fixes = [{ title: 'Set lr to 6.1e-7', edits: [{ path: ['optimizer', 'lr'], value: 6.1e-7 }] }];
      run.snapshot.status = now;
      window.fake.show(run);
    }, status);
  await show('ready');
  await page.locator('.why').getByTestId('fix-0').click();
  await show('diverged');
  await page.getByTestId('notice').getByTestId('fix-0').click();
  expect(await page.locator('.why').getByTestId('fix-0').count()).toBe(0);
  const asked = await page.evaluate(() => window.fake.posted.filter(({ type }) => type === 'applyFix'));
  expect(asked).toEqual([
    { type: 'applyFix', index: 0 },
    { type: 'applyFix', index: 0 },
  ]);
  await closeClean(opened);
});
