import { describe, expect, it } from 'vitest';
import { leastSquares } from '../../../src/engine/curvature/leastSquares';
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
