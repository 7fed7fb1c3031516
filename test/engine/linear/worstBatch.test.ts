import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { expect, it } from 'vitest';
import { TableRows } from '../../../src/engine/linear/rowSource';
import { worstBatch } from '../../../src/engine/linear/worstBatch';

/** The largest eigenvalue of `AᵀA / rows`, with a column of ones. */
function steepness(rows: number[][]): number {
  const matrix = new Matrix(rows.map((row) => [...row, 1]));
  const gram = matrix.transpose().mmul(matrix).div(rows.length);
  return Math.max(...new EigenvalueDecomposition(gram, { assumeSymmetric: true }).realEigenvalues);
}

/** All choices of `size` rows. */
function choices<T>(rows: T[], size: number): T[][] {
  if (size === 0) return [[]];
  return rows.flatMap((row, i) => choices(rows.slice(i + 1), size - 1).map((others) => [row, ...others]));
}

const table = fc.integer({ min: 1, max: 3 }).chain((width) =>
  fc.array(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: width, maxLength: width }), {
    minLength: 2,
    maxLength: 9,
  }),
);
const options = fc.record({ batchSize: fc.integer({ min: 1, max: 9 }), dropLast: fc.boolean() });

function look(rows: number[][], loader: { batchSize: number; dropLast: boolean }, shuffle: boolean) {
  const source = new TableRows({
    values: Float32Array.from(rows.flat()),
    width: rows[0].length,
    rows: Uint32Array.from(rows, (_, i) => i),
    ones: true,
  });
  return worstBatch(source, { ...loader, shuffle }, steepness(rows));
}

it('bounds every batch that shuffled rows can make, from both sides', () => {
  fc.assert(
    fc.property(table, options, (rows, loader) => {
      fc.pre(loader.batchSize <= rows.length);
      const { atMost, atLeast } = look(rows, loader, true);
      const rest = loader.dropLast ? 0 : rows.length % loader.batchSize;
      const sizes = rest > 0 ? [loader.batchSize, rest] : [loader.batchSize];
      const steepest = Math.max(...sizes.flatMap((size) => choices(rows, size).map(steepness)));
      expect(atMost).toBeGreaterThanOrEqual(steepest * (1 - 1e-9));
      expect(atLeast).toBeLessThanOrEqual(steepest * (1 + 1e-9));
      if (Math.min(...sizes) === 1) expect(atMost).toBeCloseTo(steepest, 6);
    }),
    { numRuns: 200, seed: 3 },
  );
});

it('is exact for batches in sequence', () => {
  fc.assert(
    fc.property(table, options, (rows, loader) => {
      fc.pre(loader.batchSize <= rows.length);
      const { atMost, atLeast } = look(rows, loader, false);
      const batches: number[][][] = [];
      for (let start = 0; start < rows.length; start += loader.batchSize) {
        const batch = rows.slice(start, start + loader.batchSize);
        if (batch.length === loader.batchSize || !loader.dropLast) batches.push(batch);
      }
      const steepest = Math.max(...batches.map(steepness));
      expect(Math.abs(atMost / steepest - 1)).toBeLessThan(1e-8);
      expect(Math.abs(atLeast / steepest - 1)).toBeLessThan(1e-8);
    }),
    { numRuns: 200, seed: 4 },
  );
});

it('finds the longest of many rows, equal ones among them', () => {
  const lengths = Array.from({ length: 20_000 }, (_, i) => ((i * 7919) % 10_007) / 8);
  const values = Float32Array.from(lengths);
  const source = new TableRows({ values, width: 1, rows: Uint32Array.from(lengths, (_, i) => i), ones: false });
  for (const size of [2, 25, 3000]) {
    const longest = lengths.map((length) => length ** 2).sort((a, b) => b - a);
    const mean = longest.slice(0, size).reduce((sum, square) => sum + square, 0) / size;
    const found = worstBatch(source, { batchSize: size, dropLast: true, shuffle: true }, mean);
    expect(found.atMost).toBeCloseTo(mean, 6);
    expect(found.longestNorm).toBe(longest[0]);
  }
});
