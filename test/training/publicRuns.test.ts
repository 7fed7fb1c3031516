import { describe, expect, it } from 'vitest';
import { Generator } from '../../src/engine/random/random';
import { judgedRun, leftOf, withFix, type Judged } from '../helpers/judgedRun';
import { expectOutcome, type PublicRun } from '../helpers/publicRun';

const gauss = new Generator(12).normal(2000);
const span = (count: number, at: (i: number) => number) => Array.from({ length: count }, (_, i) => [at(i)]);
const through = (inputs: number[][], line: (x: number[], row: number) => number) =>
  inputs.map((row, i) => [line(row, i)]);
const sgd = (lr: number, besides: object = {}) => ({ type: 'SGD', lr, ...besides });
const logistic = { loss: 'binary_cross_entropy_with_logits' };
const zeros = { model: { init: 'zeros' } };

const far = [[1], [2], [3], [4], [40]];
const to80 = span(80, (i) => i);
const unit = span(60, (i) => i / 60);
const years = [[2011], [2012], [2013], [2014], [2015]];
const flats = [
  [1850, 3],
  [1420, 3],
  [2300, 2],
  [1100, 2],
  [2950, 4],
  [1700, 4],
];
const scores = span(40, (i) => 88 + i);
const grades = span(50, (i) => 30 + i).map(([x], i) => [x, 40 + 4 * gauss[i]]);
const size = (i: number) => 0.047 * gauss[100 + i];
const bodies = span(90, size);
const squares = span(41, (i) => 20 * i - 400).map(([x]) => [x, x * x]);
const to20 = span(64, (i) => i / 3 - 1);
const parabola = [2, 3.5, 5].map((x) => [x * x, x]);
const momentum = { momentum: 0.9 };

const cases: Record<string, PublicRun> = {
  'one input far from the others, at the rate for the mean of a sum': {
    ...{ inputs: far, targets: through(far, ([x]) => 2 - x), optimizer: sgd(0.06), epochs: 400 },
    ...{ warned: /^lr 0\.06 is \d+ times the limit 0\.003/, code: 'rate_over_limit', exit: 1, fix: /^Set lr to half/ },
    left: 0.1,
  },
  'x from 0 to 79 at lr 0.4': {
    ...{ inputs: to80, targets: through(to80, ([x]) => 0.2 * x + 0.7), optimizer: sgd(0.4), epochs: 200 },
    ...{ warned: /^lr 0\.4 is 8\d0 times the limit/, code: 'rate_over_limit', exit: 1, left: 0.1 },
  },
  'rows in rising order, one at a time': {
    ...{ inputs: to80, targets: through(to80, ([x]) => 3 * x), optimizer: sgd(0.01), epochs: 3, batch: 1 },
    ...{ warned: /^lr 0\.01 is \d+ times the limit .*row 80 is the steepest/, code: 'rate_over_limit', exit: 1 },
    left: 0.1,
  },
  'a rate so little above its limit that the loss is still a number at the end': {
    ...{ inputs: [[1]], targets: [[3]], optimizer: sgd(1.08), epochs: 14, config: { model: { bias: false } } },
    ...{ warned: /^lr 1\.08 is 1\.0?8 times the limit 1/, code: 'rate_over_limit', exit: 1, left: 0.1 },
  },
  'momentum of 0.9 on batches of one row': {
    ...{ inputs: span(6, (i) => i + 1), targets: span(6, (i) => 10 * i), batch: 1, epochs: 25 },
    ...{ optimizer: sgd(0.012, { momentum: 0.9 }), config: { ...zeros, loader: { shuffle: false, batch_size: 1 } } },
    ...{ warned: /times the estimated limit/, code: 'rate_over_limit', exit: 1, left: 0.1 },
  },
  'Nesterov just over its limit': {
    ...{ inputs: [[1]], targets: [[2]], config: { model: { bias: false, init: { weight: [[0]] } } }, epochs: 4000 },
    ...{
      optimizer: sgd(0.7, { momentum: 0.9, nesterov: true }),
      warned: /momentum counted in/,
      code: 'rate_over_limit',
    },
    ...{ exit: 1, left: 0.01 },
  },
  'a logistic loss of raw grades at a beginner’s rate': {
    ...{ inputs: grades, targets: through(grades, ([x, y]) => Number(x + y + 9 * gauss[300 + Math.round(x)] > 95)) },
    ...{ optimizer: sgd(0.1), epochs: 800, config: { ...logistic, ...zeros }, code: 'rate_over_limit', exit: 1 },
    ...{ warned: /times .*, up to which .* is sure to fall/, fix: /^Scale the inputs/, left: 0.1 },
  },
  'a year as the only input': {
    ...{ inputs: years, targets: through(years, ([x]) => 7 * (x - 2011) + 100), optimizer: sgd(0.2), epochs: 100 },
    ...{ warned: /times the limit/, code: 'rate_over_limit', exit: 1, fix: /^Scale the inputs/, left: 0.01 },
  },
  'Adam whose steps are too short for the way': {
    ...{
      inputs: span(8, (i) => i - 3),
      targets: span(8, (i) => 3 * (i - 3) - 2),
      optimizer: { type: 'Adam', lr: 1e-3 },
    },
    ...{ epochs: 600, config: zeros, noted: /Adam moves a parameter by at most about 0\.6 in 600 steps/ },
    ...{ code: 'rate_too_small', fix: /^Set lr to/, left: 0.05 },
  },
  'Adam on targets of tens of thousands': {
    ...{ inputs: unit, targets: through(unit, ([x], i) => 38_000 + 9000 * x + 500 * gauss[i]), scale: 'standard' },
    ...{ optimizer: { type: 'Adam', lr: 1e-3 }, epochs: 200, code: 'targets_too_large', fix: /^Scale the targets/ },
    ...{ noted: /scale the targets and set lr to/, left: 0.1 },
  },
  'a column of ones beside the bias, and Adam at 1e-5': {
    ...{ inputs: span(20, (i) => i / 4).map(([x]) => [1, x]), targets: span(20, (i) => i + 3), epochs: 2000 },
    ...{ optimizer: { type: 'Adam', lr: 1e-5 }, config: zeros, noted: /"x0" is constant or a combination/ },
    ...{ code: 'rate_too_small', fix: /^Set lr to/, left: 0.05 },
  },
  'Adagrad, whose steps get shorter and shorter': {
    ...{ inputs: unit, targets: through(unit, ([x]) => 2 * x + 3), optimizer: { type: 'Adagrad', lr: 0.01 } },
    ...{ epochs: 400, config: zeros, noted: /Adagrad moves a parameter by at most/, code: 'rate_too_small', left: 0.1 },
  },
  'a bias that does not move': {
    ...{ inputs: to80, targets: through(to80, ([x], i) => 4 * x + 50 + gauss[i]), optimizer: sgd(5e-5), epochs: 100 },
    ...{ config: zeros, noted: /100 epochs hardly move the slowest direction, mostly the bias/, code: 'not_scaled' },
    ...{ says: /takes [\d,]+ epochs to come nearer/, fix: /^Scale the inputs/, left: 0.01 },
  },
  'a column of hundredths': {
    ...{ inputs: bodies, targets: through(bodies, ([x], i) => 150 + 900 * x + 20 * gauss[i]), optimizer: sgd(0.1) },
    ...{ epochs: 1000, config: zeros, noted: /of the achievable R²/, code: 'rate_too_small', fix: /half the limit/ },
    left: 0.1,
  },
  'a logistic loss whose bias has far to go': {
    ...{ inputs: scores, targets: through(scores, ([x], i) => Number(x + 9 * gauss[i] > 108)), optimizer: sgd(1e-5) },
    ...{ epochs: 3000, config: { ...logistic, ...zeros }, noted: /mostly the bias/, code: 'not_scaled' },
    ...{
      says: /^Stuck: the loss is above that of predicting the same for every row/,
      fix: /^Scale the inputs/,
      left: 0.01,
    },
  },
  'areas beside counts of rooms, at the largest stable rate': {
    ...{ inputs: flats, targets: through(flats, ([area, rooms], i) => 0.1 * area + 60 * rooms + 20 * gauss[i] - 50) },
    ...{ optimizer: sgd(2e-7), config: zeros, epochs: 500, code: 'not_scaled', fix: /^Scale the inputs/, left: 0.01 },
    noted: /slowest direction/,
  },
  'RMSprop in too few steps': {
    ...{
      inputs: unit,
      targets: through(unit, ([x]) => 5 * x + 3),
      optimizer: { type: 'RMSprop', lr: 1e-3 },
      epochs: 60,
    },
    ...{ config: zeros, noted: /RMSprop moves a parameter by at most/, code: 'rate_too_small', fix: /^Set lr to/ },
    left: 0.1,
  },
  'absolute errors at a constant rate': {
    ...{ inputs: unit, targets: through(unit, ([x]) => 0.1 * x + 0.3), optimizer: sgd(0.5), epochs: 800 },
    ...{ config: { loss: 'l1_loss', ...zeros }, code: 'no_smooth_minimum', says: /^Hovering: .* a scheduler/ },
    ...{ fix: /CosineAnnealingLR/, left: 0.001 },
  },
  'absolute errors at a tenth of that rate, which hover nearer': {
    ...{ inputs: unit, targets: through(unit, ([x]) => 0.1 * x + 0.3), optimizer: sgd(0.05), epochs: 800 },
    ...{ config: { loss: 'l1_loss', ...zeros }, code: 'no_smooth_minimum', fix: /CosineAnnealingLR/, left: 0.001 },
  },
  'absolute errors at a rate that falls': {
    ...{ inputs: unit, targets: through(unit, ([x]) => 0.1 * x + 0.3), optimizer: sgd(0.5), epochs: 800 },
    ...{ config: { loss: 'l1_loss', ...zeros, scheduler: { type: 'ExponentialLR', gamma: 0.99 } }, code: 'converged' },
  },
  'a valley of condition 100 with a momentum that carries on for a hundred steps': {
    ...{
      inputs: [
        [0.3, 0],
        [0, 3],
      ],
      targets: [[0], [0]],
      epochs: 300,
    },
    ...{ optimizer: sgd(0.2, { momentum: 0.99, dampening: 0.99 }), code: 'momentum_too_large', exit: 1 },
    ...{ config: { model: { bias: false, init: { weight: [[-4, 1.5]] } } }, fix: /^Set momentum to 0\.9$/, left: 0.05 },
  },
  'fewer rows than inputs': {
    ...{ inputs: span(8, (i) => i).map(([i]) => Array.from({ length: 30 }, (_, j) => gauss[30 * i + j])) },
    ...{ targets: span(8, (i) => gauss[400 + i]), optimizer: sgd(0.02), epochs: 2000, code: 'fewer_rows_than_inputs' },
    ...{ noted: /8 training rows are fewer than the 31 parameters/, fix: /^Set weight_decay/ },
    then: 'fewer_rows_than_inputs',
  },
  'areas beside counts of rooms, at a rate that is usual elsewhere': {
    ...{ inputs: flats, targets: through(flats, ([area, rooms], i) => 0.1 * area + 60 * rooms + 20 * gauss[i] - 50) },
    ...{ optimizer: sgd(0.01), config: zeros, epochs: 500, warned: /^lr 0\.01 is \d\d,000 times the limit/ },
    ...{ code: 'rate_over_limit', exit: 1, left: 0.1 },
  },
  'a square beside its root, hundreds and ten thousands': {
    ...{ inputs: squares, targets: through(squares, ([x, square]) => 3 * square - 5 * x + 8), optimizer: sgd(0.02) },
    ...{ epochs: 400, warned: /^lr 0\.02 is [\d.e]+ times the limit [\d.]+e-10/, code: 'rate_over_limit', exit: 1 },
    left: 0.1,
  },
  'the column in the middle as the target of the others': {
    ...{ inputs: [1, 2, 3, 4, 5].map((i) => [i, i + 1, i + 3, i + 4]), targets: span(5, (i) => i + 3), epochs: 300 },
    ...{ optimizer: sgd(0.2), warned: /^lr 0\.2 is 2\d times the limit/, noted: /many weights fit equally well/ },
    ...{ code: 'rate_over_limit', exit: 1, left: 0.01 },
  },
  'a row far out at the end of a line through 0, one row at a time': {
    ...{ inputs: to20, targets: through(to20, ([x], i) => 2 * x + 0.3 * gauss[i]), batch: 1, epochs: 50 },
    ...{ optimizer: sgd(0.01), config: { model: { bias: false, init: 'zeros' } } },
    ...{ warned: /^lr 0\.01 is 4 times the limit 0\.0025 .*row 64 is the steepest/, code: 'rate_over_limit', exit: 1 },
    left: 0.01,
  },
  'as many steps as a long valley takes, with momentum, three rows': {
    ...{ inputs: parabola, targets: through(parabola, (_, i) => 0.9 - 0.4 * i), optimizer: sgd(3e-4, momentum) },
    ...{ config: zeros, epochs: 800, noted: /of the achievable R² of 1 .*mostly the bias/, code: 'rate_too_small' },
    ...{ says: /^Slow: /, fix: /half the limit/, left: 0.1 },
  },
  'three rows with momentum over its limit': {
    ...{ inputs: parabola, targets: through(parabola, (_, i) => 0.9 - 0.4 * i), optimizer: sgd(0.03, momentum) },
    ...{ config: zeros, epochs: 800, warned: /times the limit 0\.00\d+ .*, momentum counted in$/, exit: 1 },
    ...{ code: 'rate_over_limit', left: 0.1 },
  },
  'an input from 0 to 1, and a bias that is 21 times as flat': {
    ...{ inputs: grades, targets: through(grades, ([x], i) => 1.2 * x - 4 + 3 * gauss[i]), scale: 'minmax' },
    ...{ optimizer: sgd(0.004), config: zeros, epochs: 900, noted: /% of the achievable R²/, code: 'rate_too_small' },
    ...{ says: /^Slow: .* of what can be learned is left/, fix: /half the limit/, left: 0.1 },
  },
  'two targets in their own units at the largest rate that does not blow up': {
    ...{ inputs: flats, targets: flats.map(([area, rooms]) => [area / 30 + rooms, area / 50 - 4 * rooms + 90]) },
    ...{ optimizer: sgd(1e-7), config: zeros, epochs: 60, noted: /mostly the bias, takes [\d.e,]+ epochs/ },
    ...{ code: 'not_scaled', fix: /^Scale the inputs/, left: 0.01 },
  },
  'a rate that is right': {
    ...{ inputs: unit, targets: through(unit, ([x]) => 3 * x - 1), scale: 'standard', optimizer: sgd(0.3), epochs: 60 },
    ...{ code: 'converged' },
  },
};

describe('a run that people asked about', () => {
  it.each(Object.entries(cases))('%s', (_, one) => expectOutcome(one));
});

describe('Adam at a rate that hovers', () => {
  const inputs = Array.from({ length: 120 }, (_, i) => [gauss[i], gauss[200 + i]]);
  const targets = inputs.map(([a, b], i) => [2 * a - 3 * b + 1 + 0.5 * gauss[500 + i]]);

  it.each([
    ['Adam', 1, 8],
    ['Adam', 4, 8],
    ['RMSprop', 0.6, 8],
    ['RMSprop', 0.9, 120],
    ['RMSprop', 2, 120],
  ])('%s at lr %d on batches of %d rows is told so, with what lets it settle', async (type, lr, batch_size) => {
    const config = { seed: 2, dataset: { values: { inputs, targets } }, loader: { batch_size }, epochs: 300 };
    const run: Judged = { config: { ...config, optimizer: { type, lr } } };
    const { verdict, state } = await judgedRun(run);
    expect([verdict.code, verdict.sentence, leftOf(state, 1)]).toEqual([
      'hovering',
      verdict.sentence,
      expect.any(Number),
    ]);
    expect(verdict.fixes.map(({ kind }) => kind)).toEqual(['schedule', 'smaller-rate']);
    for (const fix of verdict.fixes) {
      const mended = await judgedRun(withFix(run, fix));
      expect([fix.title, leftOf(mended.state, 1) < 0.01, leftOf(mended.state, 1)]).toEqual([
        fix.title,
        true,
        expect.any(Number),
      ]);
    }
  });
});
