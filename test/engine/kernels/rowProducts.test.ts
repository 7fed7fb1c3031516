import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlainProducts, WasmProducts, type RowProducts } from '../../../src/engine/kernels/rowProducts';
import { Generator } from '../../../src/engine/random/random';

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 40 }),
  columns: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 6 }),
  /** Vectors that there is room for beyond those that are multiplied. */
  spare: fc.integer({ min: 0, max: 2 }),
  seed: fc.integer({ min: 0, max: 1000 }),
});

interface Sizes {
  rows: number;
  columns: number;
  height: number;
  seed: number;
}

/** Outputs and sums of rows from the second on, where there is one, of random numbers: equal seeds, equal numbers. */
function products(made: RowProducts, { rows, columns, height, seed }: Sizes): Record<'outputs' | 'sums', number[]> {
  const generator = new Generator(seed);
  const draw = () => generator.uniform(-1, 1);
  const fill = (count: number, stride: number, values: Float32Array | Float64Array) => {
    for (let row = 0; row < count; row++) {
      for (let i = 0; i < columns; i++) values[row * stride + i] = Math.fround(draw());
    }
  };
  fill(rows, made.stride, made.rows);
  fill(height, made.stride, made.vectors);
  for (let i = 0; i < rows * height; i++) made.slopes[i] = draw();
  const start = rows > 1 ? 1 : 0;
  made.multiply(start, rows - start, height);
  made.addMultiples(start, rows - start, height);
  made.addMultiples(start, 1, height);
  const sums = Array.from({ length: height }, (_, k) => [
    ...made.sums.subarray(k * made.stride, k * made.stride + columns),
  ]);
  return { outputs: [...made.outputs.subarray(0, (rows - start) * height)], sums: sums.flat() };
}

describe('products of rows with vectors', () => {
  it('are the same in WebAssembly and in TypeScript, whatever their sizes', () => {
    fc.assert(
      fc.property(shapes, (sizes) => {
        const block = { ...sizes, height: sizes.height + sizes.spare, together: sizes.rows };
        const compiled = products(new WasmProducts(block), sizes);
        for (const isSingle of [true, false]) {
          const plain = products(new PlainProducts(block, isSingle), sizes);
          for (const key of ['outputs', 'sums'] as const) {
            expect(compiled[key].length).toBe(plain[key].length);
            const differences = compiled[key].map((value, i) => Math.abs(value - plain[key][i]));
            expect(Math.max(0, ...differences)).toBeLessThan(5e-13);
          }
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('are those of the numbers by hand', () => {
    const products = new WasmProducts({ rows: 2, columns: 3, height: 1, together: 2 });
    products.rows.set([1, 2, 3], 0);
    products.rows.set([4, 5, 6], products.stride);
    products.vectors.set([1, 10, 100]);
    products.multiply(0, 2, 1);
    expect([...products.outputs]).toEqual([321, 654]);
    products.slopes.set([1, -1]);
    products.addMultiples(0, 2, 1);
    expect([...products.sums.subarray(0, 3)]).toEqual([-3, -3, -3]);
  });
});
