import { describe, expect, it } from 'vitest';
import { Generator } from '../../../src/engine/random/random';
import { analyzeRun } from '../../../src/training/analyzeRun';
import { openRun } from '../../../src/training/openRun';
import { expectClose } from '../../helpers/expectClose';
import { openConfig } from '../../helpers/openRun';

const sgd = (lr: number) => ({ type: 'SGD', lr });

/** Rows whose targets are a noisy sum, yes or no, or one of three classes of which the last is rare. */
function values(rows: number, kind: 'numbers' | 'yes or no' | 'classes') {
  const draws = new Generator(3).normal(4 * rows);
  const inputs = Array.from({ length: rows }, (_, row) => [draws[4 * row], 3 * draws[4 * row + 1] + 1]);
  const targets = inputs.map(([a, b], row) => {
    const score = a + b / 2 + draws[4 * row + 2];
    if (kind === 'numbers') return [score];
    return [Number(score > 0.5) + (kind === 'classes' ? Number(score > 2 + draws[4 * row + 3]) : 0)];
  });
  return { values: { inputs, targets } };
}

function config(loss: unknown, kind: Parameters<typeof values>[1], more: object = {}, rows = 24) {
  return {
    ...{ seed: 1, dataset: values(rows, kind), loss, optimizer: sgd(0.01) },
    loader: { batch_size: rows, shuffle: true },
    ...more,
  };
}

describe('the loss as a sum', () => {
  const both = async (more: object) => {
    const [mean, sum] = [
      await openConfig(config('mse_loss', 'numbers', more)),
      await openConfig(config({ type: 'mse_loss', reduction: 'sum' }, 'numbers', more)),
    ];
    return { mean: analyzeRun(mean), sum: analyzeRun(sum), run: sum };
  };

  it('has the limit of the mean over n, the same minimum, and n times its loss', async () => {
    const { mean, sum } = await both({});
    expectClose(sum.limit.rate!, mean.limit.rate! / 24, 1e-12);
    expect(sum.limit.accuracy).toBe('exact');
    expectClose(sum.hessian!.lambdaMax, 24 * mean.hessian!.lambdaMax, 1e-12);
    expectClose(sum.optimum!.loss, 24 * mean.optimum!.loss, 1e-9);
    sum.optimum!.weight!.flat().forEach((value, i) => expectClose(value, mean.optimum!.weight!.flat()[i], 1e-6));
  });

  it('has the limit of the mean over the rows of a batch', async () => {
    const { mean, sum } = await both({ loader: { batch_size: 6, shuffle: true } });
    expectClose(sum.limit.rate!, mean.limit.rate! / 6, 1e-12);
    expect(sum.optimum).toBeUndefined();
    expect(sum.noOptimum).toContain('reduction "sum"');
  });

  it('is steepest in its largest batch', async () => {
    const loader = { batch_size: 23, shuffle: false };
    const { sum, run } = await both({ loader });
    expect(sum.limit.batchRows).toBe(23);
    const trained = async (lr: number) => {
      const { trainer } = await openConfig({ ...run.config, optimizer: sgd(lr), loader });
      for (let epoch = 0; epoch < 200 && !trainer.divergence; epoch++) trainer.advance(Infinity);
      return trainer.divergence;
    };
    expect(await trained(0.9 * sum.limit.rate!)).toBeUndefined();
    expect(await trained(1.5 * sum.limit.rate!)).toBeDefined();
  });
});

describe.each([
  ['pos_weight', { type: 'binary_cross_entropy_with_logits', pos_weight: 4 }, 'yes or no'],
  ['a small pos_weight', { type: 'binary_cross_entropy_with_logits', pos_weight: 0.25 }, 'yes or no'],
  ['weight', { type: 'cross_entropy', weight: [0.5, 1, 6] }, 'classes'],
  ['balanced classes', { type: 'cross_entropy', weight: 'balanced' }, 'classes'],
  ['smoothed labels', { type: 'cross_entropy', label_smoothing: 0.2 }, 'classes'],
  ['both', { type: 'cross_entropy', weight: [3, 1, 2], label_smoothing: 0.1, reduction: 'sum' }, 'classes'],
  ['beta', { type: 'smooth_l1_loss', beta: 0.2 }, 'numbers'],
  ['delta', { type: 'huber_loss', delta: 3 }, 'numbers'],
] as const)('the limit and the minimum of %s', (_, loss, kind) => {
  it('are those of its runs', async () => {
    const report = analyzeRun(await openConfig(config(loss, kind)));
    expect(report.optimum?.isAttained).toBe(true);
    const lr = 0.95 * report.limit.rate!;
    const { trainer } = await openConfig(config(loss, kind, { optimizer: sgd(lr), epochs: 20_000 }));
    const losses = Array.from({ length: 20_000 }, () => trainer.advance(Infinity)!.loss);
    expect(losses.filter((one, i) => !(one <= (losses[i - 1] ?? Infinity) + 1e-5))).toEqual([]);
    expectClose(losses[losses.length - 1], report.optimum!.loss, 1e-4);
    const known = [...report.optimum!.weight!.flat(), ...report.optimum!.bias!];
    // Of classes, what all of them have in common is left over from the start.
    if (kind !== 'classes')
      trainer.parts.model.parameters.forEach((value, i) => expectClose(value, known[i], 0.05, 0.1));
  });
});

it('has a minimum with smoothed labels where all rows can be told apart', async () => {
  const apart = { values: { inputs: [[-2], [-1], [1], [2]], targets: [[0], [0], [1], [1]] } };
  const run = (loss: unknown) => openConfig({ ...config(loss, 'classes'), dataset: apart });
  expect(analyzeRun(await run('cross_entropy')).optimum).toEqual({ loss: 0, isAttained: false });
  const { optimum, sameForAll } = analyzeRun(await run({ type: 'cross_entropy', label_smoothing: 0.2 }));
  expect(optimum!.isAttained).toBe(true);
  expect(optimum!.loss).toBeGreaterThan(-(0.9 * Math.log(0.9) + 0.1 * Math.log(0.1)) - 1e-9);
  expectClose(sameForAll!, Math.LN2, 1e-9);
});

it('weighs the rows of a batch that is trained in parts as a whole', async () => {
  const rows = 9000;
  const loss = { type: 'cross_entropy', weight: [0.5, 1, 6] };
  const { trainer } = await openConfig(config(loss, 'classes', { optimizer: sgd(1) }, rows));
  const { kernels, model } = trainer.parts;
  const before = Float64Array.from(model.parameters);
  const sums = new Float64Array(before.length);
  let [count, sum] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const x = [...kernels.inputs.subarray(2 * row, 2 * row + 2), 1];
    const at = (output: number) => [before[2 * output], before[2 * output + 1], before[6 + output]];
    const scores = [0, 1, 2].map((output) => Math.exp(at(output).reduce((all, w, i) => all + w * x[i], 0)));
    const total = scores.reduce((all, one) => all + one, 0);
    const target = kernels.targets[row];
    const weight = loss.weight[target];
    count += weight;
    sum -= weight * Math.log(scores[target] / total);
    scores.forEach((score, output) => {
      const slope = weight * (score / total - Number(output === target));
      [2 * output, 2 * output + 1, 6 + output].forEach((place, i) => (sums[place] += slope * x[i]));
    });
  }
  expectClose(trainer.advance(Infinity)!.loss, sum / count, 1e-6);
  model.parameters.forEach((value, i) => expectClose(before[i] - value, sums[i] / count, 1e-4, 1e-2));
});

describe('what is wrong with weights of classes', () => {
  const problems = async (loss: unknown, more: object = {}) => {
    const request = { configText: JSON.stringify(config(loss, 'classes', more)), configFile: 'a.gd.json', seed: 0 };
    const opened = await openRun(request);
    return 'problems' in opened ? opened.problems.map(({ message }) => message) : [];
  };

  it('is their number', async () => {
    expect(await problems({ type: 'cross_entropy', weight: [1, 2] })).toEqual([
      'loss.weight must have one number for each of the 3 classes, got 2',
    ]);
  });

  it('is a class that cannot be balanced', async () => {
    const dataset = { values: { inputs: [[1], [2], [3], [4]], targets: [[0], [1], [0], [2]] } };
    const split = { lengths: [3, 1], shuffle: false };
    expect(await problems({ type: 'cross_entropy', weight: 'balanced' }, { dataset, split })).toEqual([
      'loss.weight is "balanced", but class "2" has no row to train on; split the rows in another way or write the weights',
    ]);
  });

  it('is a number that is not above 0', async () => {
    expect(await problems({ type: 'cross_entropy', weight: [1, 0, 1] })).toEqual([
      'loss.weight[1] must be greater than 0, got 0',
    ]);
  });
});
