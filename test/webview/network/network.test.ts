import { expect, test } from 'vitest';
import { EngineHost } from '../engineHost';
import { closeClean, says, text, useStudio } from '../looking';

const studio = useStudio();

test('a net is drawn with its units, whose numbers are read by click and by keys; a linear layer is not', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => window.fake.show(window.fake.samples.tutorialRun(3)));
  await says(page, 'epoch', '3');
  await expect.poll(() => page.locator('[data-section="network"]').isVisible()).toBe(false);
  await page.evaluate(() => window.fake.show(window.fake.samples.netRun()));
  await says(page, 'network-note', 'A square is what its unit gives over x0 (across) and x1 (up).');
  const units = page.locator('.network-unit');
  await expect.poll(() => units.count()).toBe(5);
  await units.nth(1).click();
  await says(page, 'network-details', 'Layer 1, unit 2 from ');
  await expect.poll(() => text(page, 'network-details')).toContain('Weights in (0.weight) x0 3 · x1 3');
  await expect.poll(() => text(page, 'network-details')).toContain('Bias (0.bias) -2');
  await page.keyboard.press('ArrowDown');
  await says(page, 'network-details', 'Layer 1, unit 3 from ');
  await page.keyboard.press('ArrowRight');
  await says(page, 'network-details', 'Weights in (2.weight) unit 1 2 · unit 2 -2 · unit 3 -2 · unit 4 2');
  await page.keyboard.press('ArrowLeft');
  await says(page, 'network-details', 'Layer 1, unit 1 from ');
  await expect
    .poll(() => page.evaluate(() => document.activeElement!.getAttribute('aria-label')))
    .toMatch(/^Layer 1, unit 1: from -\S+ to \S+, mean \S+, above 0 for .* of rows$/);
  await expect.poll(() => page.getByTestId('network-alarm').isVisible()).toBe(false);
  await closeClean(opened);
});

test('dead and saturated units are named, by the rows as the model takes them', async () => {
  const opened = await studio.open({ width: 300 });
  const { page } = opened;
  const layers = [{ type: 'Linear', out_features: 3 }, 'ReLU', { type: 'Linear', out_features: 2 }, 'Tanh', 'Linear'];
  const weights = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  // The inputs lie about 100 and are scaled: a bias of -9 is out of reach only for the scaled ones.
  const start = {
    '0.weight': weights,
    '0.bias': [0, -9, 0],
    '2.weight': [
      [1, 1, 1],
      [0.1, 0, 0],
    ],
    '2.bias': [20, 0],
  };
  const inputs = Array.from({ length: 30 }, (_, i) => [100 + (i % 7), 100 + (i % 5), 100 + (i % 3)]);
  const targets = inputs.map(([a, b]) => [a - b]);
  await EngineHost.show(opened, {
    dataset: { values: { inputs, targets }, scale: 'standard' },
    model: { type: 'Sequential', layers, init: start },
    optimizer: { type: 'SGD', lr: 0.001 },
    epochs: 3,
  });
  await says(page, 'network-alarm', 'Dead units, 0 for all rows, so they no longer learn. Layer 1: 1 of 3 (2).');
  await says(
    page,
    'network-alarm',
    'Saturated units, at an end for nearly all rows, so they hardly learn. Layer 2: 1 of 2 (1).',
  );
  await says(page, 'network-note', 'A square is filled to the share of rows for which its unit is above 0.');
  await expect
    .poll(() => page.locator('.network-unit').nth(1).getAttribute('aria-label'))
    .toBe('Layer 1, unit 2: dead; from 0 to 0, mean 0, above 0 for 0 % of rows');
  await closeClean(opened);
});
