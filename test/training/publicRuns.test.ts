import { describe, expect, it } from 'vitest';
import { Generator } from '../../src/engine/random/random';
import type { VerdictCode } from '../../src/advice/findings/judgement';
import { judgedRun, leftOf, problemsOf, withFix, type Judged } from '../helpers/judgedRun';

/** A run that went wrong, or well, in public, rewritten small, and what is to be said of it. */
interface Case {
  inputs: number[][];
  targets: number[][];
  scale?: 'standard' | 'minmax';
  optimizer: Record<string, unknown> & { type: string };
  config?: Record<string, unknown>;
  batch?: number;
  epochs: number;
  /** What is said before the run; nothing where absent. */
  warned?: RegExp;
  noted?: RegExp;
  code: VerdictCode;
  /** What the sentence after the run says. */
  says?: RegExp;
  exit?: 1;
  /** The first fix, and with it what is left of what there was to learn, at most. */
  fix?: RegExp;
  left?: number;
}

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

const cases: Record<string, Case> = {
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
  'classes that a threshold tells apart': {
    ...{ inputs: span(12, (i) => i - 5.5), targets: span(12, (i) => Number(i > 5)), optimizer: sgd(1), epochs: 2000 },
    ...{ config: { ...logistic, ...zeros }, code: 'separable', says: /no minimum/, fix: /^Set weight_decay/ },
  },
  'a dummy that occurs with one class alone': {
    ...{ inputs: span(14, (i) => i).map(([i]) => [Number(i > 9), i % 5]), epochs: 4000, optimizer: sgd(0.1) },
    ...{ targets: [0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1].map((one) => [one]), config: { ...logistic, ...zeros } },
    ...{ code: 'separable', says: /no minimum/ },
  },
  'fewer rows than inputs': {
    ...{ inputs: span(8, (i) => i).map(([i]) => Array.from({ length: 30 }, (_, j) => gauss[30 * i + j])) },
    ...{ targets: span(8, (i) => gauss[400 + i]), optimizer: sgd(0.02), epochs: 2000, code: 'fewer_rows_than_inputs' },
    ...{ noted: /8 training rows are fewer than the 31 parameters/, fix: /^Set weight_decay/ },
  },
  'two values as a target of mse_loss': {
    ...{ inputs: grades, targets: through(grades, ([x]) => Number(x > 55)), scale: 'standard', optimizer: sgd(0.1) },
    ...{ epochs: 300, noted: /set loss to "binary_cross_entropy_with_logits"/, code: 'classes_as_numbers' },
    fix: /^Predict classes/,
  },
  'exclusive or': {
    ...{ inputs: [0, 1, 2, 3].map((i) => [i & 1, i >> 1]), targets: [[0], [1], [1], [0]], optimizer: sgd(0.2) },
    ...{ epochs: 1000, config: logistic, noted: /no better than predicting the same/, code: 'converged' },
    says: /Even the best linear model predicts about the same for every row; where the target bends, a net/,
    fix: /^Use a net of two hidden layers$/,
  },
  'one class in twelve, which is never predicted': {
    ...{
      inputs: span(120, (i) => gauss[i] - (i % 12 ? 0 : 1.1)),
      targets: span(120, (i) => Number(i % 12 > 0)),
      optimizer: sgd(1),
    },
    ...{ epochs: 500, config: { ...logistic, ...zeros }, code: 'class_imbalance', fix: /pos_weight/ },
  },
  'a rate that is right': {
    ...{ inputs: unit, targets: through(unit, ([x]) => 3 * x - 1), scale: 'standard', optimizer: sgd(0.3), epochs: 60 },
    ...{ code: 'converged' },
  },
};

function runOf({ inputs, targets, scale, optimizer, config, batch, epochs }: Case): Judged {
  const dataset = { values: { inputs, targets }, ...(scale && { scale }) };
  const loader = { batch_size: batch ?? inputs.length, shuffle: false };
  return { config: { seed: 1, dataset, loader, optimizer, epochs, ...config } };
}

describe('a run that people asked about', () => {
  it.each(Object.entries(cases))('%s', async (_, one) => {
    const run = runOf(one);
    const problems = await problemsOf(run);
    const said = (severity: string) => problems.filter((problem) => problem.severity === severity);
    const texts = (severity: string) =>
      said(severity)
        .map(({ message }) => message)
        .join('\n');
    expect(texts('error')).toBe('');
    expect(texts('warning')).toMatch(one.warned ?? /^$/);
    if (one.noted) expect(texts('information')).toMatch(one.noted);
    const { verdict, exitStatus, state } = await judgedRun(run);
    expect([verdict.code, verdict.sentence, exitStatus]).toEqual([one.code, verdict.sentence, one.exit ?? 0]);
    if (one.says) expect(verdict.sentence).toMatch(one.says);
    if (one.fix) expect(verdict.fixes[0]?.title).toMatch(one.fix);
    if (one.left === undefined) return;
    const mended = await judgedRun(withFix(run, verdict.fixes[0]));
    const before = state.history.at('loss', 0)!;
    expect([mended.exitStatus, leftOf(mended.state, before) <= one.left, mended.verdict.sentence]).toEqual([
      ...[0, true, mended.verdict.sentence],
    ]);
  });
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
