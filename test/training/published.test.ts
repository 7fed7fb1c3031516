import { describe, expect, it } from 'vitest';
import { openRun } from '../../src/training/openRun';
import type { Trainer } from '../../src/engine/train/trainer';
import { expectClose } from '../helpers/expectClose';

async function open(config: object): Promise<Trainer> {
  const opened = await openRun({ configText: JSON.stringify(config), configFile: 'test.gd.json', seed: 0 });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  return opened.trainer;
}

/** Full batches in the file's order, from given parameters: gradient descent as it is written by hand. */
function byHand(inputs: number[][], targets: number[], lr: number, model: object): Promise<Trainer> {
  return open({
    dataset: { values: { inputs, targets: targets.map((target) => [target]) } },
    loader: { batch_size: inputs.length, shuffle: false },
    model,
    optimizer: { type: 'SGD', lr },
    epochs: 1e7,
  });
}

function lossesOf(trainer: Trainer, epochs: number): number[] {
  return Array.from({ length: epochs }, () => trainer.advance(Infinity)!.loss);
}

describe('thermometers, "Deep Learning with PyTorch", chapter 5', () => {
  const celsius = [0.5, 14, 15, 28, 11, 8, 3, -4, 6, 13, 21];
  const unknown = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4];
  const model = { init: { weight: [[1]], bias: [0] } };

  it('explodes at lr 1e-2', async () => {
    const trainer = await byHand(
      unknown.map((t) => [t]),
      celsius,
      1e-2,
      model,
    );
    while (!trainer.divergence && trainer.epoch < 100) trainer.advance(Infinity);
    expect(trainer.divergence).toBeDefined();
  });

  it('falls and then stalls at lr 1e-4', async () => {
    const losses = lossesOf(
      await byHand(
        unknown.map((t) => [t]),
        celsius,
        1e-4,
        model,
      ),
      100,
    );
    [1763.8846, 323.0905, 78.9297].forEach((loss, i) => expectClose(losses[i], loss, 1e-5));
    expectClose(losses[99], 29.0229, 1e-4);
  });

  it('learns with inputs divided by ten', async () => {
    const trainer = await byHand(
      unknown.map((t) => [t * 0.1]),
      celsius,
      1e-2,
      model,
    );
    const losses = lossesOf(trainer, 5000);
    [80.3643, 37.5749, 30.8711].forEach((loss, i) => expectClose(losses[i], loss, 1e-5));
    expectClose(losses[4999], 2.927648, 1e-4);
    [5.3671, -17.3012].forEach((value, i) => expectClose(trainer.parts.model.parameters[i], value, 1e-4));
  });
});

describe('two unknowns that take forever, discuss.pytorch.org 208572', () => {
  const rows = [
    [-249.69, -4.1511],
    [-4.1511, -0.20755],
  ];
  // The thread takes the sum of two squares, twice the mean, so its rates are half of these.
  const run = (lr: number) => byHand(rows, [-0, 10], 2 * lr, { bias: false, init: 'zeros' });

  it.each([
    { lr: 1e-7, reached: 99.202827454 },
    { lr: 1e-6, reached: 92.601043701 },
    { lr: 1e-5, reached: 46.446086884 },
    { lr: 1.603e-5, reached: 29.044937134 },
  ])('reaches $reached in a million steps at lr $lr', async ({ lr, reached }) => {
    const trainer = await run(lr);
    while (trainer.epoch < 1_000_000) trainer.advance(Infinity);
    expectClose(2 * trainer.advance(Infinity)!.loss, reached, 1e-2);
  });

  it('diverges at lr 1.61e-5', async () => {
    const trainer = await run(1.61e-5);
    while (!trainer.divergence && trainer.epoch < 1_000_000) trainer.advance(Infinity);
    expect(trainer.divergence).toBeDefined();
  });
});

describe('a slope that changes its sign, stats.stackexchange.com 432707', () => {
  const x = [20, 43, 63, 26, 53, 31, 58, 46, 58, 70, 46, 53, 60, 20, 63, 43, 26, 19, 31, 23];
  const y = [120, 128, 141, 126, 134, 128, 136, 132, 140, 144, 128, 136, 146, 124, 143, 130, 124, 121, 126, 123];
  const run = (lr: number) =>
    byHand(
      x.map((value) => [value]),
      y,
      lr,
      { init: 'zeros' },
    );

  it('grows by 1.0848 a step at lr 5e-4, with the sign turning', async () => {
    const trainer = await run(5e-4);
    const slopes: number[] = [];
    for (let epoch = 0; epoch < 400; epoch++) {
      trainer.advance(Infinity);
      slopes.push(trainer.parts.model.parameters[0]);
    }
    // Published: -5.0820333e+35, 5.5128419e+35, -5.9801705e+35.
    expectClose(slopes[399] / slopes[398], -5.51284188929 / 5.08203333969, 1e-4);
  });

  it('does not grow just below the limit of 4.797e-4', async () => {
    const losses = lossesOf(await run(4.79e-4), 3000);
    expect(losses[2999]).toBeLessThan(losses[0]);
    expect((await run(4.79e-4)).divergence).toBeUndefined();
  });
});

it('is not a number within an epoch on x = 0 … 199 at lr 1e-3, one row at a time, and learns at 2.5e-5 (keras 3040)', async () => {
  const inputs = Array.from({ length: 200 }, (_, x) => [x]);
  const targets = inputs.map(([x]) => [2 * x]);
  const run = (lr: number) =>
    open({ seed: 0, dataset: { values: { inputs, targets } }, optimizer: { type: 'SGD', lr }, epochs: 10 });
  const steep = await run(1e-3);
  steep.advance(Infinity);
  expect(steep.divergence?.epoch).toBe(0);
  expect(lossesOf(await run(2.5e-5), 10)[9]).toBeLessThan(1);
});

it('rises again long after it has converged, with Adam on 64 rows of 1000 random inputs (datascience.stackexchange.com 25024)', async () => {
  const dataset = {
    generate: 'linear',
    samples: 64,
    features: 1000,
    noise: 1,
    weight: [Array(1000).fill(0)],
    bias: 0,
    seed: 545345,
  };
  const loader = { batch_size: 64, shuffle: false };
  const run = (optimizer: object) => open({ seed: 0, dataset, loader, optimizer, epochs: 5000 });
  // The thread's loss is the sum: 2e-12 at epoch 302, 2e-3 at 4,997; plain SGD does not rise.
  const sums = (trainer: Trainer) => lossesOf(trainer, 5000).map((loss) => 64 * loss);
  const adam = sums(await run({ type: 'Adam' }));
  expect(adam[302]).toBeLessThan(1e-11);
  const highest = Math.max(...adam.slice(1000));
  expect(highest).toBeGreaterThan(5e-4);
  expect(highest).toBeLessThan(5e-2);
  const sgd = sums(await run({ type: 'SGD', lr: 0.01 }));
  expect(Math.max(...sgd.slice(1000))).toBeLessThan(1e-11);
});
