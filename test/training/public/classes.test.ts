import { describe, it } from 'vitest';
import { Generator } from '../../../src/engine/random/random';
import { expectOutcome, type PublicRun } from '../../helpers/publicRun';

const gauss = new Generator(12).normal(2000);
const span = (count: number, at: (i: number) => number) => Array.from({ length: count }, (_, i) => [at(i)]);
const through = (inputs: number[][], line: (x: number[], row: number) => number) =>
  inputs.map((row, i) => [line(row, i)]);
const sgd = (lr: number) => ({ type: 'SGD', lr });
const logistic = { loss: 'binary_cross_entropy_with_logits' };
const zeros = { model: { init: 'zeros' } };
const grades = span(50, (i) => 30 + i).map(([x], i) => [x, 40 + 4 * gauss[i]]);
const cells = span(80, (i) => i).map(([i]) => Array.from({ length: 12 }, (_, j) => gauss[12 * i + j]));

const cases: Record<string, PublicRun> = {
  'classes that a threshold tells apart': {
    ...{ inputs: span(12, (i) => i - 5.5), targets: span(12, (i) => Number(i > 5)), optimizer: sgd(1), epochs: 2000 },
    ...{ config: { ...logistic, ...zeros }, code: 'separable', says: /no minimum/, fix: /^Set weight_decay/ },
    then: 'converged',
  },
  'classes held so near to each other that none is told': {
    ...{ inputs: grades, targets: through(grades, ([x]) => Number(x > 55)), scale: 'standard', epochs: 40_000 },
    ...{ optimizer: { ...sgd(0.03), weight_decay: 24 }, config: logistic, warned: /^weight_decay 24 holds/ },
    ...{ code: 'regularization_too_strong', exit: 1, fix: /^Set weight_decay to 0\.00024$/, left: 0.08 },
  },
  'a dummy that occurs with one class alone': {
    ...{ inputs: span(14, (i) => i).map(([i]) => [Number(i > 9), i % 5]), epochs: 4000, optimizer: sgd(0.1) },
    ...{ targets: [0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1].map((one) => [one]), config: { ...logistic, ...zeros } },
    ...{ code: 'separable', says: /no minimum/ },
    then: 'improving',
  },
  'two values as a target of mse_loss': {
    ...{ inputs: grades, targets: through(grades, ([x]) => Number(x > 55)), scale: 'standard', optimizer: sgd(0.1) },
    ...{ epochs: 300, noted: /set loss to "binary_cross_entropy_with_logits"/, code: 'classes_as_numbers' },
    fix: /^Predict classes/,
    then: 'separable',
  },
  'exclusive or': {
    ...{ inputs: [0, 1, 2, 3].map((i) => [i & 1, i >> 1]), targets: [[0], [1], [1], [0]], optimizer: sgd(0.2) },
    ...{ epochs: 1000, config: logistic, noted: /no better than predicting the same/, code: 'converged' },
    says: /Even the best linear model predicts about the same for every row; where the target bends, a net/,
    fix: /^Use a net of two hidden layers$/,
    then: 'converged',
  },
  'exclusive or by squares': {
    ...{ inputs: [0, 1, 2, 3].map((i) => [i & 1, i >> 1]), targets: [[0], [1], [1], [0]], optimizer: sgd(0.1) },
    ...{ epochs: 1000, noted: /no better than predicting the same/, code: 'converged' },
    ...{ says: /Even the best linear model/, fix: /^Use a net of two hidden layers$/, ends: [0, 0, 0.5] },
    then: 'converged',
  },
  'one class in twelve, which is never predicted': {
    ...{
      inputs: span(120, (i) => gauss[i] - (i % 12 ? 0 : 1.1)),
      targets: span(120, (i) => Number(i % 12 > 0)),
      optimizer: sgd(1),
    },
    ...{ epochs: 500, config: { ...logistic, ...zeros }, code: 'class_imbalance', fix: /pos_weight/ },
    then: 'converged',
  },
  'three classes, of which one lies apart and two overlap': {
    ...{ inputs: span(36, (i) => (i % 3 ? i % 7 : -9 - (i % 5))), targets: span(36, (i) => (i % 3 ? 1 + (i & 1) : 0)) },
    ...{ optimizer: sgd(0.1), epochs: 3000, config: { loss: 'cross_entropy', ...zeros }, code: 'separable' },
    ...{ says: /no minimum/, fix: /^Set weight_decay/ },
    then: 'converged',
  },
  'many measurements, by which the classes can be told apart': {
    ...{ inputs: cells, targets: through(cells, ([a, b]) => Number(a + b > 0)), scale: 'standard', optimizer: sgd(1) },
    ...{ epochs: 2000, config: { ...logistic, ...zeros }, code: 'separable', says: /no minimum/ },
    fix: /^Set weight_decay/,
    then: 'improving',
  },
  'many measurements in their own units': {
    ...{ inputs: cells.map((row) => row.map((value, i) => value * 10 ** (i % 4) + 3 * 10 ** (i % 4))), epochs: 800 },
    ...{ targets: through(cells, ([a, b]) => Number(a + b > 0)), config: { ...logistic, ...zeros } },
    ...{ optimizer: sgd(0.01), warned: /so far above it the loss rises/, code: 'rate_over_limit', exit: 1 },
    ...{ fix: /^Scale the inputs/, left: 0.1 },
  },
};

describe('classes that people asked about', () => {
  it.each(Object.entries(cases))('%s', (_, one) => expectOutcome(one));
});
