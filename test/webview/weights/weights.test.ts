import { expect, test } from 'vitest';
import { closeClean, useStudio } from '../looking';

const studio = useStudio();

test('what a column brings in its own units is in sight in the side panel where inputs are scaled', async () => {
  const opened = await studio.open({ width: 300 });
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.evenRun(2, 0.1, 100);
    run.snapshot.curvature = window.fake.samples.curvatureOf(run);
    const inputs = { offset: Float64Array.of(4, 7), scale: Float64Array.of(2.5, 0.9) };
    run.snapshot.shape!.scaling = { inputs, targets: { offset: Float64Array.of(0), scale: Float64Array.of(1) } };
    return window.fake.show(run);
  });
  const original = page.getByTestId('weights-table').getByRole('columnheader', { name: 'Original units' });
  const right = async () => {
    const box = await original.boundingBox();
    return box ? box.x + box.width : Infinity;
  };
  await expect.poll(right).toBeLessThanOrEqual(300);
  await closeClean(opened);
});

test('a net, whose weights have no column, has no weights in the units of one', async () => {
  const opened = await studio.open({ width: 700 });
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.netRun();
    const inputs = { offset: Float64Array.of(4, 7), scale: Float64Array.of(2.5, 0.9) };
    run.snapshot.shape!.scaling = { inputs, targets: { offset: Float64Array.of(0), scale: Float64Array.of(1) } };
    return window.fake.show(run);
  });
  const table = page.getByTestId('weights-table');
  await expect.poll(() => table.getByRole('columnheader', { name: 'Gradient' }).count()).toBe(1);
  expect(await table.getByRole('columnheader', { name: 'Original units' }).count()).toBe(0);
  await closeClean(opened);
});
