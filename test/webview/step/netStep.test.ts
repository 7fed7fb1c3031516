import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { EngineHost } from '../engineHost';
import { closeClean, text, useStudio } from '../looking';

const studio = useStudio();

const config = {
  seed: 0,
  dataset: { generate: 'xor', samples: 60, seed: 0 },
  loader: { batch_size: 5 },
  model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 8 }, 'Tanh', 'Linear'] },
  loss: 'binary_cross_entropy_with_logits',
  optimizer: { type: 'SGD', lr: 0.5 },
  epochs: 400,
};

const names = (page: Page): Promise<string[]> => page.locator('.line-name').allInnerTexts();
const ways = [
  'layer 1',
  'Tanh',
  'prediction',
  'probability',
  'error',
  'loss',
  'backward',
  'backward',
  'backward',
  'gradient',
];

/** The number on the last line with this name. */
async function value(page: Page, name: string): Promise<number> {
  const line = page.locator('.step-line', { has: page.locator('.line-name').getByText(name, { exact: true }) }).last();
  const words = await line.locator('.line-value').innerText();
  return Number(words.replaceAll(',', '').replace('−', '-').replace('= ', ''));
}

test('a step of a net goes through its layers and back, for the unit that is chosen in its picture', async () => {
  const opened = await studio.open({ width: 1000, height: 2000 });
  const { page } = opened;
  const engine = await EngineHost.show(opened, config);
  await page.getByTestId('step-button').click();
  await expect.poll(() => names(page)).toEqual([...ways, 'update']);
  const weights = () => engine.state.checkpoint.parameters;
  await expect.poll(() => value(page, 'update')).toBeCloseTo(weights()[0], 4);
  await expect.poll(() => value(page, 'gradient')).toBeCloseTo(engine.state.gradients[0], 4);
  await page.locator('.network-unit').nth(4).click();
  await expect.poll(() => value(page, 'update')).toBeCloseTo(weights()[8], 4);
  await expect
    .poll(() => page.getByTestId('followed-unit-0').evaluate((dropdown: HTMLSelectElement) => dropdown.value))
    .toBe('4');
  await page.getByTestId('followed-input').click();
  await page.getByRole('option', { name: 'x1', exact: true }).click();
  await expect.poll(() => value(page, 'update')).toBeCloseTo(weights()[9], 4);
  await page.getByTestId('followed-parameter').click();
  await page.getByRole('option', { name: '2.weight' }).click();
  await expect.poll(async () => (await names(page)).filter((name) => name === 'backward')).toHaveLength(1);
  await expect.poll(() => value(page, 'update')).toBeCloseTo(weights()[28], 4);
  await page.getByTestId('followed-parameter').click();
  await page.getByRole('option', { name: '0.bias' }).click();
  await expect.poll(() => value(page, 'update')).toBeCloseTo(weights()[20], 4);
  const first = await value(page, 'layer 1');
  await page.getByTestId('followed-row').click();
  await page.getByRole('option', { name: 'row 3 of the batch' }).click();
  await expect.poll(() => value(page, 'layer 1')).not.toBe(first);
  const before = await text(page, 'step-caption');
  await page.getByTestId('step-button').click();
  await expect.poll(() => text(page, 'step-caption')).not.toBe(before);
  await expect.poll(() => value(page, 'update')).toBeCloseTo(weights()[20], 4);
  await closeClean(opened);
});
