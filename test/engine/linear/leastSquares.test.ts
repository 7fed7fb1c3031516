import { describe, expect, it } from 'vitest';
import { leastSquares } from '../../../src/engine/linear/leastSquares';
import { Generator } from '../../../src/engine/random/random';
import nist from '../../fixtures/nistLinear.json';

/** A dataset of NIST's Statistical Reference Datasets: powers of `x` up to `degree`, or `columns` row by row. */
interface Certified {
  degree?: number;
  x?: number[];
  columns?: number[][];
  intercept?: boolean;
  y: number[];
  /** The constant first, where there is one. */
  certified: number[];
  residualSquares: number;
}

function powers(x: number, degree: number): number[] {
  const made = [x];
  while (made.length < degree) made.push(made[made.length - 1] * x);
  return made;
}

function solve({ degree = 1, x, columns, intercept = true, y }: Certified) {
  const rows = columns ?? x!.map((value) => powers(value, degree));
  const solved = leastSquares(Float64Array.from(rows.flat()), Float64Array.from(y), {
    columns: rows[0].length,
    intercept,
  });
  return { ...solved, estimates: [...solved.bias, ...solved.weight[0]] };
}

function digits(value: number, certified: number): number {
  return value === certified ? 15 : Math.min(15, -Math.log10(Math.abs(value / certified - 1)));
}

describe('NIST Statistical Reference Datasets, linear regression', () => {
  it.each(Object.entries(nist as Record<string, Certified>))('%s', (name, dataset) => {
    const { estimates, rank, dependent, squares } = solve(dataset);
    expect(rank).toBe(dataset.certified.length);
    expect(dependent).toEqual([]);
    const right = estimates.map((value, i) => digits(value, dataset.certified[i]));
    expect(Math.min(...right)).toBeGreaterThan(name === 'Filip' ? 6 : 9);
    const { residualSquares } = dataset;
    if (residualSquares > 0) expect(digits(squares[0], residualSquares)).toBeGreaterThan(name === 'Filip' ? 6 : 9);
    else expect(squares[0]).toBeLessThan(1e-12);
  });
});

describe('least squares', () => {
  const gauss = new Generator(8).normal(1000);

  it('finds the smallest of all solutions where columns are dependent, and names them', () => {
    // The second column is twice the first, the third is constant: 3 = 1 w0 + 2 w1 in w, 5 = 7 w2 + b in the constant.
    const x = [1, 2, 3, 4, 5, 6];
    const inputs = Float64Array.from(x.flatMap((value) => [value, 2 * value, 7]));
    const targets = Float64Array.from(x, (value) => 3 * value + 5);
    const { weight, bias, rank, dependent, squares } = leastSquares(inputs, targets, { columns: 3 });
    expect(rank).toBe(2);
    expect(dependent).toEqual([1, 2]);
    [3 / 5, 6 / 5, 35 / 50].forEach((value, i) => expect(weight[0][i]).toBeCloseTo(value, 12));
    expect(bias[0]).toBeCloseTo(5 / 50, 12);
    expect(squares[0]).toBeLessThan(1e-20);
  });

  it('does each target by itself, with residuals at right angles to the inputs', () => {
    const [rows, columns] = [60, 4];
    const inputs = Float64Array.from(gauss.slice(0, rows * columns), (value, i) => value * 100 ** (i % columns));
    const targets = Float64Array.from(gauss.slice(500, 500 + rows * 2));
    const { weight, bias, squares } = leastSquares(inputs, targets, { columns, targets: 2 });
    for (let target = 0; target < 2; target++) {
      const residuals = Array.from({ length: rows }, (_, row) => {
        const output = weight[target].reduce((sum, w, i) => sum + w * inputs[row * columns + i], bias[target]);
        return targets[row * 2 + target] - output;
      });
      expect(residuals.reduce((sum, r) => sum + r, 0)).toBeCloseTo(0, 10);
      for (let i = 0; i < columns; i++) {
        const slope = residuals.reduce((sum, r, row) => sum + r * inputs[row * columns + i], 0);
        expect(slope / 100 ** i).toBeCloseTo(0, 9);
      }
      expect(squares[target]).toBeCloseTo(
        residuals.reduce((sum, r) => sum + r * r, 0),
        10,
      );
    }
  });

  it('is the same over many blocks of rows as over one', () => {
    const block = Float64Array.from(gauss.slice(0, 90));
    const targets = Float64Array.from(gauss.slice(90, 120));
    const repeat = (values: Float64Array) =>
      Float64Array.from({ length: values.length * 4000 }, (_, i) => values[i % values.length]);
    const once = leastSquares(block, targets, { columns: 3 });
    const often = leastSquares(repeat(block), repeat(targets), { columns: 3 });
    once.weight[0].forEach((value, i) => expect(often.weight[0][i]).toBeCloseTo(value, 11));
    expect(often.squares[0] / once.squares[0] / 4000).toBeCloseTo(1, 10);
  });

  it('has fewer rows than columns', () => {
    // One equation: the smallest solution of 3 w0 + 4 w1 = 10 lies along (3, 4).
    const { weight, rank } = leastSquares(Float64Array.of(3, 4), Float64Array.of(10), { columns: 2, intercept: false });
    expect(rank).toBe(1);
    expect(weight[0][0]).toBeCloseTo(1.2, 12);
    expect(weight[0][1]).toBeCloseTo(1.6, 12);
  });
});
