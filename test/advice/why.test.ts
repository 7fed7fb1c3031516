import { expect, it } from 'vitest';
import { whyLines } from '../../src/advice/why';
import { judgedRun } from '../helpers/judgedRun';

const rows = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const values = { inputs: rows.map((x) => [x]), targets: rows.map((x) => [1000 + 10 * x + (x % 3)]) };
const scaled = { dataset: { values, scale: 'standard' } };

async function why(lr: number, besides: object = {}): Promise<string> {
  const config = {
    seed: 0,
    dataset: { values },
    optimizer: { type: 'SGD', lr },
    loader: { batch_size: 4 },
    epochs: 20,
  };
  const { state } = await judgedRun({ config: { ...config, ...besides } });
  return whyLines(state).join('\n');
}

it('divides no loss that is infinite by another', async () => {
  const text = await why(10, { split: [8, 4] });
  expect(text).toMatch(/^On 4 rows held out the loss is ∞\.$/m);
  expect(text).not.toContain('NaN');
});

it('says no share of what is left where that is more than all there is to learn', async () => {
  expect(await why(1e-4)).toMatch(/^The loss is [\d,.]+; the same prediction .*; the smallest possible is [\d.]+\.$/m);
  expect(await why(0.16, scaled)).toMatch(/; [\d.]+ % of what can be learned is left\.$/m);
});

it('names the R² of a linear model that counts its parameters', async () => {
  expect(await why(0.01)).toMatch(/^A linear model explains 99\.\d+ % of the target \(adjusted R²\)/m);
});
