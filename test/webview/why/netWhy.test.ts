import { expect, test } from 'vitest';
import { EngineHost } from '../engineHost';
import { closeClean, says, text, useStudio } from '../looking';

const studio = useStudio();

const net = {
  seed: 1,
  dataset: { generate: 'curve', samples: 50, noise: 0.05, scale: 'standard', scale_targets: 'standard' },
  loader: { batch_size: 50 },
  model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 16 }, 'Tanh', 'Linear'] },
  optimizer: { type: 'SGD', lr: 0.1 },
  epochs: 60,
};

test('the sharpness of a net is measured over its epochs, and read by keys and on the timeline', async () => {
  const opened = await studio.open();
  const { page } = opened;
  const host = await EngineHost.show(opened, net);
  await says(page, 'sharpness', 'Stable: sharpness');
  await expect.poll(() => text(page, 'sharpness')).toMatch(/ % of the limit 20, 2 \/ lr\./);
  host.take({ type: 'action', action: 'resume' });
  await says(page, 'epoch', '60');
  const chart = page.getByTestId('sharpness-chart');
  await expect.poll(() => chart.getAttribute('aria-valuemax')).toBe('60');
  await chart.focus();
  await page.keyboard.press('End');
  await says(page, 'sharpness-readout', 'After 60 epochs: sharpness');
  await page.keyboard.press('ArrowLeft');
  await says(page, 'sharpness-readout', 'After 59 epochs: sharpness');
  await page.keyboard.press('Home');
  await says(page, 'sharpness-readout', 'After 0 epochs: sharpness');
  await expect.poll(() => chart.getAttribute('aria-valuetext')).toBe(await text(page, 'sharpness-readout'));
  await page.keyboard.press('Escape');
  await says(page, 'sharpness-readout', 'Point at the curve');
  await expect.poll(() => page.getByTestId('gauge').isVisible()).toBe(false);
  await closeClean(opened);
});

test('where steps are divided, it is measured once there were any, and where the run stands', async () => {
  const opened = await studio.open({ width: 300 });
  const { page } = opened;
  const host = await EngineHost.show(opened, { ...net, optimizer: { type: 'Adam', lr: 0.01 } });
  await says(page, 'sharpness', 'Adam divides its steps');
  host.take({ type: 'action', action: 'stepEpoch' });
  await says(page, 'sharpness', 'the limit 3,800, (2 + 2 · β1) / ((1 − β1) · lr)');
  await says(page, 'sharpness-note', 'The Hessian is divided as Adam divides its steps.');
  host.take({ type: 'action', action: 'stepEpoch' });
  await expect.poll(() => page.getByTestId('sharpness-chart').getAttribute('aria-valuemax')).toBe('1');
  await closeClean(opened);
});
