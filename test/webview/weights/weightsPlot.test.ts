import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { closeClean, useStudio } from '../looking';

const studio = useStudio();

/** The heights at which a line of the plot begins and ends, in pixels from its top. */
const ends = (page: Page, line: string): Promise<number[]> =>
  page.locator(`[data-testid="weights-plot"] polyline.${line}`).evaluate((found) => {
    const heights = found
      .getAttribute('points')!
      .split(' ')
      .map((point) => Number(point.split(',')[1]));
    return [heights[0], heights[heights.length - 1]];
  });

test('weights and bias are plotted over the epochs once they are unfolded, and lines can be left out', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => window.fake.show(window.fake.samples.evenRun(2, 0.1, 40)));
  const plot = page.getByTestId('weights-plot');
  const lines = plot.locator('polyline');
  await page.getByTestId('weights-curves').locator('summary').click();
  await expect.poll(() => lines.count()).toBe(3);
  const values = await page.evaluate(() => {
    const { initial, progress } = window.fake.run!.snapshot;
    return [initial, progress.checkpoint.parameters].map((numbers) => Array.from(numbers));
  });
  for (let i = 0; i < 3; i++) {
    const [start, end] = await ends(page, `line-${i}`);
    // Further up is more.
    expect(Math.sign(start - end)).toBe(Math.sign(values[1][i] - values[0][i]));
  }
  const points = await lines.first().evaluate((found) => found.getAttribute('points')!.split(' ').length);
  expect(points).toBe(41);
  await expect
    .poll(() => plot.getAttribute('aria-label'))
    .toMatch(/^Weights over 40 epochs: width from -0\.500000 to [\d.]+; depth from/);
  const [, before] = await ends(page, 'line-1');
  await page.getByTestId('weights-legend').getByRole('button', { name: 'width' }).click();
  await expect.poll(() => lines.count()).toBe(2);
  await expect.poll(() => plot.getAttribute('aria-label')).not.toContain('width');
  // The others have its room.
  expect((await ends(page, 'line-1'))[1]).not.toBe(before);
  await page.getByTestId('weights-legend').getByRole('button', { name: 'width' }).press('Enter');
  await expect.poll(() => lines.count()).toBe(3);
  await closeClean(opened);
});
