import { describe, expect, it } from 'vitest';
import { confusion, scatterPoints, type PredictedRows } from '../../src/answers/predictionPlots';

const sine = (rows: number, width = 1): PredictedRows => ({
  rows,
  inputs: Float32Array.from({ length: rows }, (_, row) => row / 8),
  targets: Float32Array.from({ length: rows * width }, (_, i) => i),
  targetColumns: width,
  validation: Uint8Array.from({ length: rows }, (_, row) => Number(row % 5 === 0)),
  predict: (wanted) => Float32Array.from(Array.from(wanted).flatMap((row) => Array(width).fill(row * 2) as number[])),
});

describe('points of a scatter plot', () => {
  it('are all rows where they are few', () => {
    const found = scatterPoints(sine(7), { target: 0, points: 2000 });
    expect(found.total).toBe(7);
    expect([...found.rows]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect([...found.predicted]).toEqual([0, 2, 4, 6, 8, 10, 12]);
    expect([...found.validation]).toEqual([1, 0, 0, 0, 0, 1, 0]);
    expect([...found.input!]).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75]);
  });

  it('are spread evenly over many rows, none twice', () => {
    const { rows } = scatterPoints(sine(100_003), { target: 0, points: 2000 });
    expect(rows).toHaveLength(2000);
    const spans = Array.from({ length: 2001 }, (_, i) => Math.floor((i * 100_003) / 2000));
    expect(rows.every((row, i) => row >= spans[i] && row < spans[i + 1])).toBe(true);
  });

  it.each([2, 5, 50, 365])('are of all phases of a dataset that repeats itself every %i rows', (period) => {
    const { rows } = scatterPoints(sine(100_000), { target: 0, points: 2000 });
    const phases = new Float64Array(period);
    rows.forEach((row) => phases[row % period]++);
    expect(Math.min(...phases)).toBeGreaterThan(0);
    expect(Math.max(...phases)).toBeLessThan((3 * 2000) / period);
  });

  it('are of the target that is asked for', () => {
    const data = { ...sine(3, 2), predict: () => Float32Array.of(1, 10, 2, 20, 3, 30) };
    expect([...scatterPoints(data, { target: 1, points: 9 }).predicted]).toEqual([10, 20, 30]);
    expect([...scatterPoints(data, { target: 1, points: 9 }).actual]).toEqual([1, 3, 5]);
    expect(() => scatterPoints(data, { target: 2, points: 9 })).toThrow('no target 2 among 2');
  });
});

describe('a confusion table', () => {
  // Class i is taken for class i + 1 in every tenth row, else for itself.
  const rows = 10_000;
  const classes = 6;
  const actual = (row: number) => Math.floor(Math.sqrt((row * 36) / rows)) % classes;
  const predicted = (row: number) => (row % 10 === 3 ? (actual(row) + 1) % classes : actual(row));
  const data: PredictedRows = {
    ...sine(rows),
    targets: Float32Array.from({ length: rows }, (_, row) => actual(row)),
    predict: (wanted) => Float32Array.from(wanted, predicted),
  };

  it('counts each row once, by its actual and its predicted class', () => {
    const found = confusion(data, classes, 30);
    const expected = Array.from({ length: classes ** 2 }, () => 0);
    for (let row = 0; row < rows; row++) expected[actual(row) * classes + predicted(row)]++;
    expect([...found.counts]).toEqual(expected);
    expect([...found.classes]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(found).toMatchObject({ total: rows, right: 9000, validationTotal: 2000, validationRight: 2000 });
  });

  it('lists the classes that are most often wrong where they are many', () => {
    const found = confusion(data, classes, 2);
    // The later classes have more rows, and so more wrong ones.
    expect([...found.classes]).toEqual([4, 5]);
    const count = (one: number, other: number) =>
      Array.from({ length: rows }, (_, row) => row).filter((row) => actual(row) === one && predicted(row) === other)
        .length;
    expect([...found.counts]).toEqual([count(4, 4), count(4, 5), count(5, 4), count(5, 5)]);
    expect(found.right).toBe(9000);
  });
});
