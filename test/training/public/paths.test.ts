import { describe, expect, it } from 'vitest';
import type { Trainer } from '../../../src/engine/train/trainer';
import { expectClose } from '../../helpers/expectClose';
import { openConfig } from '../../helpers/openRun';

interface Path {
  inputs: number[][];
  targets: number[][];
  model: object;
  optimizer: object;
  batch?: number;
}

async function start({ inputs, targets, model, optimizer, batch }: Path): Promise<Trainer> {
  const { trainer } = await openConfig({
    dataset: { values: { inputs, targets } },
    loader: { batch_size: batch ?? inputs.length, shuffle: false },
    ...{ model, optimizer, epochs: 1e6 },
  });
  return trainer;
}

function after(trainer: Trainer, epochs: number): number[] {
  while (trainer.epoch < epochs) trainer.advance(Infinity);
  return [...trainer.parts.model.parameters];
}

const from = (weight: number[], bias?: number) =>
  bias === undefined ? { bias: false, init: { weight: [weight] } } : { init: { weight: [weight], bias: [bias] } };
const sgd = (lr: number, besides: object = {}) => ({ type: 'SGD', lr, ...besides });

describe('one row, from 5 to 2 (optimizers side by side, airoads.org)', () => {
  it.each([
    { optimizer: sgd(1.1), epochs: 10, published: 20.575 },
    { optimizer: sgd(0.1), epochs: 25, published: 2.011 },
    { optimizer: sgd(0.1, { momentum: 0.9 }), epochs: 25, published: 2.475 },
    { optimizer: { type: 'Adam', lr: 0.1 }, epochs: 25, published: 2.739 },
  ])('$optimizer is at $published after $epochs steps', async ({ optimizer, epochs, published }) => {
    const trainer = await start({ inputs: [[1]], targets: [[2]], model: from([5]), optimizer });
    expectClose(after(trainer, epochs)[0], published, 5e-4);
  });
});

it('three rows one at a time reach the weight of PyTorchZeroToAll 3', async () => {
  const rows = { inputs: [[1], [2], [3]], targets: [[2], [4], [6]] };
  const trainer = await start({ ...rows, model: from([1]), optimizer: sgd(0.01), batch: 1 });
  expectClose(after(trainer, 1)[0], 1.260688, 1e-6);
  expectClose(after(trainer, 100)[0], 2, 1e-6);
});

it('two rows are where a blog wrote them down at iteration 101 and 10,000 (kishan-ved)', async () => {
  const rows = { inputs: [[3], [5]], targets: [[30], [50]] };
  // Half the mean of squares there, so rates are half of these.
  const trainer = await start({ ...rows, model: from([1], 1), optimizer: sgd(0.01 / 2) });
  const [weight, bias] = after(trainer, 101);
  expectClose(weight, 9.339565, 1e-5);
  expectClose(bias, 2.797646, 1e-5);
  expectClose(trainer.fullTrainLoss() / 2, 0.230241, 1e-4);
  expectClose(after(trainer, 10_000)[0], 9.997349, 1e-5);
});

describe('a valley of condition 100, at 90 % of the limit (why gradient descent zigzags)', () => {
  const valley = {
    inputs: [
      [Math.sqrt(0.1), 0],
      [0, Math.sqrt(10)],
    ],
    targets: [[0], [0]],
    model: from([-4, 1.5]),
  };

  // With dampening, PyTorch's first step is whole, and so its counts are not those of velocities that start at 0.
  it.each([
    { momentum: 0, steps: 185 },
    { momentum: 0.9, steps: 150 },
  ])('takes $steps steps with momentum $momentum', async ({ momentum, steps }) => {
    const trainer = await start({ ...valley, optimizer: sgd(0.18, { momentum, dampening: momentum }) });
    while (trainer.fullTrainLoss() >= 1e-3) trainer.advance(Infinity);
    expect(trainer.epoch).toBe(steps);
  });

  it('is above its start after 300 steps with momentum 0.99', async () => {
    const trainer = await start({ ...valley, optimizer: sgd(0.18, { momentum: 0.99, dampening: 0.99 }) });
    after(trainer, 300);
    expectClose(trainer.fullTrainLoss(), 28.2768, 1e-4);
  });
});

it('a thousand rows that were made are as they were made after three epochs (Dive into Deep Learning 3.5)', async () => {
  const { trainer } = await openConfig({
    ...{ dataset: { generate: 'linear', samples: 1000, features: 2, weight: [[2, -3.4]], bias: [4.2], noise: 0.01 } },
    ...{ loader: { batch_size: 10 }, optimizer: sgd(0.03), epochs: 3 },
  });
  const ends = after(trainer, 3);
  [2, -3.4, 4.2].forEach((value, i) => expect(Math.abs(ends[i] - value)).toBeLessThan(0.01));
  expectClose(trainer.fullTrainLoss(), 1e-4, 0.2);
});

it('scaled columns and the bias go the same share of their way (two inputs of houses, Coursera)', async () => {
  const inputs = Array.from({ length: 16 }, (_, i) => [1000 + 100 * (i % 4), 1 + (i >> 2)]);
  const targets = inputs.map(([area, rooms]) => [139 * area - 8700 * rooms + 89_600]);
  const { trainer } = await openConfig({
    ...{ dataset: { values: { inputs, targets }, scale: 'standard' }, loader: { batch_size: 16 } },
    ...{ model: { init: 'zeros' }, optimizer: sgd(0.01 / 2), epochs: 1e5 },
  });
  const reached = after(trainer, 400);
  const share = 1 - 0.99 ** 400;
  const mean = targets.reduce((sum, [y]) => sum + y, 0) / 16;
  const deviation = Math.sqrt(1.25);
  [139 * 100 * deviation, -8700 * deviation, mean].forEach((end, i) => expectClose(reached[i], share * end, 1e-5));
});
