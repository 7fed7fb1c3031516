import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { closeClean, says, text, useStudio } from '../looking';

const studio = useStudio();

/** The colours of a few pixels, by their shares of the canvas. */
function pixels(page: Page, shares: [number, number][]): Promise<number[][]> {
  return page.evaluate((places) => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-testid="surface"] canvas')!;
    const copy = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
    const context = copy.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(canvas, 0, 0);
    return places.map(([x, y]) => Array.from(context.getImageData(x * canvas.width, y * canvas.height, 1, 1).data));
  }, shares);
}

test('a net of two inputs shows what it predicts over them; a linear layer has no such section', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => window.fake.show(window.fake.samples.tutorialRun(3)));
  await says(page, 'epoch', '3');
  await expect.poll(() => page.locator('[data-section="surface"]').isVisible()).toBe(false);
  await page.evaluate(() => window.fake.show(window.fake.samples.netRun()));
  await says(page, 'surface-note', 'x1 over x0');
  await expect.poll(() => page.locator('[data-section="surface"]').isVisible()).toBe(true);
  await expect.poll(() => page.locator('[data-section="landscape"]').isVisible()).toBe(true);
  await expect.poll(() => page.locator('[data-section="step"]').isVisible()).toBe(true);
  expect((await text(page, 'surface-legend')).replace(/\s+/g, ' ').trim()).toBe('y 0 y 1');
  await closeClean(opened);
});

test('a place is read by pointer and by keys, in numbers and in the name of the control', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => window.fake.show(window.fake.samples.netRun()));
  await says(page, 'surface-note', 'x1 over x0');
  const surface = page.getByTestId('surface');
  await surface.focus();
  for (let i = 0; i < 15; i++) await page.keyboard.press('ArrowRight');
  for (let i = 0; i < 15; i++) await page.keyboard.press('ArrowUp');
  await says(page, 'surface-readout', 'x0 0.');
  // Each key moves the place by a step, which is drawn in the next frame.
  const probability = async () => Number(/probability of y ([\d.]+) %/.exec(await text(page, 'surface-readout'))![1]);
  await expect.poll(probability).toBeLessThan(30);
  for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowDown');
  await says(page, 'surface-readout', 'x1 -0.');
  await expect.poll(probability).toBeGreaterThan(70);
  await expect
    .poll(async () => (await surface.getAttribute('aria-valuetext')) === (await text(page, 'surface-readout')))
    .toBe(true);
  await page.keyboard.press('Escape');
  await says(page, 'surface-readout', 'Point at a place');
  await closeClean(opened);
});

test('the picture follows the model that is looked at', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => window.fake.show(window.fake.samples.netRun()));
  await says(page, 'surface-note', 'x1 over x0');
  const corners: [number, number][] = [
    [0.3, 0.05],
    [0.95, 0.05],
  ];
  const trained = await pixels(page, corners);
  expect(trained[0]).not.toEqual(trained[1]);
  await page.evaluate(() => {
    const run = window.fake.samples.netRun();
    run.snapshot.identity.id = 'net-2';
    run.snapshot.progress.checkpoint.parameters = new Float32Array(17);
    return window.fake.show(run);
  });
  await expect.poll(async () => new Set((await pixels(page, corners)).map(String)).size).toBe(1);
  await closeClean(opened);
});
