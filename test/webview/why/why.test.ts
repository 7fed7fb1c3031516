import { expect, it } from 'vitest';
import { closeClean, says, text, useStudio } from '../looking';

const studio = useStudio();

it('the gauge, the facts and the exact minimum are shown once the data are looked into', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(500);
    return window.fake.show(run);
  });
  await says(page, 'verdict', 'not known');
  await expect.poll(() => page.getByTestId('gauge').isVisible()).toBe(false);
  await page.evaluate(() => {
    const run = window.fake.run!;
    const runId = run.snapshot.identity.id;
    window.fake.event({ type: 'analyzed', runId, report: window.fake.samples.curvatureOf(run) });
  });
  await says(page, 'verdict', 'Still improving');
  await expect
    .poll(() => text(page, 'gauge'))
    .toBe('lr 1e-6 is 82 % of the limit 1.22e-6 for batches of one row (row 10 is the steepest)');
  const meter = page.getByRole('meter');
  expect(Number(await meter.getAttribute('aria-valuenow'))).toBeCloseTo(0.817, 2);
  await expect.poll(() => page.locator('.facts').innerText()).toMatch(/Condition number\n4,170/);
  await closeClean(opened);
});

it('fixes are offered to a run that is too slow, and not to one that has converged', async () => {
  const opened = await studio.open();
  const { page } = opened;
  const show = (share: number) =>
    page.evaluate((left) => {
      const run = window.fake.samples.largeRun(200);
      run.snapshot.shape!.lr = 1e-9;
      const curvature = window.fake.samples.curvatureOf(run);
      run.snapshot.curvature = curvature;
      run.snapshot.trainLoss = curvature.optimum!.loss + left * (curvature.variance! - curvature.optimum!.loss);
      return window.fake.show(run);
    }, share);
  await show(0.5);
  await page.locator('.why').getByTestId('fix-0').waitFor();
  await show(1e-5);
  await says(page, 'verdict', 'Converged');
  await expect.poll(() => page.locator('.why').getByTestId('fix-0').count()).toBe(0);
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
      run.snapshot.status = now;
      return window.fake.show(run);
    }, status);
  await show('ready');
  await page.locator('.why').getByTestId('fix-0').click();
  await show('diverged');
  await page.getByTestId('notice').getByTestId('fix-0').click();
  await expect.poll(() => page.locator('.why').getByTestId('fix-0').count()).toBe(0);
  const asked = await page.evaluate(() => window.fake.posted.filter(({ type }) => type === 'applyFix'));
  expect(asked).toEqual([
    { type: 'applyFix', id: 'optimizer.lr=6.1e-7' },
    { type: 'applyFix', id: 'optimizer.lr=6.1e-7' },
  ]);
  await closeClean(opened);
});

it.each(['diverged', 'finished'] as const)(
  'fixes of a run that has %s come once they have been tried out',
  async (status) => {
    const opened = await studio.open({ width: 260 });
    const { page } = opened;
    await page.evaluate((now) => {
      const run = window.fake.samples.tutorialRun(20);
      run.snapshot.shape!.lr = now === 'diverged' ? 1e-5 : 1e-9;
      run.snapshot.curvature = window.fake.samples.curvatureOf(run);
      run.snapshot.status = now;
      run.snapshot.trying = true;
      return window.fake.show(run);
    }, status);
    const place = status === 'diverged' ? page.getByTestId('notice') : page.locator('.why');
    await expect.poll(() => page.evaluate(() => window.fake.drawn.length)).toBe(1);
    await expect.poll(() => place.getByTestId('fix-0').count()).toBe(0);
    await page.evaluate(() => {
      const { id } = window.fake.run!.snapshot.identity;
      window.fake.event({ type: 'tried', runId: id, trials: { before: NaN, tried: [] } });
    });
    await place.getByTestId('fix-0').waitFor();
    await closeClean(opened);
  },
);
