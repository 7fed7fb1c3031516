import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateAlike, allocateDataset } from '../../../src/engine/kernels/kernelMemory';
import {
  chunkRows,
  preparedSeeds,
  type LinearKernels,
  type KernelSizes,
  type SpanResult,
} from '../../../src/engine/kernels/kernels';
import { PlainKernels } from '../../../src/engine/kernels/plainKernels';
import { WasmKernels } from '../../../src/engine/kernels/wasmKernels';
import { Generator } from '../../../src/engine/random/random';

const makers = { wasm: WasmKernels, plain: PlainKernels };

/** LinearKernels over random numbers: equal sizes and seeds, equal numbers. */
function kernelsOf(kind: 'wasm' | 'plain', sizes: KernelSizes, seed = 1): LinearKernels {
  const generator = new Generator(seed);
  const draw = (count: number) => Float32Array.from({ length: count }, () => generator.uniform(-1, 1));
  const { rows, inFeatures, targetFeatures } = sizes;
  const dataset = { inputs: draw(rows * inFeatures), targets: draw(rows * targetFeatures) };
  const kernels = new makers[kind](dataset, sizes);
  kernels.parameters.set(draw(kernels.parameters.length));
  for (let row = 0; row < rows; row++) kernels.order[row] = row;
  return kernels;
}

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 90 }),
  inFeatures: fc.integer({ min: 1, max: 70 }),
  outFeatures: fc.integer({ min: 1, max: 70 }),
  hasBias: fc.boolean(),
});
const shapesOfOne = shapes.map((shape) => ({ ...shape, outFeatures: 1, targetFeatures: 1 }));

/** Largest distance, in units of the largest magnitude in `expected`, or of 1 below it. */
function distance(actual: Float32Array, expected: Float32Array): number {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0) / scale;
}

/** Forward and backward of one batch with made-up output gradients, in slices that end at the cuts. */
function passes(
  kernels: LinearKernels,
  start: number,
  cuts: number[],
): { outputs: Float32Array; gradients: Float32Array } {
  const { outFeatures } = kernels.sizes;
  const outputs: number[] = [];
  kernels.begin();
  let from = start;
  for (const to of cuts) {
    const count = (to - from) * outFeatures;
    kernels.forward(from, to);
    outputs.push(...kernels.outputs.subarray(0, count));
    for (let i = 0; i < count; i++) {
      kernels.outputGradients[i] = Math.fround(Math.sin((from - start) * outFeatures + i));
    }
    kernels.backward(from, to);
    from = to;
  }
  kernels.end();
  return { outputs: Float32Array.from(outputs), gradients: kernels.gradients.slice() };
}

/** A step over all rows as one batch of mse_loss, passed in slices of this many rows and then the rest. */
function trainBatch(kernels: LinearKernels, rows: number, slices: number[] = []): SpanResult {
  kernels.beginMse(0, rows);
  for (const slice of slices) kernels.addMse(slice);
  while (kernels.addMse(Infinity) < rows);
  return kernels.stepMse(0.1, 0);
}

describe('WasmKernels', () => {
  it('agree with their twin on outputs and gradients of any loss', () => {
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, cut) => {
        const sizes = { ...shape, targetFeatures: 1 };
        const start = cut % shape.rows;
        const [fast, plain] = (['wasm', 'plain'] as const).map((kind) => {
          const kernels = kernelsOf(kind, sizes);
          kernels.shuffle(shape.rows, 7);
          return passes(kernels, start, [shape.rows]);
        });
        expect(distance(fast.outputs, plain.outputs)).toBeLessThan(2e-6);
        expect(distance(fast.gradients, plain.gradients)).toBeLessThan(2e-6);
      }),
      { numRuns: 300 },
    );
  });

  it('train as their twin does with mse_loss and SGD, a last batch that is not full included', () => {
    fc.assert(
      fc.property(shapesOfOne, fc.integer({ min: 1, max: 95 }), (sizes, batchSize) => {
        const [fast, plain] = (['wasm', 'plain'] as const).map((kind) => {
          const kernels = kernelsOf(kind, sizes);
          kernels.shuffle(sizes.rows, 3);
          return { kernels, result: kernels.sgdMse(0, sizes.rows, batchSize, 0.01, 2.5) };
        });
        expect(fast.result.batches).toBe(Math.ceil(sizes.rows / batchSize));
        expect(fast.result.batches).toBe(plain.result.batches);
        expect(fast.result.lossSum / plain.result.lossSum).toBeCloseTo(1, 4);
        expect(distance(fast.kernels.parameters, plain.kernels.parameters)).toBeLessThan(1e-5);
        expect(distance(fast.kernels.previous, plain.kernels.previous)).toBeLessThan(1e-5);
        expect(distance(fast.kernels.gradients, plain.kernels.gradients)).toBeLessThan(1e-5);
      }),
      { numRuns: 300 },
    );
  });

  it('give the same bits for slices of a batch as for the whole', () => {
    const rows = 3 * chunkRows + 77;
    const sizes = { rows, inFeatures: 5, outFeatures: 1, targetFeatures: 1, hasBias: true };
    const whole = kernelsOf('wasm', sizes);
    expect(trainBatch(whole, rows).batches).toBe(1);
    for (const chunks of [[1], [2], [3], [1, 2], [1, 3], [2, 3], [1, 2, 3]]) {
      const cut = kernelsOf('wasm', sizes);
      const result = trainBatch(
        cut,
        rows,
        [...chunks, 4].map((to, i) => (to - (chunks[i - 1] ?? 0)) * chunkRows),
      );
      expect(result.lastLoss).toBeGreaterThan(0);
      expect(cut.gradients).toEqual(whole.gradients);
      expect(cut.parameters).toEqual(whole.parameters);
    }
    const ends = [chunkRows, 2 * chunkRows, 3 * chunkRows, rows];
    const plain = passes(kernelsOf('plain', sizes), 0, ends);
    const sliced = passes(kernelsOf('wasm', sizes), 0, ends);
    expect(distance(sliced.gradients, plain.gradients)).toBeLessThan(1e-5);
  });

  it('keep sums of many rows within float32 rounding', () => {
    const sizes = { rows: 400_000, inFeatures: 3, outFeatures: 1, targetFeatures: 1, hasBias: true };
    const [fast, plain] = (['wasm', 'plain'] as const).map((kind) => {
      const kernels = kernelsOf(kind, sizes);
      kernels.inputs.fill(1.1);
      return { kernels, result: trainBatch(kernels, sizes.rows) };
    });
    expect(Math.abs(fast.result.lastLoss / plain.result.lastLoss - 1)).toBeLessThan(1e-6);
    expect(distance(fast.kernels.gradients, plain.kernels.gradients)).toBeLessThan(1e-6);
  });

  it('give the same bits twice', () => {
    const sizes = { rows: 1003, inFeatures: 37, outFeatures: 1, targetFeatures: 1, hasBias: true };
    const [first, second] = [0, 1].map(() => {
      const kernels = kernelsOf('wasm', sizes);
      kernels.shuffle(1003, 5);
      return { result: kernels.sgdMse(0, 1003, 32, 0.01, 0), parameters: kernels.parameters.slice() };
    });
    expect(second).toEqual(first);
  });
});

describe.each(['wasm', 'plain'] as const)('%s kernels', (kind) => {
  it('shuffle as the generator permutes, bit for bit', () => {
    const sizes = { rows: 3000, inFeatures: 1, outFeatures: 1, targetFeatures: 1, hasBias: true };
    const kernels = kernelsOf(kind, sizes);
    const edges = fc.constantFrom(0, 1, 2, 227, 228, 229, 624, 625, 626, 1248, 1249, 1250);
    const counts = fc.oneof(edges, fc.integer({ min: 0, max: 3000 }));
    fc.assert(
      fc.property(counts, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (count, seed) => {
        kernels.order.forEach((_, i) => (kernels.order[i] = i));
        kernels.shuffle(count, seed);
        expect(kernels.order.subarray(0, count)).toEqual(new Generator(seed).permutation(count));
        expect(kernels.order.subarray(count).every((row, i) => row === count + i)).toBe(true);
      }),
    );
  });

  it('shuffle the same with seeds that they were told of', () => {
    const sizes = { rows: 300, inFeatures: 1, outFeatures: 1, targetFeatures: 1, hasBias: true };
    const kernels = kernelsOf(kind, sizes);
    const counts = fc.oneof(fc.constantFrom(1, 2, 227, 228, 229), fc.integer({ min: 1, max: 300 }));
    const seeds = fc.uint32Array({ minLength: preparedSeeds, maxLength: preparedSeeds });
    fc.assert(
      fc.property(counts, seeds, fc.nat(2 ** 32 - 1), (count, told, other) => {
        kernels.prepareShuffles(count, told);
        for (const seed of [...told, other]) {
          kernels.order.forEach((_, i) => (kernels.order[i] = i));
          kernels.shuffle(count, seed);
          expect(kernels.order.subarray(0, count)).toEqual(new Generator(seed).permutation(count));
        }
      }),
    );
  });

  it('stop at the first loss that is not finite, with the parameters before it', () => {
    const sizes = { rows: 12, inFeatures: 6, outFeatures: 1, targetFeatures: 1, hasBias: true };
    const kernels = kernelsOf(kind, sizes);
    kernels.targets[9] = 3e38;
    const first = kernels.sgdMse(0, 8, 4, 0.01, 0);
    expect(first).not.toHaveProperty('notFinite');
    const before = kernels.parameters.slice();
    const second = kernels.sgdMse(8, 12, 4, 0.01, first.lossSum);
    expect(second).toMatchObject({ batches: 1, lastLoss: Infinity, notFinite: 'loss' });
    expect(kernels.parameters).toEqual(before);
    expect(kernels.previous).toEqual(before);
  });

  it.each([1, 4])('stop before a parameter is not finite, in batches of %i', (batchSize) => {
    const sizes = { rows: 40, inFeatures: 6, outFeatures: 1, targetFeatures: 1, hasBias: true };
    const kernels = kernelsOf(kind, sizes);
    kernels.targets.fill(1000);
    const before = kernels.parameters.slice();
    const result = kernels.sgdMse(0, 40, batchSize, 1e38, 0);
    expect(result).toMatchObject({ batches: 1, notFinite: 'parameter' });
    expect(kernels.parameters).toEqual(before);
  });
});

describe('allocateDataset', () => {
  it('has room for scaled rows too, which kernels take as they are', () => {
    const dataset = { rows: 100_000, ...allocateDataset(100_000, 3, 1) };
    const scaled = allocateAlike(dataset);
    expect([scaled.inputs.length, scaled.targets.length]).toEqual([300_000, 100_000]);
    expect(scaled.inputs.buffer).not.toBe(dataset.inputs.buffer);
    scaled.inputs[7] = 2;
    const { inputs } = scaled;
    const sizes = { rows: 100_000, inFeatures: 3, outFeatures: 1, targetFeatures: 1, hasBias: true };
    const kernels = new WasmKernels(scaled, sizes);
    expect(kernels.inputs[7]).toBe(2);
    // Memory that was grown in place leaves nothing in the array before.
    expect(inputs).toHaveLength(0);
  });

  it('is used by kernels where it lies', () => {
    const dataset = allocateDataset(100_000, 3, 1);
    dataset.inputs.fill(2);
    dataset.targets.fill(5);
    const { buffer } = dataset.inputs;
    const sizes = { rows: 100_000, inFeatures: 3, outFeatures: 1, targetFeatures: 1, hasBias: true };
    const kernels = new WasmKernels(dataset, sizes);
    expect(buffer.byteLength).toBe(0);
    expect(dataset.inputs).toBe(kernels.inputs);
    expect(kernels.inputs.every((value) => value === 2) && kernels.targets.every((value) => value === 5)).toBe(true);
    const again = new WasmKernels(dataset, sizes);
    expect(again.inputs.buffer).toBe(kernels.inputs.buffer);
  });

  it('says how large a dataset is too large', () => {
    expect(() => allocateDataset(40_000_000, 32, 1)).toThrow(
      'training needs 5.3 GB for the dataset; WebAssembly holds at most 4.29 GB',
    );
  });
});
