import { describe, expect, it } from 'vitest';
import { Generator } from '../../../src/engine/random/random';
import { judgedRun, problemsOf, type Judged } from '../../helpers/judgedRun';
import { expectOutcome, fiveHouses, type PublicRun } from '../../helpers/publicRun';

const gauss = new Generator(7).normal(4000);
const span = (count: number, at: (i: number) => number) => Array.from({ length: count }, (_, i) => [at(i)]);
const sgd = (lr: number, besides: object = {}) => ({ type: 'SGD', lr, ...besides });
const r2 = Math.SQRT2;
const zeros = { model: { init: 'zeros' } };
const [to99, thousands] = [span(100, (i) => i), span(40, (i) => 7000 + 25 * i)];
const jobs = span(20, (i) => 25 + ((i * 7) % 40)).map(([age], i) => [age, (i * 3) % 17]);
const incomes = jobs.map(([age, years]) => [30_000 + 2000 * years - 90 * age]);
const corners = [
  [0, 2],
  [1, 0],
  [0, -2],
  [-1, 0],
  [0, 0],
].map(([a, b]) => [a * a, b * b, a * r2, b * r2, a * b * r2]);
const wild = span(20, (i) => (i < 18 ? 3 * i + 2 : 160 - 20 * i));

/** What was asked about, as it should have been run, and where it arrives. */
const cases: Record<string, PublicRun> = {
  'one input far from the others, just below the limit': {
    ...{ inputs: [[1], [2], [3], [4], [35]], targets: [[0], [-1], [-2], [-3], [-34]], optimizer: sgd(0.0039) },
    ...{ epochs: 3000, code: 'converged', ends: [-1, 1] },
  },
  'x from 0 to 99, scaled': {
    ...{ inputs: to99, targets: to99.map(([x]) => [0.1 * x + 0.3]), scale: 'standard', optimizer: sgd(0.5) },
    ...{ epochs: 20, config: zeros, code: 'converged', ends: [0.1, 0.3] },
  },
  'x from 0 to 99 at 82 % of the limit, for as long as the bias takes': {
    ...{ inputs: to99, targets: to99.map(([x]) => [x + 30]), optimizer: sgd(2.5e-4) },
    ...{ epochs: 60_000, config: zeros, code: 'converged', ends: [1, 30] },
  },
  'rows in rising order one at a time, at the limit of the last one': {
    ...{ inputs: to99, targets: to99.map(([x]) => [2 * x]), optimizer: sgd(1e-4), batch: 1, epochs: 50 },
    ...{ config: { model: { init: { weight: [[1.5]], bias: [0] } } }, code: 'converged', ends: [2] },
  },
  'volumes of thousands, scaled': {
    ...{ inputs: thousands, targets: thousands.map(([x]) => [1.05 * x + 34]), scale: 'standard', optimizer: sgd(0.3) },
    ...{ epochs: 100, config: zeros, code: 'converged', ends: [1.05, 34] },
  },
  'five houses, scaled': {
    ...{ ...fiveHouses, scale: 'standard', optimizer: sgd(0.1), epochs: 2000 },
    ...{ config: zeros, code: 'converged', ends: [0.0638434, 103.436, -70.4346] },
  },
  'targets of tens of thousands, by SGD': {
    ...{ inputs: jobs, targets: incomes, scale: 'standard', optimizer: sgd(0.1), epochs: 300 },
    ...{ code: 'converged', ends: [-90, 2000, 30_000] },
  },
  'targets of tens of thousands, scaled as well, by Adam': {
    ...{ inputs: jobs, targets: incomes, scale: 'standard', dataset: { scale_targets: 'standard' } },
    ...{ optimizer: { type: 'Adam', lr: 0.01 }, epochs: 2000, code: 'converged', ends: [-90, 2000, 30_000] },
  },
  'a square beside its root up to a thousand, both sides scaled': {
    ...{ inputs: span(51, (i) => 40 * i - 1000).map(([x]) => [x, x * x]), scale: 'standard', optimizer: sgd(0.5) },
    ...{ targets: span(51, (i) => 40 * i - 1000).map(([x]) => [6 * x * x + 2 * x - 4]), epochs: 200, config: zeros },
    ...{ dataset: { scale_targets: 'standard' }, code: 'converged', ends: [2, 6] },
  },
  'a line through seven points, by SGD': {
    ...{ inputs: span(7, (i) => i - 1), targets: span(7, (i) => 2 * i - 3), optimizer: sgd(0.05), epochs: 500 },
    ...{ code: 'converged', ends: [2, -1] },
  },
  'a column of ones beside the bias, by Adam at a rate that is enough': {
    ...{
      inputs: [2, 3, 7, 9].map((x) => [1, x]),
      targets: [[2], [3], [7], [9]],
      optimizer: { type: 'Adam', lr: 0.01 },
    },
    ...{ epochs: 6000, noted: /"x0" is constant or a combination/, code: 'dependent_columns', says: /^Converged/ },
  },
  'momentum on batches of one row at a rate below the estimate': {
    ...{ inputs: [2, 4, 6, 3, 8, 5].map((x, i) => [x, 1 + ((i * 5) % 7)]), batch: 1, epochs: 400 },
    ...{
      targets: [2, 4, 6, 3, 8, 5].map((x, i) => [x + 2 + 2 * ((i * 5) % 7)]),
      optimizer: sgd(0.001, { momentum: 0.9 }),
    },
    ...{ code: 'converged', ends: [1, 2] },
  },
  'squares of an input between 0 and 1': {
    ...{
      inputs: span(100, (i) => i / 99),
      targets: span(100, (i) => i / 990 + 0.3),
      optimizer: sgd(0.5),
      config: zeros,
    },
    ...{ epochs: 1000, code: 'converged', ends: [0.1, 0.3] },
  },
  'two wild rows, which squares follow': {
    ...{ inputs: span(20, (i) => i), targets: wild, optimizer: sgd(0.007), epochs: 4000, config: zeros },
    ...{ code: 'converged', ends: [-4.2578947, 44.2] },
  },
  'labels of -1 and 1, as classes': {
    ...{ inputs: [-2, -1, 0.5, 1, 2, 0].map((x) => [x]), targets: [-1, -1, 1, -1, 1, 1].map((label) => [label]) },
    ...{ optimizer: sgd(0.5), config: { loss: 'cross_entropy', ...zeros }, epochs: 2000, code: 'converged' },
  },
  'ridge of squares and products of two inputs, twice its lambda by rows as weight decay': {
    ...{ inputs: corners, targets: [[1], [1], [1], [1], [-1]], optimizer: sgd(0.05, { weight_decay: 0.8 }) },
    ...{ epochs: 3000, config: zeros, code: 'fewer_rows_than_inputs', says: /^Converged: .* With weight_decay 0\.8/ },
    ends: [0.485714, 0.228571, 0, 0, 0, 0.028571],
  },
  'a constant column, and one that is the other and 1': {
    ...{ inputs: [1, 2, 3, 4].map((i) => [i, i + 1, 0]), targets: [[5], [8], [11], [14]], optimizer: sgd(0.02) },
    ...{
      epochs: 2000,
      config: zeros,
      noted: /"x1" and "x2" are constant or combinations/,
      code: 'dependent_columns',
      says: /^Converged/,
    },
  },
};

describe('a run that people asked about, as it should have been', () => {
  it.each(Object.entries(cases))('%s', (_, one) => expectOutcome(one));
});

describe('fewer rows than inputs', () => {
  const wide = span(120, (i) => i).map(([i]) => Array.from({ length: 60 }, (_, j) => gauss[(i * 60 + j * 7) % 4000]));
  const run = (weight_decay: number): Judged => ({
    config: {
      ...{ seed: 4, dataset: { values: { inputs: wide, targets: wide.map((row) => [0.02 * row[0] + 0.05]) } } },
      ...{ loader: { batch_size: 5 }, optimizer: sgd(0.005, { weight_decay }), split: [20, 100], epochs: 300 },
    },
  });

  it('learn the training rows by heart, and others better with weight decay', async () => {
    expect((await problemsOf(run(0))).map(({ code }) => code)).toContain('fewer-rows-than-inputs');
    const [free, decayed] = [await judgedRun(run(0)), await judgedRun(run(3))];
    expect(free.state.trainLoss).toBeLessThan(1e-8);
    expect(free.state.validationLoss).toBeGreaterThan(1e3 * free.state.trainLoss);
    expect(decayed.state.validationLoss).toBeLessThan(0.2 * free.state.validationLoss);
  });
});

describe('a bias that needs millions of steps', () => {
  const values = { inputs: [1.3, 2.4, 4.7, 5.6, 6.9].map((x, i) => [x, [2.7, 3.3, 5.2, 6.1, 7.9][i]]) };
  const targets = [[6], [9], [15], [18], [21]];
  const end = async (seed: number, keys: object, lr: number, epochs: number) => {
    const dataset = { values: { ...values, targets }, ...keys };
    const { state } = await judgedRun({
      config: { seed, dataset, loader: { batch_size: 5 }, optimizer: sgd(lr), epochs },
    });
    return state.checkpoint.parameters;
  };

  it('leaves each seed somewhere else, and scaled inputs do not', async () => {
    const [one, other] = [await end(777, {}, 1e-4, 5000), await end(1, {}, 1e-4, 5000)];
    expect(Math.abs(one[0] - other[0])).toBeGreaterThan(0.2);
    const scaled = { scale: 'standard' };
    const [first, second] = [await end(777, scaled, 0.3, 8000), await end(1, scaled, 0.3, 8000)];
    first.forEach((value, i) => expect(Math.abs(value - second[i])).toBeLessThan(1e-3));
  });
});
