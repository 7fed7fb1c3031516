import { describe, expect, it } from 'vitest';
import type { Trainer } from '../../src/engine/train/trainer';
import { expectClose } from '../helpers/expectClose';
import { openConfig } from '../helpers/openRun';

/** Full batches from given parameters. */
async function byHand(inputs: number[][], targets: number[], lr: number, weight: number, bias: number) {
  const { trainer } = await openConfig({
    dataset: { values: { inputs, targets: targets.map((target) => [target]) } },
    loader: { batch_size: inputs.length, shuffle: false },
    model: { init: { weight: [[weight]], bias: [bias] } },
    optimizer: { type: 'SGD', lr },
    epochs: 1e6,
  });
  return trainer;
}

function train(trainer: Trainer, epochs: number): { weight: number; bias: number } {
  while (trainer.epoch < epochs) trainer.advance(Infinity);
  const [weight, bias] = trainer.parts.model.parameters;
  return { weight, bias };
}

describe('200 iterations that were promised, 42-AI/bootcamp_machine-learning 119', () => {
  const inputs = Array.from({ length: 100 }, (_, i) => [i + 1]);
  const targets = inputs.map(([x]) => 0.75 * x + 5);

  // Published in float64; what float32 adds in this many small steps is below a thousandth.
  it.each([
    { lr: 1e-5, steps: 2000, published: { weight: 0.80945473, bias: 1.01682288 }, tolerance: 1e-4 },
    { lr: 1e-4, steps: 200_000, published: { weight: 0.75043422, bias: 4.97090918 }, tolerance: 1e-3 },
  ])('is where it was found after $steps steps at lr $lr', async ({ lr, steps, published, tolerance }) => {
    // The exercise's gradient is without the 2 of the square, so its rates are twice these.
    const { weight, bias } = train(await byHand(inputs, targets, lr / 2, 1, 1), steps);
    expectClose(weight, published.weight, tolerance);
    expectClose(bias, published.bias, tolerance);
  });
});

it('moves a bias one per cent of its way to 32 in 5,000 epochs, Celsius to Fahrenheit (forums.fast.ai 18783)', async () => {
  const inputs = Array.from({ length: 1001 }, (_, i) => [i - 500]);
  const targets = inputs.map(([x]) => 1.8 * x + 32);
  const start = -0.5949;
  const { bias } = train(await byHand(inputs, targets, 1e-6, 0.5, start), 5000);
  // With inputs about 0 the bias learns by itself, at the rate of 2 lr a step.
  expectClose(bias - start, (32 - start) * (1 - (1 - 2e-6) ** 5000), 1e-3);
  // Published, with random inputs.
  expectClose(bias - start, -0.2762 - start, 0.03);
});

describe('a column that is the same in every row (ml5-library 1245, ml5-website-archive 154)', () => {
  const inputs = [255, 254, 253, 0, 1, 2].map((red) => [red, 0, 7]);
  const targets = [[1], [1], [1], [0], [0], [0]];

  it.each(['standard', 'minmax'])('trains without NaN with scale %s', async (scale) => {
    const { trainer } = await openConfig({
      dataset: { values: { inputs, targets }, scale },
      optimizer: { type: 'SGD', lr: 0.1 },
    });
    const losses = Array.from({ length: 100 }, () => trainer.advance(Infinity)!.loss);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses[99]).toBeLessThan(1e-3);
  });
});
