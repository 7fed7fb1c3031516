import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecastLoss } from '../../src/engine/report/forecast';
import type { LossName } from '../../src/engine/nn/losses';
import { Generator } from '../../src/engine/random/random';
import { analyzeRun } from '../../src/training/analyzeRun';
import { expectClose } from '../helpers/expectClose';
import { openConfig } from '../helpers/openRun';

/** A dataset whose targets are 0, so that parameters of 0 are its optimum and float32 rounding is relative to them. */
interface Drawn {
  seed: number;
  rows: number;
  /** For each column, its size and how far it is from 0. */
  columns: { size: number; offset: number }[];
  targets: number;
  scale: string;
  bias: boolean;
  batch: number;
  shuffle: boolean;
}

const drawn = fc.record<Drawn>({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  rows: fc.integer({ min: 2, max: 40 }),
  columns: fc.array(fc.record({ size: fc.constantFrom(0.01, 0.3, 1, 20, 1000), offset: fc.constantFrom(0, 1, 10) }), {
    minLength: 1,
    maxLength: 6,
  }),
  targets: fc.integer({ min: 1, max: 3 }),
  scale: fc.constantFrom('none', 'standard', 'minmax'),
  bias: fc.boolean(),
  batch: fc.integer({ min: 1, max: 40 }),
  shuffle: fc.boolean(),
});

function valuesOf({ seed, rows, columns, targets }: Drawn) {
  const draws = new Generator(seed).normal(rows * columns.length);
  const inputs = Array.from({ length: rows }, (_, row) =>
    columns.map(({ size, offset }, i) => size * (draws[row * columns.length + i] + offset)),
  );
  return { inputs, targets: inputs.map(() => Array.from({ length: targets }, () => 0)) };
}

/** Every output starts at the same parameters. */
async function open(data: Drawn, lr: number, start: ArrayLike<number>, batch: number) {
  const { columns, targets, scale, bias, shuffle } = data;
  const weight = Array.from({ length: columns.length }, (_, i) => start[i]);
  const everywhere = <T>(value: T) => Array.from({ length: targets }, () => value);
  return openConfig({
    seed: 0,
    dataset: { values: valuesOf(data), scale },
    loader: { batch_size: batch, shuffle },
    model: { bias, init: { weight: everywhere(weight), ...(bias && { bias: everywhere(start[columns.length]) }) } },
    optimizer: { type: 'SGD', lr },
    epochs: 1e6,
  });
}

const parametersOf = ({ columns }: Drawn) => Array.from({ length: columns.length + 1 }, () => 1);

describe('on 200 random datasets, of random sizes and scalings', () => {
  it('full batches shrink at 0.98 of the limit and grow at 1.02 of it', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (data) => {
        const opened = await open(data, 1, parametersOf(data), data.rows);
        const { limit, hessian } = analyzeRun(opened, {});
        expect(limit.accuracy).toBe('exact');
        const rate = limit.rate!;
        // 400 steps along the steepest direction: 0.96 ** 800 and 1.04 ** 800 of the loss.
        for (const [share, isStable] of [
          [0.98, true],
          [1.02, false],
        ] as const) {
          const { trainer } = await open(data, share * rate, hessian!.steepest, data.rows);
          const before = trainer.fullTrainLoss();
          for (let epoch = 0; epoch < 400; epoch++) trainer.advance(Infinity);
          const growth = trainer.fullTrainLoss() / before;
          if (isStable) expect(growth).toBeLessThan(1e-9);
          else expect(growth).toBeGreaterThan(1e9);
        }
      }),
      { numRuns: 200, seed: 11 },
    );
  });

  it('batches of any size do not grow at 0.98 of theirs', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (data) => {
        const batch = Math.min(data.batch, data.rows);
        const opened = await open(data, 1, parametersOf(data), batch);
        const { limit } = analyzeRun(opened, {});
        expect(['exact', 'safe']).toContain(limit.accuracy);
        expect(limit.rate!).toBeLessThanOrEqual(limit.fullBatch! * (1 + 1e-9));
        const { trainer } = await open(data, 0.98 * limit.rate!, parametersOf(data), batch);
        const { parameters } = trainer.parts.model;
        let size = Math.hypot(...parameters);
        for (let epoch = 0; epoch < 20; epoch++) {
          trainer.advance(Infinity);
          const next = Math.hypot(...parameters);
          expect(next).toBeLessThanOrEqual(size * (1 + 1e-5));
          size = next;
        }
      }),
      { numRuns: 200, seed: 12 },
    );
  });
});

describe('the Hessian', () => {
  const rows = 12;
  const draws = new Generator(4).normal(rows * 3);
  const inputs = Array.from({ length: rows }, (_, row) => [3 * draws[row * 3], draws[row * 3 + 1] + 2]);

  /** The gradient that the trainer itself finds, by its flat parameters. */
  async function gradientAt(loss: LossName, targets: number[][], weight: number[][], bias: number[]) {
    const opened = await openConfig({
      dataset: { values: { inputs, targets } },
      loader: { batch_size: rows, shuffle: false },
      model: { init: { weight, bias } },
      loss,
      // Too small to move anything.
      optimizer: { type: 'SGD', lr: 1e-30, momentum: 0.5 },
    });
    opened.trainer.advance(Infinity);
    return { gradient: [...opened.trainer.parts.model.gradients], hessian: analyzeRun(opened, {}).hessian! };
  }

  it.each([1, 2, 3])('of mse_loss with %i targets is what the gradient changes by', async (targets) => {
    const zeros = inputs.map(() => Array.from({ length: targets }, () => 0));
    const none = Array.from({ length: targets }, () => [0, 0]);
    const flat = { weight: none, bias: none.map(() => 0) };
    const { hessian } = await gradientAt('mse_loss', zeros, flat.weight, flat.bias);
    const [a, b, c] = hessian.steepest;
    const weight = none.map((row, i) => (i === 0 ? [a, b] : row));
    const bias = none.map((_, i) => (i === 0 ? c : 0));
    const { gradient } = await gradientAt('mse_loss', zeros, weight, bias);
    expect(hessian.isExact).toBe(true);
    expectClose(gradient[0], hessian.lambdaMax * a, 1e-5);
    expectClose(gradient[1], hessian.lambdaMax * b, 1e-5);
    expectClose(gradient[2 * targets], hessian.lambdaMax * c, 1e-5);
  });

  // Each loss is bent most where its outputs are 0: there the bound is reached.
  it.each([
    { loss: 'binary_cross_entropy_with_logits', along: [1] },
    { loss: 'huber_loss', along: [1] },
    { loss: 'smooth_l1_loss', along: [1] },
    { loss: 'cross_entropy', along: [Math.SQRT1_2, -Math.SQRT1_2] },
  ] as const)('of $loss is no larger than its bound, and reaches it', async ({ loss, along }) => {
    const isHuber = loss === 'huber_loss' || loss === 'smooth_l1_loss';
    const targets = inputs.map((_, i) => [isHuber ? 0 : i % 2]);
    const at = async (direction: number[], step: number) => {
      const weight = along.map((share) => direction.slice(0, 2).map((value) => value * share * step));
      const bias = along.map((share) => direction[2] * share * step);
      return gradientAt(loss, targets, weight, bias);
    };
    const bend = async (direction: number[]) => {
      const step = 0.01;
      const [up, down] = [await at(direction, step), await at(direction, -step)];
      const flat = [
        ...along.flatMap((share) => direction.slice(0, 2).map((v) => v * share)),
        ...along.map((s) => s * direction[2]),
      ];
      return flat.reduce((sum, value, i) => sum + (value * (up.gradient[i] - down.gradient[i])) / (2 * step), 0);
    };
    const { hessian } = await at([0, 0, 0], 0);
    expect(hessian.isExact).toBe(false);
    expectClose(await bend([...hessian.steepest]), hessian.lambdaMax, 5e-3);
    expect(await bend([0.6, 0, 0.8])).toBeLessThan(hessian.lambdaMax);
  });
});

it('counts out columns that are combinations but for float32 rounding, and only those', async () => {
  const draws = new Generator(9).normal(300);
  const inputs = Array.from({ length: 100 }, (_, row) => {
    const [a, b, c] = draws.slice(row * 3);
    return [a, b, a / 3 - 1.7 * b + 0.1, 1e4 + 0.1 * c];
  });
  for (const scale of ['none', 'standard', 'minmax']) {
    const { hessian } = analyzeRun(
      await openConfig({
        dataset: { values: { inputs, targets: inputs.map(([a]) => [a]) }, scale },
        optimizer: { type: 'SGD', lr: 1e-9 },
      }),
    );
    expect(hessian).toMatchObject({ rank: 4, dependent: [2] });
  }
});

describe('the forecast', () => {
  it('is the run, with weight decay and several targets', async () => {
    const opened = await openConfig({
      seed: 3,
      dataset: { generate: 'linear', samples: 50, features: 4, noise: 0.5, bias: [1, -2], seed: 1 },
      loader: { batch_size: 50, shuffle: false },
      optimizer: { type: 'SGD', lr: 0.05, weight_decay: 0.3 },
      epochs: 300,
    });
    const { forecast } = analyzeRun(opened);
    const { trainer } = opened;
    expect(forecast!.isExact).toBe(true);
    for (let epoch = 0; epoch < 300; epoch++) {
      expectClose(trainer.advance(Infinity)!.loss, forecastLoss(forecast!, epoch), 1e-4);
    }
  });

  it('is about the run, with small batches', async () => {
    const opened = await openConfig({
      seed: 3,
      dataset: { generate: 'linear', samples: 500, features: 4, noise: 0.1, seed: 1 },
      loader: { batch_size: 25 },
      optimizer: { type: 'SGD', lr: 1e-4 },
      epochs: 100,
    });
    const { forecast } = analyzeRun(opened);
    expect(forecast!.isExact).toBe(false);
    while (opened.trainer.epoch < 100) opened.trainer.advance(Infinity);
    expectClose(opened.trainer.fullTrainLoss(), forecastLoss(forecast!, 100), 0.01);
  });
});
