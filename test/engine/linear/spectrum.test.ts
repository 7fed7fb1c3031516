import { describe, expect, it } from 'vitest';
import { fitScaling } from '../../../src/engine/data/scaling';
import { lanczos } from '../../../src/engine/linear/lanczos';
import { solveLeastSquares } from '../../../src/engine/linear/leastSquares';
import { RowPasses } from '../../../src/engine/linear/rowPasses';
import { multiply, TableRows } from '../../../src/engine/linear/rowSource';
import { spectraOf, spectrumOf } from '../../../src/engine/linear/spectrum';
import { Generator } from '../../../src/engine/random/random';
import { expectClose } from '../../helpers/expectClose';

function source(values: Float64Array | Float32Array, width: number): TableRows {
  return new TableRows({ values, width, rows: Uint32Array.from({ length: values.length / width }, (_, i) => i) });
}

function spectrum(rows: TableRows) {
  return spectrumOf(rows, () => {
    const none = source(new Float64Array(rows.rows), 1);
    const { factor, rank, scale } = solveLeastSquares(rows, none, { hasOnes: false, tolerance: 1e-12 });
    return { r: factor.r.map((value, i) => value * scale[i % factor.columns]), rank };
  });
}

/** Rows of a Hadamard matrix: columns at right angles, so the eigenvalues of `AᵀA / rows` are the squares of their sizes. */
function orthogonal(rows: number, sizes: number[]): TableRows {
  const sign = (row: number, column: number) => {
    let bits = row & column;
    let odd = 0;
    for (; bits; bits &= bits - 1) odd ^= 1;
    return odd ? -1 : 1;
  };
  const values = Float64Array.from({ length: rows * sizes.length }, (_, i) => {
    const column = i % sizes.length;
    return sizes[column] * sign(Math.floor(i / sizes.length), column);
  });
  return source(values, sizes.length);
}

describe('eigenvalues of AᵀA / rows', () => {
  it('are known to many digits when they are 24 powers of ten apart', () => {
    const { eigenvalues, rank, steepest, flattest } = spectrum(orthogonal(16, [1e-6, 3, 1e6, 20, 0.5]));
    expect(rank).toBe(5);
    [1e12, 400, 9, 0.25, 1e-12].forEach((value, i) => expectClose(eigenvalues![i], value, 1e-7));
    expect(Math.abs(steepest[2])).toBeCloseTo(1, 12);
    expect(Math.abs(flattest[0])).toBeCloseTo(1, 6);
  });

  it('that are zero do not count', () => {
    const rows = [1, 2, 3, 4, 5].flatMap((x) => [x, 2 * x, 7, -x + 1]);
    const { rank, smallest, largest } = spectrum(source(Float64Array.from(rows), 4));
    expect(rank).toBe(2);
    expect(smallest / largest).toBeGreaterThan(1e-3);
  });

  it('are the same of a matrix and of its transpose, and by Lanczos iteration', () => {
    const [rows, columns] = [40, 620];
    const values = new Generator(5).normal(rows * columns);
    const turned = values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
    const wide = spectrum(source(values, columns));
    const tall = spectrum(source(turned, rows));
    const ratio = columns / rows;
    expect(wide.rank).toBe(rows);
    tall.eigenvalues!.forEach((value, i) => expectClose(wide.eigenvalues![i], value * ratio, 1e-9));
    const iterated = lanczos(source(values, columns), { bothEnds: true });
    expectClose(iterated.largest, wide.largest, 1e-9);
    expectClose(iterated.smallest, wide.smallest, 1e-5);
    for (const { steepest, largest } of [wide, iterated]) {
      const outputs = multiply(source(values, columns), steepest);
      expectClose(outputs.reduce((sum, v) => sum + v * v, 0) / rows, largest, 1e-8);
    }
  });

  it('are found at the steep end where both sides are long', () => {
    const [rows, columns] = [600, 510];
    const values = new Generator(6).normal(rows * columns).map((value, i) => (i % columns === 7 ? value * 30 : value));
    const found = spectrum(source(values, columns));
    expect(found.eigenvalues).toBeUndefined();
    let vector: Float64Array = new Float64Array(columns).fill(1);
    let largest = 0;
    for (let i = 0; i < 60; i++) {
      const outputs = multiply(source(values, columns), vector);
      const next = new Float64Array(columns);
      values.forEach((value, at) => (next[at % columns] += (value * outputs[Math.floor(at / columns)]) / rows));
      largest = Math.hypot(...next);
      vector = next.map((value) => value / largest);
    }
    expectClose(found.largest, largest, 1e-8);
    expect(Math.abs(found.steepest[7])).toBeGreaterThan(0.99);
  });

  it('are found at both ends by Lanczos iteration, the small one within a hundredth', () => {
    for (const [rows, columns] of [
      [900, 480],
      [3000, 400],
    ]) {
      const values = new Generator(rows).normal(rows * columns).map((value, i) => value + (i % columns === 3 ? 2 : 0));
      const exact = spectrum(source(values, columns));
      const found = lanczos(source(values, columns), { bothEnds: true });
      expectClose(found.largest, exact.largest, 1e-10);
      expectClose(found.smallest, exact.smallest, 1e-2);
      expect(found.smallest).toBeGreaterThanOrEqual(exact.smallest * (1 - 1e-9));
    }
  });

  it('are the same where those of rows and of scaled rows are found together', () => {
    const [rows, width] = [700, 520];
    const drawn = new Generator(7).normal(rows * width);
    const together = (offset: number, change: Partial<TableRows['options']> = {}) => {
      // Of different sizes, a constant one, and one of them `offset` deviations from 0.
      const values = Float32Array.from(drawn, (value, i) => {
        const column = i % width;
        return column === 5 ? 40 : column === 9 ? 3 * (value + offset) : value * (1 + column / width) + 2;
      });
      const own = new TableRows({ ...source(values, width).options, ones: true, ...change });
      const scaling = fitScaling('standard', values, width, own.options.rows);
      const scaled = new TableRows({ ...own.options, scaling });
      return { own, scaled, found: spectraOf(own, scaled, () => new RowPasses(own, 2)) };
    };
    const { own, scaled, found } = together(50);
    [own, scaled].forEach((one, i) => {
      const alone = spectrum(one);
      expectClose(found![i].largest, alone.largest, 1e-8);
      expectClose(found![i].smallest, alone.smallest, 1e-6);
      alone.steepest.forEach((value, column) => expect(found![i].steepest[column]).toBeCloseTo(value, 4));
    });
    expect(together(5000).found).toBeUndefined();
    expect(together(0, { ones: false }).found).toBeUndefined();
    expect(together(0, { factors: new Float64Array(rows).fill(2) }).found).toBeUndefined();
    expect(together(0, { rows: own.options.rows.subarray(400) }).found).toBeUndefined();
  });

  it('are the same along coordinates', () => {
    const rows = orthogonal(16, [2, 1, 3]);
    const { coordinates, eigenvalues } = spectrum(rows);
    const vector = Float64Array.of(5, -7, 11);
    const along = coordinates!(vector);
    const outputs = multiply(rows, vector).reduce((sum, v) => sum + v * v, 0) / 16;
    expectClose(
      along.reduce((sum, c, i) => sum + eigenvalues![i] * c * c, 0),
      outputs,
      1e-12,
    );
  });
});
