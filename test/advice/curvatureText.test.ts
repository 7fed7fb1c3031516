import { expect, it } from 'vitest';
import { analyzeRun } from '../../src/training/analyzeRun';
import { curvatureText } from '../../src/advice/curvatureText';
import { openConfig } from '../helpers/openRun';

const textOf = async (values: object, more: object = {}) =>
  curvatureText(analyzeRun(await openConfig({ dataset: { values }, optimizer: { type: 'SGD', lr: 1e-3 }, ...more })));
const notNumbers = /NaN|∞|Infinity|undefined/;

it('says of inputs that are all zero that no weight matters', async () => {
  const zeros = { inputs: [[0], [0], [0]], targets: [[1], [2], [6]] };
  const text = await textOf(zeros, { model: { bias: false } });
  expect(text).not.toMatch(notNumbers);
  expect(text).toContain('lr 0.001; no limit: all inputs are 0, so no weight changes the loss');
  const one = await textOf({ inputs: [[0, 0]], targets: [[3]] }, { model: { bias: false } });
  expect(one).not.toMatch(notNumbers);
});

it('says of targets that are all the same that the loss can be 0', async () => {
  const values = { inputs: [[1.3], [2.7], [4.1], [9.9]], targets: [[3.7], [3.7], [3.7], [3.7]] };
  expect(await textOf(values)).toMatch(/^smallest possible loss 0( \(within rounding\))?, at$/m);
});

it('says where weight decay moves the minimum', async () => {
  const values = { inputs: [[1], [2], [4]], targets: [[1], [2], [4.5]] };
  const optimizer = { type: 'SGD', lr: 1e-3, weight_decay: 3 };
  const bias = /^ {2}there, with the bias decayed as well,\n {2}x0 {2}[\d.]+\n {2}bias {2}[\d.]+$/m;
  expect(await textOf(values, { optimizer })).toMatch(bias);
  expect(await textOf(values, { optimizer })).toMatch(
    /^with weight_decay 3 the minimum is [\d.]+; without it 0\.0\d+$/m,
  );
  expect(await textOf(values)).not.toContain('weight_decay');
});

it('says of a loss that bends differently everywhere what is only a bound', async () => {
  const values = { inputs: [[1], [2], [4]], targets: [[0], [1], [0]] };
  const text = await textOf(values, { loss: 'binary_cross_entropy_with_logits' });
  expect(text).toMatch(/^curvature at most .* down to at most .*: condition [\d.,]+ of this bound, rank 2 of 2$/m);
  expect(text).toMatch(/^slowest direction, mostly \w+, takes at least [\d,.]+ epochs/m);
});

it('says what momentum on small batches is based on, and what a limit of some rows means', async () => {
  const values = { inputs: [[1], [2], [4]], targets: [[1], [2], [4.5]] };
  const optimizer = { type: 'SGD', lr: 1e-3, momentum: 0.9 };
  expect(await textOf(values, { optimizer })).toContain(
    ': momentum carries from batch to batch, so it was found by trying',
  );
  expect(await textOf(values)).toContain('(row 3 is the steepest): up to it no step makes the error larger');
});

it('says how soon the slowest direction comes nearer only where it does', async () => {
  const values = { inputs: [[1], [2], [4]], targets: [[1], [2], [4.5]] };
  const at = (lr: number) => textOf(values, { optimizer: { type: 'SGD', lr }, loader: { batch_size: 3 } });
  expect(await at(0.01)).toContain('slowest direction, mostly');
  expect(await at(1)).not.toContain('slowest direction');
  const sides = { inputs: [[-2], [-1], [1], [3]], targets: [[0], [0], [1], [1]] };
  const endless = await textOf(sides, { loss: 'binary_cross_entropy_with_logits' });
  expect(endless).toContain('the loss has no minimum');
  expect(endless).not.toContain('slowest direction');
});

it('writes 0 for a parameter that is nothing but rounding', async () => {
  // The column of ones is what the bias is, so both are 0.
  const values = {
    inputs: [
      [1, 3],
      [1, 4],
      [1, 8],
      [1, 11],
    ],
    targets: [[3], [4], [8], [11]],
  };
  expect(await textOf(values)).toMatch(/at\n {2}x0 {2}0\n {2}x1 {2}1\n {2}bias {2}0$/);
});
