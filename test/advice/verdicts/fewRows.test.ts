import { expect, it } from 'vitest';
import { whyLines } from '../../../src/advice/why';
import { Generator } from '../../../src/engine/random/random';
import { judgedRun } from '../../helpers/judgedRun';

const rows = 60;

/** Rows of noise, of which the target is the first column. */
function noise(width: number) {
  const draws = new Generator(width).normal(rows * width);
  const inputs = Array.from({ length: rows }, (_, row) => [...draws.subarray(row * width, (row + 1) * width)]);
  return { inputs, targets: inputs.map(([x]) => [x]) };
}

/** Spectra: three bands, each as high as there is of a substance, of which the target is a weighted sum. */
function spectra(width: number) {
  const draws = new Generator(3).normal(rows * (width + 3));
  const amounts = Array.from({ length: rows }, (_, row) => [...draws.subarray(3 * row, 3 * row + 3)]);
  const band = (at: number, centre: number) => Math.exp(-(((at / width - centre) / 0.1) ** 2));
  const inputs = amounts.map((amount, row) =>
    Array.from({ length: width }, (_, at) => {
      const pure = [0.2, 0.5, 0.8].reduce((sum, centre, i) => sum + amount[i] * band(at, centre), 0);
      return pure + 0.002 * draws[3 * rows + row * width + at];
    }),
  );
  return { inputs, targets: amounts.map(([a, b]) => [5 * a - 2 * b]) };
}

const trained = (dataset: object, lr: number, besides: object = {}) =>
  judgedRun({
    config: { seed: 0, dataset, optimizer: { type: 'SGD', lr }, loader: { batch_size: 6 }, epochs: 60, ...besides },
  });

it('calls nothing bent of which there are too few rows to tell', async () => {
  const { verdict, state } = await trained({ values: spectra(100), scale: 'standard' }, 0.001);
  expect([verdict.code, ...verdict.also]).not.toContain('not_linear');
  expect(whyLines(state).join('\n')).toMatch(
    /^The rows are too few to tell what a linear model explains, near rows explain 8\d % of the target\.$/m,
  );
});

it('says that rows are fewer than inputs of very many inputs too', async () => {
  const { verdict } = await trained({ values: noise(700) }, 0.004);
  expect(verdict.code).toBe('fewer_rows_than_inputs');
  expect(verdict.sentence).toMatch(/^60 training rows are fewer than the 701 parameters of each output: /);
});

it('proposes no rate over the limit where a verdict needs another run', async () => {
  const dataset = { generate: 'linear', samples: rows, features: 700 };
  const settles = async (lr: number) => {
    const { verdict, state } = await trained(dataset, lr);
    expect(verdict.code).toBe('unknown');
    return whyLines(state).at(-1)!;
  };
  expect(await settles(0.004)).toMatch(/^What would settle it: the same run with lr ten times smaller, and one /);
  expect(await settles(0.0001)).toMatch(/the same run with lr ten times larger and ten times smaller, and one /);
});
