import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { EngineHost } from '../engineHost';
import { closeClean, text, useStudio } from '../looking';

const studio = useStudio();

const config = {
  seed: 3,
  dataset: { generate: 'linear', samples: 40, features: 3, noise: 0.5, weight: [2, -3, 1], bias: 0.5, seed: 1 },
  loader: { batch_size: 10 },
  optimizer: { type: 'SGD', lr: 0.001 },
  epochs: 50,
};
const red = [0xf1, 0x4c, 0x4c] as const;
const purple = [0xb1, 0x80, 0xd7] as const;

const hasPurple = (page: Page): Promise<boolean> => page.evaluate((colour) => window.fake.curveHas(colour), purple);
/** Whether the run's own curve has a part above the middle of the chart, and one below. */
const heights = (page: Page): Promise<{ top: boolean; bottom: boolean }> =>
  page.evaluate(() => {
    const canvas = document.querySelector('canvas')!;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true })!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const isBlue = (at: number) => data[at + 2] > 200 && data[at] < 90 && data[at + 3] > 100;
    const half = Math.floor(canvas.height / 2) * canvas.width * 4;
    const has = (from: number, to: number) => {
      for (let at = from; at < to; at += 4) if (isBlue(at)) return true;
      return false;
    };
    return { top: has(0, half), bottom: has(half, data.length) };
  });
const isPressed = (page: Page, mistake: string): Promise<boolean> =>
  page.getByTestId(`mistake-${mistake}`).evaluate((button) => (button as HTMLElement).ariaPressed === 'true');

async function finish(engine: EngineHost): Promise<void> {
  engine.take({ type: 'action', action: 'resume' });
  await expect.poll(() => engine.state.status).not.toBe('running');
}

test('a mistake shows its rule, its code and its curve, and leaves the run as it is', async () => {
  const opened = await studio.open({ width: 1000 });
  const { page } = opened;
  const engine = await EngineHost.show(opened, config);
  await finish(engine);
  const { checkpoint } = engine.state;
  await expect.poll(() => text(page, 'loss-readout')).toContain('Epoch 50');
  await expect.poll(() => hasPurple(page)).toBe(false);
  await page.getByTestId('mistake-sum').click();
  await expect
    .poll(() => text(page, 'mistake-effect'))
    .toBe('The step is 10 times as long, as batches have 10 rows: lr 0.001 acts like 0.01.');
  await expect.poll(() => text(page, 'mistake-rules')).toContain("reduction='sum'");
  await expect
    .poll(() => text(page, 'mistake-curve'))
    .toMatch(/After epoch 50 its loss is [\d.]+; this run’s is [\d.]+/);
  await expect.poll(() => hasPurple(page)).toBe(true);
  await expect.poll(() => text(page, 'loss-readout')).toMatch(/Sum instead of mean [\d.]+/);
  const shown = Number((await text(page, 'mistake-curve')).match(/loss is ([\d.]+);/)![1]);
  // Ten times the rate is what the sum of ten rows comes to.
  const other = await studio.open();
  const same = await EngineHost.show(other, { ...config, optimizer: { type: 'SGD', lr: 0.01 } });
  await finish(same);
  expect(same.state.history.column('loss')[49]).toBeCloseTo(shown, 4);
  await other.close();

  await page.getByTestId('mistake-notZeroed').click();
  await expect.poll(() => isPressed(page, 'notZeroed')).toBe(true);
  await expect.poll(() => isPressed(page, 'sum')).toBe(false);
  await expect.poll(() => text(page, 'loss-readout')).toMatch(/Gradients not zeroed [\d.]+/);
  await expect.poll(() => text(page, 'loss-readout')).not.toContain('Sum');
  await page.getByTestId('mistake-notZeroed').click();
  await expect.poll(() => hasPurple(page)).toBe(false);
  await expect.poll(() => text(page, 'loss-readout')).not.toContain('zeroed');
  expect(engine.state.checkpoint).toEqual(checkpoint);
  expect(engine.state.status).toBe('finished');
  await closeClean(opened);
});

test('a curve that diverges says so, and leaves the run’s own curve legible', async () => {
  const opened = await studio.open({ width: 1000, state: { logScale: false } });
  const { page } = opened;
  const engine = await EngineHost.show(opened, { ...config, optimizer: { type: 'SGD', lr: 0.3 }, epochs: 200 });
  await finish(engine);
  // The curve falls from the upper half to the lower one, and does so still when another one leaves the chart.
  await expect.poll(() => heights(page)).toEqual({ top: true, bottom: true });
  await expect.poll(() => page.evaluate((colour) => window.fake.curveHas(colour, 0.2), red)).toBe(false);
  await page.getByTestId('mistake-sum').click();
  await expect.poll(() => text(page, 'mistake-curve')).toMatch(/Its loss is not finite in epoch \d+: it diverges\./);
  await expect.poll(() => page.evaluate((colour) => window.fake.curveHas(colour, 0.2), red)).toBe(true);
  await expect.poll(() => heights(page)).toEqual({ top: true, bottom: true });
  await closeClean(opened);
});

test('what cannot be made, or changes nothing, is said without a curve', async () => {
  const opened = await studio.open();
  const { page } = opened;
  const values = { inputs: [[1], [2], [3], [4]], targets: [[0], [1], [0], [1]] };
  const loss = 'binary_cross_entropy_with_logits';
  const engine = await EngineHost.show(opened, { ...config, dataset: { values }, loss, loader: { batch_size: 4 } });
  await page.getByTestId('mistake-broadcast').click();
  await expect
    .poll(() => text(page, 'mistake-effect'))
    .toContain('ValueError: Target size (torch.Size([4])) must be the same as input size (torch.Size([4, 1]))');
  await page.getByTestId('mistake-noShuffle').click();
  await expect.poll(() => text(page, 'mistake-effect')).toContain('in one batch');
  await page.getByTestId('mistake-sum').click();
  await expect.poll(() => engine.asked).toContain('mistake');
  expect(engine.asked.filter((kind) => kind === 'mistake')).toHaveLength(1);
  await closeClean(opened);
});

test('switches are reached and pressed by keyboard, also in the narrowest page', async () => {
  const opened = await studio.open({ width: 250, state: { openSections: { mistakes: true } } });
  const { page } = opened;
  await EngineHost.show(opened, config);
  const broadcast = page.getByTestId('mistake-broadcast');
  // What is not shown yet takes no focus.
  await broadcast.waitFor();
  await broadcast.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => text(page, 'mistake-effect')).toContain('10 × 10 matrix');
  await expect.poll(() => text(page, 'mistake-curve')).toContain('as the run goes on');
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false);
  await closeClean(opened);
});
