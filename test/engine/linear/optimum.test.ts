import { describe, expect, it } from 'vitest';
import { analyzeCurvature } from '../../../src/engine/linear/analyzeCurvature';
import type { OptimumReport } from '../../../src/engine/report/report';
import { Generator } from '../../../src/engine/random/random';
import { meanLoss } from '../../../src/engine/linear/meanLoss';
import { TableRows } from '../../../src/engine/linear/rowSource';
import { createLoss, losses, type LossName, type LossOptions } from '../../../src/engine/nn/losses';
import { expectClose } from '../../helpers/expectClose';

function reportOf(inputs: number[][], targets: number[], loss: LossName, classNames?: string[], options?: LossOptions) {
  const rows = inputs.length;
  const width = inputs[0].length;
  const dataset = {
    rows,
    inputNames: inputs[0].map((_, i) => `x${i}`),
    targetNames: ['y'],
    inputs: Float32Array.from(inputs.flat()),
    targets: Float32Array.from(targets),
    ...(classNames && { classNames }),
  };
  return analyzeCurvature(
    {
      dataset,
      trainRows: Uint32Array.from(inputs, (_, i) => i),
      loss: createLoss(loss, options),
      hasBias: true,
      optimizer: { type: 'SGD', lr: 0.1, momentum: 0, dampening: 0, weight_decay: 0, nesterov: false },
      loader: { batchSize: rows, shuffle: false, dropLast: false },
      initial: new Float32Array((classNames?.length ?? 1) * (width + 1)),
    },
    { optimum: true },
  );
}

function optimumOf(...args: Parameters<typeof reportOf>): OptimumReport {
  const { optimum, noOptimum } = reportOf(...args);
  if (!optimum) throw new Error(noOptimum);
  return optimum;
}

const logit = (p: number) => Math.log(p / (1 - p));
const entropy = (shares: number[]) => -shares.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
const times = <T>(count: number, value: T) => Array.from({ length: count }, () => value);

describe('binary_cross_entropy_with_logits', () => {
  const loss = 'binary_cross_entropy_with_logits';
  const inputs = [...times(5, [0]), ...times(4, [1])];

  it('is at the log odds of a table of two by two', () => {
    const { weight, bias, loss: least, isAttained } = optimumOf(inputs, [1, 1, 1, 0, 0, 1, 0, 0, 0], loss);
    expect(isAttained).toBe(true);
    expectClose(bias![0], logit(3 / 5), 1e-5);
    expectClose(weight![0][0], logit(1 / 4) - logit(3 / 5), 1e-5);
    expectClose(least, (5 * entropy([3 / 5, 2 / 5]) + 4 * entropy([1 / 4, 3 / 4])) / 9, 1e-11);
  });

  it('does not mind columns of very different sizes', () => {
    const wide = inputs.map(([x], i) => [1e6 + 1e4 * x, 1e-4 * i]);
    const narrow = inputs.map(([x], i) => [x, i]);
    const targets = [1, 1, 0, 0, 1, 1, 0, 0, 1];
    expectClose(optimumOf(wide, targets, loss).loss, optimumOf(narrow, targets, loss).loss, 1e-7);
  });

  it('is not attained where a line separates the rows', () => {
    expect(optimumOf(inputs, [0, 0, 0, 0, 0, 1, 1, 1, 1], loss)).toEqual({ loss: 0, isAttained: false });
  });

  it('is not attained where a line separates some rows from the others, which still cost something', () => {
    const { isAttained, loss: least, weight } = optimumOf(inputs, [1, 1, 1, 0, 0, 1, 1, 1, 1], loss);
    expect(isAttained).toBe(false);
    expect(weight).toBeUndefined();
    expectClose(least, (5 * entropy([3 / 5, 2 / 5])) / 9, 1e-9);
  });

  it('is attained for targets between 0 and 1', () => {
    const { bias, weight, isAttained } = optimumOf([[0], [1]], [0.9, 0.2], loss);
    expect(isAttained).toBe(true);
    expectClose(bias![0], logit(0.9), 1e-4);
    expectClose(weight![0][0] + bias![0], logit(0.2), 1e-4);
  });
});

describe('cross_entropy', () => {
  it('has the shares of the classes for probabilities', () => {
    const inputs = [...times(6, [0]), ...times(5, [1])];
    const classes = [0, 0, 0, 1, 1, 2, 0, 1, 1, 2, 2];
    const { loss, weight, bias, isAttained } = optimumOf(inputs, classes, 'cross_entropy', ['a', 'b', 'c']);
    expect(isAttained).toBe(true);
    const expected = 6 * entropy([3 / 6, 2 / 6, 1 / 6]) + 5 * entropy([1 / 5, 2 / 5, 2 / 5]);
    expectClose(loss, expected / 11, 1e-11);
    expectClose(bias![0] - bias![2], Math.log(3), 1e-4);
    expectClose(weight![1][0] + bias![1] - weight![0][0] - bias![0], Math.log(2), 1e-4);
    // Of all parameters that fit, the smallest.
    expect(bias!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
  });

  it('is not attained where lines separate the classes', () => {
    const inputs = [[0], [1], [5], [6], [10], [11]];
    const { loss, isAttained } = optimumOf(inputs, [0, 0, 1, 1, 2, 2], 'cross_entropy', ['a', 'b', 'c']);
    expect({ loss, isAttained }).toEqual({ loss: 0, isAttained: false });
  });
});

describe.each(['huber_loss', 'smooth_l1_loss'] as const)('%s', (loss) => {
  it('lets one far row pull no harder than its slope', () => {
    const { bias, loss: least } = optimumOf(times(4, [0]), [0, 0, 0, 10], loss);
    expectClose(bias![0], 1 / 3, 1e-6);
    expectClose(least, (3 * 0.5 * (1 / 3) ** 2 + (10 - 1 / 3 - 0.5)) / 4, 1e-12);
  });

  it('has no slope left at its optimum, with targets in thousands', () => {
    const draws = new Generator(3).normal(200 * 4);
    const inputs = Array.from({ length: 200 }, (_, row) => [0, 1, 2].map((i) => draws[row * 4 + i] * 10 ** i));
    const targets = inputs.map((row, i) => 1000 * draws[i * 4 + 3] + 50 * row[0] - 20 * row[1]);
    const { weight, bias } = optimumOf(inputs, targets, loss);
    const slopes = [0, 0, 0, 0];
    inputs.forEach((row, i) => {
      const error = row.reduce((sum, x, j) => sum + Math.fround(x) * weight![0][j], bias![0]) - Math.fround(targets[i]);
      const slope = Math.max(-1, Math.min(1, error)) / 200;
      [...row, 1].forEach((x, j) => (slopes[j] += slope * x));
    });
    slopes.forEach((slope, j) => expect(Math.abs(slope) / 10 ** (j % 3)).toBeLessThan(1e-4));
  });
});

describe('l1_loss', () => {
  it('has no limit and no curvature, and says why', () => {
    const report = reportOf([[1], [2]], [1, 2], 'l1_loss');
    expect(report.limit.rate).toBeUndefined();
    expect(report.limit.reason).toContain('l1_loss');
    expect(report.hessian).toBeUndefined();
  });

  it('is smallest at the median', () => {
    const { weight, bias, loss } = optimumOf(times(5, [0]), [1, 2, 4, 90, 700], 'l1_loss');
    expectClose(bias![0], 4, 1e-6);
    expect(weight![0][0]).toBe(0);
    expectClose(loss, (3 + 2 + 0 + 86 + 696) / 5, 1e-9);
  });

  it('leaves nothing where a line goes through all rows', () => {
    const inputs = Array.from({ length: 30 }, (_, i) => [i / 8, (i * i) / 64]);
    const { weight, bias, loss } = optimumOf(
      inputs,
      inputs.map(([a, b]) => 2 * a - 3 * b + 5),
      'l1_loss',
    );
    expect(loss).toBeLessThan(1e-6);
    expectClose(weight![0][0], 2, 1e-5);
    expectClose(weight![0][1], -3, 1e-5);
    expectClose(bias![0], 5, 1e-5);
  });

  it('passes through as many rows as it has parameters, and no such line is better', () => {
    const draws = new Generator(8).normal(60 * 3);
    // Float32, as they are trained on.
    const rows = Array.from({ length: 40 }, (_, i) => [...draws.subarray(3 * i, 3 * i + 2)].map(Math.fround));
    const heavy = (i: number) => Math.fround(rows[i][0] - rows[i][1] + draws[3 * i + 2] ** 3);
    const targets = rows.map((_, i) => heavy(i));
    const inputs = rows.map(([a]) => [a * 1000]);
    const { weight, bias, loss } = optimumOf(inputs, targets, 'l1_loss');
    const meanOf = (slope: number, constant: number) =>
      inputs.reduce((sum, [x], i) => sum + Math.abs(slope * Math.fround(x) + constant - targets[i]), 0) / 40;
    expectClose(meanOf(weight![0][0], bias![0]), loss, 1e-9);
    // A minimum lies on a line through two rows.
    let least = Infinity;
    for (let i = 0; i < 40; i++) {
      for (let j = 0; j < i; j++) {
        const slope = (targets[i] - targets[j]) / (Math.fround(inputs[i][0]) - Math.fround(inputs[j][0]));
        least = Math.min(least, meanOf(slope, targets[i] - slope * Math.fround(inputs[i][0])));
      }
    }
    expectClose(loss, least, 1e-8);
  });

  it('is the same of many rows, most of which are summed, as the slopes at it say', () => {
    const draws = new Generator(5).normal(20_000 * 3);
    const inputs = Array.from({ length: 20_000 }, (_, i) => [draws[3 * i], 100 * draws[3 * i + 1]].map(Math.fround));
    // Errors with a long tail, in an order that an even sample does not see.
    const targets = inputs.map(([a, b], i) => Math.fround(3 * a - b / 50 + 7 + draws[3 * i + 2] * Math.exp(i % 7)));
    const { weight, bias, loss } = optimumOf(inputs, targets, 'l1_loss');
    const slopes = [0, 0, 0];
    let [sum, onLine] = [0, 0];
    inputs.forEach(([a, b], i) => {
      const error = a * weight![0][0] + b * weight![0][1] + bias![0] - targets[i];
      sum += Math.abs(error);
      if (Math.abs(error) < 1e-6) return onLine++;
      [a, b / 100, 1].forEach((x, j) => (slopes[j] += Math.sign(error) * x));
      return 0;
    });
    expectClose(sum / inputs.length, loss, 1e-9);
    // The rows that the minimum passes through can take up the rest, each with a slope between -1 and 1.
    expect(onLine).toBe(3);
    for (const slope of slopes) expect(Math.abs(slope)).toBeLessThan(3 * 4);
  });

  it('has a minimum also where inputs depend on each other', () => {
    const inputs = Array.from({ length: 20 }, (_, i) => [i, 2 * i, 1]);
    const targets = inputs.map(([a], i) => a + (i % 4 === 0 ? 50 : 0));
    const { loss } = optimumOf(inputs, targets, 'l1_loss');
    expectClose(loss, (5 * 50) / 20, 1e-8);
  });
});

describe('classes of which only some can be told apart', () => {
  it('have no minimum: the loss falls towards that of the others', () => {
    // The first class lies far to the left of two that overlap.
    const left = [-9, -8.5, -8, -7.5, -7].map((x) => [x]);
    const right = [1, 2, 3, 4, 5, 6, 7, 8].map((x) => [x]);
    const mixed = [1, 2, 1, 1, 2, 1, 2, 2];
    const found = optimumOf([...left, ...right], [...times(5, 0), ...mixed], 'cross_entropy', ['a', 'b', 'c']);
    expect(found.isAttained).toBe(false);
    const two = optimumOf(
      right,
      mixed.map((value) => value - 1),
      'cross_entropy',
      ['b', 'c'],
    );
    expect(two.isAttained).toBe(true);
    expectClose(found.loss, (two.loss * 8) / 13, 1e-5);
  });
});

describe('many rows', () => {
  it.each([
    ['cross_entropy', ['a', 'b', 'c']],
    ['binary_cross_entropy_with_logits', undefined],
    ['huber_loss', undefined],
  ] as const)('have the minimum that gradient is 0 at: %s', (loss, classNames) => {
    const generator = new Generator(5);
    const random = () => (generator.uint32() / 2 ** 32) * 2 - 1;
    const inputs = Array.from({ length: 20_000 }, () => [random(), 3 * random() + 1, random()]);
    const targets = inputs.map(([a, b, c]) => {
      const score = a + b / 2 + 2 * random();
      if (loss === 'huber_loss') return score;
      return Number(score > 0.3) + (classNames ? Number(c + random() > 0.6) : 0);
    });
    const { weight, bias, loss: least } = optimumOf(inputs, targets, loss, classNames && [...classNames]);
    const rowSource = (values: number[][], ones: boolean) =>
      new TableRows({
        values: Float32Array.from(values.flat()),
        width: values[0].length,
        rows: Uint32Array.from(values, (_, i) => i),
        ones,
      });
    const parameters = weight!.map((values, i) => Float64Array.of(...values, bias![i]));
    const parts = {
      source: rowSource(inputs, true),
      targets: rowSource(
        targets.map((y) => [y]),
        false,
      ),
      loss: losses[loss],
    };
    const { value, gradient } = meanLoss({ ...parts, outputs: parameters.length }, parameters);
    expectClose(value, least, 1e-12);
    for (const slope of gradient.flatMap((slopes) => [...slopes])) expect(Math.abs(slope)).toBeLessThan(1e-6);
    // Of classes, what is the same in all of them is 0.
    if (classNames) expect(Math.abs(bias!.reduce((sum, one) => sum + one, 0))).toBeLessThan(1e-12);
  });
});
