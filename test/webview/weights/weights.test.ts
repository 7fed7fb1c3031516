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
