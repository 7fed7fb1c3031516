import { describe, expect, it } from 'vitest';
import type { CurvatureReport } from '../../src/engine/report/report';
import { analyzeRun } from '../../src/training/analyzeRun';
import { expectClose } from '../helpers/expectClose';
import { openConfig } from '../helpers/openRun';
import { fiveHouses } from '../helpers/publicRun';

/** A training problem that people asked about in public, and what is right. */
interface Problem {
  inputs: number[][];
  targets: number[][];
  config?: Record<string, unknown>;
  batchSize?: number;
  scale?: string;
  right: {
    limit?: number;
    loss?: number;
    /** In own units where the inputs are scaled. */
    weight?: number[][];
    bias?: number[];
    rank?: number;
    isAttained?: boolean;
  };
}

const span = (count: number, at: (i: number) => number) => Array.from({ length: count }, (_, i) => [at(i)]);
const through = (inputs: number[][], line: (x: number) => number) => inputs.map(([x]) => [line(x)]);
const [to100, to99, five] = [span(100, (i) => i / 100), span(100, (i) => i), [[1], [2], [3], [4], [35]]];
const [pass, plain] = [[[0], [1], [2], [3], [4], [5]], { type: 'SGD', lr: 0.01 }];

const years = [[2011], [2012], [2013], [2014]];
const wave = span(2000, (i) => Math.PI * ((2 * i) / 1999 - 1)).map(([x]) => x);
const wild = [
  ...through(
    span(18, (i) => i),
    (x) => 3 * x + 2,
  ),
  [-200],
  [-220],
];

const problems: Record<string, Problem> = {
  'a sum where a mean is meant, tensorflow 12030': {
    inputs: five,
    targets: through(five, (x) => 1 - x),
    right: { limit: 1 / 251.325, loss: 0, weight: [[-1]], bias: [1] },
  },
  'x from 0 to 99 at lr 0.5, tensorflow 3148': {
    inputs: to99,
    targets: through(to99, (x) => 0.1 * x + 0.3),
    right: { limit: 3.04484e-4, loss: 0, weight: [[0.1]], bias: [0.3] },
  },
  'x from 1 to 24, tensorflow 18493': {
    inputs: span(24, (i) => i + 1),
    targets: span(24, (i) => i + 3),
    right: { limit: 0.00487965, loss: 0, weight: [[1]], bias: [2] },
  },
  'rows in rising order one at a time, stackoverflow 56894982': {
    inputs: to99,
    targets: through(to99, (x) => 2 * x),
    batchSize: 1,
    right: { limit: 1 / (99 ** 2 + 1), loss: 0, weight: [[2]], bias: [0] },
  },
  'data that contradict a line, brain.js 687': {
    inputs: [[1], [2], [3], [4], [5]],
    targets: [[1], [4], [6], [8], [10]],
    right: { loss: 0.08, weight: [[2.2]], bias: [-0.8] },
  },
  'a column in the middle as a target, brain.js 518': {
    inputs: [0, 1, 2, 3].map((row) => [1, 2, 4, 5, 6].map((i) => i + row)),
    targets: [[3], [4], [5], [6]],
    right: { loss: 0, rank: 2 },
  },
  'two targets of five crops, PyTorch: Zero to GANs': {
    inputs: [
      [73, 67, 43],
      [91, 88, 64],
      [87, 134, 58],
      [102, 43, 37],
      [69, 96, 70],
    ],
    targets: [
      [56, 70],
      [81, 101],
      [119, 133],
      [22, 37],
      [103, 119],
    ],
    right: {
      loss: 0.483121,
      weight: [
        [-0.387574, 0.847757, 0.698178],
        [-0.285158, 0.794007, 0.924975],
      ],
      bias: [-1.63761, -2.21828],
    },
  },
  'a dummy for each colour beside a bias, datascience.stackexchange.com 114855': {
    inputs: [1, 4, 7].flatMap((size) => [
      [size, 1, 0, 0],
      [size, 0, 1, 0],
      [size, 0, 0, 1],
    ]),
    targets: [1, 4, 7].flatMap((size) => [10, 11.5, 7].map((colour) => [2 * size + colour])),
    right: { loss: 0, rank: 4 },
  },
  'exclusive or, keras 112': {
    inputs: [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    targets: [[0], [1], [1], [0]],
    right: { loss: 0.25, weight: [[0, 0]], bias: [0.5] },
  },
  'exclusive or with a logistic loss, CNTK 757': {
    inputs: [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    targets: [[0], [1], [1], [0]],
    config: { loss: 'binary_cross_entropy_with_logits' },
    right: { loss: Math.log(2), weight: [[0, 0]], bias: [0], isAttained: true },
  },
  'rows that a threshold tells apart, stats.stackexchange.com on separation': {
    inputs: pass,
    targets: through(pass, (x) => Number(x > 2.5)),
    config: { loss: 'binary_cross_entropy_with_logits' },
    right: { loss: 0, isAttained: false },
  },
  'absolute errors that swing, datascience.stackexchange.com 15190': {
    inputs: to100,
    targets: through(to100, (x) => 0.1 * x + 0.3),
    config: { loss: 'l1_loss', optimizer: { ...plain, lr: 0.5 } },
    right: { loss: 0, weight: [[0.1]], bias: [0.3], isAttained: true },
  },
  'two wild rows, which absolute errors pass by, scikit-learn': {
    inputs: span(12, (i) => i),
    targets: [
      ...through(
        span(10, (i) => i),
        (x) => 3 * x + 2,
      ),
      [-200],
      [-200],
    ],
    config: { loss: 'l1_loss' },
    right: { loss: (3 * 10 + 2 + 200 + (3 * 11 + 2 + 200)) / 12, weight: [[3]], bias: [2] },
  },
  'two wild rows, which squares follow, scikit-learn': {
    ...{ inputs: span(20, (i) => i), targets: wild },
    right: { loss: 4701.776053, weight: [[-4.2578947]], bias: [44.2] },
  },
  'two wild rows, which a Huber loss hardly follows, scikit-learn': {
    ...{ inputs: span(20, (i) => i), targets: wild, config: { loss: 'huber_loss' } },
    right: { loss: 26.673805, weight: [[2.95872]], bias: [2.239766], isAttained: true },
  },
  'a line through 0 one row at a time, nlintz/TensorFlow-Tutorials 67': {
    ...{ inputs: span(101, (i) => 0.21 * i - 1), targets: span(101, (i) => 0.42 * i - 2), batchSize: 1 },
    ...{ config: { model: { bias: false } }, right: { limit: 0.0025, loss: 0, weight: [[2]] } },
  },
  'five houses by area and bedrooms, stackoverflow 44249466': {
    ...fiveHouses,
    right: { limit: 2.1050927e-7, loss: 288.82889, weight: [[0.0638434, 103.436047]], bias: [-70.434602] },
  },
  'three rows of a sine with squares, discuss.pytorch.org 71751': {
    ...{ inputs: [2, 3.5, 5].map((x) => [x * x, x]), targets: [2, 3.5, 5].map((x) => [Math.sin(x)]) },
    config: { optimizer: { ...plain, momentum: 0.9 } },
    right: { limit: 0.00684727, loss: 0, weight: [[0.144875, -1.636869]], bias: [3.603533] },
  },
  'the cubic that is nearest to a sine, pytorch/tutorials 3607': {
    ...{ inputs: wave.map((x) => [x, x * x, x ** 3]), targets: wave.map((x) => [Math.sin(x)]) },
    right: { limit: 0.0071159, loss: 0.004408583, weight: [[0.8567408, 0, -0.0933304]], bias: [0] },
  },
  'a year and eight sums of which two are always 0, brain.js 850': {
    ...{ inputs: years, targets: years.map(([x], i) => [x, i, 5, 0, 0, -x, 2 * i, i * i]) },
    right: { limit: 8 / (2012.5 ** 2 + 2.25) },
  },
  'a year and eight sums, scaled, brain.js 850': {
    ...{ inputs: years, targets: years.map(([x], i) => [x, i, 5, 0, 0, -x, 2 * i, i * i]), scale: 'standard' },
    right: { limit: 8, rank: 2 },
  },
  'a constant column and one that is the other and 1, a lasso exercise': {
    ...{ inputs: [1, 2, 3, 4].map((i) => [i, i + 1, 0]), targets: [[5], [8], [11], [14]] },
    right: { loss: 0, rank: 2 },
  },
  'two rows by hand, kishan-ved': {
    ...{ inputs: [[3], [5]], targets: [[30], [50]], right: { limit: 0.0557281, loss: 0, weight: [[10]], bias: [0] } },
  },
  'Nesterov on one row, the documentation of torch.optim': {
    inputs: [[1]],
    targets: [[2]],
    config: { model: { bias: false }, optimizer: { ...plain, momentum: 0.9, nesterov: true } },
    right: { limit: 1.9 / 2.8, loss: 0, weight: [[2]] },
  },
  'a valley a hundred times as long as wide, with dampened momentum': {
    inputs: [
      [Math.sqrt(10), 0],
      [0, Math.sqrt(0.1)],
    ],
    targets: [[0], [0]],
    config: { model: { bias: false } },
    right: { limit: 0.2, loss: 0, weight: [[0, 0]] },
  },
};

async function analyze({ inputs, targets, config, batchSize, scale }: Problem): Promise<CurvatureReport> {
  const opened = await openConfig({
    dataset: { values: { inputs, targets }, ...(scale && { scale }) },
    loader: { batch_size: batchSize ?? inputs.length, shuffle: false },
    optimizer: plain,
    ...config,
  });
  return analyzeRun(opened);
}

describe('a problem that people asked about', () => {
  it.each(Object.entries(problems))('%s, has its limit and its minimum', async (_, problem) => {
    const { right } = problem;
    const { limit, optimum, hessian } = await analyze(problem);
    if (right.limit !== undefined) expectClose(limit.rate!, right.limit, 1e-4);
    if (right.rank !== undefined) expect(hessian!.rank).toBe(right.rank);
    const size = Math.max(...problem.targets.flat().map(Math.abs));
    if (right.loss !== undefined) expect(Math.abs(optimum!.loss - right.loss)).toBeLessThan(1e-6 * Math.max(1, size));
    if (right.isAttained !== undefined) expect(optimum!.isAttained).toBe(right.isAttained);
    const found = [...(optimum!.weight ?? []).flat(), ...(optimum!.bias ?? [])];
    const expected = [...(right.weight ?? []).flat(), ...(right.bias ?? [])];
    if (right.weight) expected.forEach((value, i) => expect(Math.abs(found[i] - value)).toBeLessThan(1e-4));
  });
});
