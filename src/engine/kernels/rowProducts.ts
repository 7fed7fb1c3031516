import type { Numbers } from '../numbers';
import { webAssembly } from './webAssembly';
import { canRunWasm, instantiate } from './wasmKernels';

/** Sizes of a block of rows and of what is multiplied with it. */
export interface BlockSizes {
  /** Rows that there is room for. */
  rows: number;
  columns: number;
  /** Vectors at most. */
  height: number;
  /** Rows of one call at most. */
  together: number;
}

/** Products of rows with vectors in float64. Arrays are the same at each call. */
export interface RowProducts {
  /** The rows, `stride` numbers each; those beyond the columns stay 0. */
  readonly rows: Numbers;
  readonly stride: number;
  /** `stride` numbers each. */
  readonly vectors: Float64Array;
  /** Of the rows of one call, `rows × height`. */
  readonly outputs: Float64Array;
  /** What each row is multiplied with for each sum, `rows × height`. */
  readonly slopes: Float64Array;
  /** `stride` numbers each. */
  readonly sums: Float64Array;
  /** Writes the products of `count` rows from `start` on with each of the first `height` vectors to `outputs`. */
  multiply(start: number, count: number, height: number): void;
  /** Adds these rows, each times its slopes, to the first `height` sums. */
  addMultiples(start: number, count: number, height: number): void;
}

const pageBytes = 65_536;

/** Of rows in float32, in WebAssembly; only where `canRunWasm` says so. */
export class WasmProducts implements RowProducts {
  readonly rows: Float32Array;
  readonly stride: number;
  readonly vectors: Float64Array;
  readonly outputs: Float64Array;
  readonly slopes: Float64Array;
  readonly sums: Float64Array;
  private readonly assembly;

  constructor(sizes: BlockSizes) {
    if (!webAssembly || !canRunWasm()) throw new Error('there is no WebAssembly with SIMD here');
    const { rows, columns, height, together } = sizes;
    this.stride = columns + (columns % 2);
    const [vectorBytes, outputBytes] = [height * this.stride * 8, together * height * 8];
    const bytes = rows * this.stride * 4 + 2 * vectorBytes + 2 * outputBytes;
    const memory = new webAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
    let at = 0;
    const take = (length: number) => {
      const view = new Float64Array(memory.buffer, at, length / 8);
      at += length;
      return view;
    };
    this.vectors = take(vectorBytes);
    this.sums = take(vectorBytes);
    this.outputs = take(outputBytes);
    this.slopes = take(outputBytes);
    this.rows = new Float32Array(memory.buffer, at, rows * this.stride);
    this.assembly = instantiate(memory);
  }

  multiply(start: number, count: number, height: number): void {
    const { rows, stride, vectors, outputs } = this;
    const at = rows.byteOffset + start * stride * 4;
    this.assembly.multiplyRows(at, count, stride, vectors.byteOffset, height, outputs.byteOffset);
  }

  addMultiples(start: number, count: number, height: number): void {
    const { rows, stride, slopes, sums } = this;
    const at = rows.byteOffset + start * stride * 4;
    this.assembly.addMultiples(at, count, stride, slopes.byteOffset, height, sums.byteOffset);
  }
}

/** The same in TypeScript, for rows in either precision. */
export class PlainProducts implements RowProducts {
  readonly rows: Numbers;
  readonly stride: number;
  readonly vectors: Float64Array;
  readonly outputs: Float64Array;
  readonly slopes: Float64Array;
  readonly sums: Float64Array;

  constructor({ rows, columns, height, together }: BlockSizes, isSingle: boolean) {
    this.stride = columns;
    this.rows = isSingle ? new Float32Array(rows * columns) : new Float64Array(rows * columns);
    this.vectors = new Float64Array(height * columns);
    this.sums = new Float64Array(height * columns);
    this.outputs = new Float64Array(together * height);
    this.slopes = new Float64Array(together * height);
  }

  multiply(start: number, count: number, height: number): void {
    const together = count - (count % 4);
    for (let row = 0; row < together; row += 4) {
      for (let k = 0; k < height; k++) this.multiplyFour(start + row, row * height + k, k, height);
    }
    for (let row = together; row < count; row++) {
      for (let k = 0; k < height; k++) this.multiplyOne(start + row, row * height + k, k);
    }
  }

  addMultiples(start: number, count: number, height: number): void {
    const together = count - (count % 4);
    for (let row = 0; row < together; row += 4) {
      for (let k = 0; k < height; k++) this.addFour(start + row, row * height + k, k, height);
    }
    for (let row = together; row < count; row++) {
      for (let k = 0; k < height; k++) this.addOne(start + row, row * height + k, k);
    }
  }

  private multiplyOne(row: number, at: number, k: number): void {
    const { rows, stride, vectors } = this;
    let sum = 0;
    for (let i = row * stride, j = k * stride; i < (row + 1) * stride; i++, j++) sum += rows[i] * vectors[j];
    this.outputs[at] = sum;
  }

  /** Four rows, whose sums do not wait for each other. */
  private multiplyFour(row: number, at: number, k: number, height: number): void {
    const { rows, stride, vectors, outputs } = this;
    let [p, q, r, s] = [0, 0, 0, 0];
    const a = row * stride;
    const [b, c, d] = [a + stride, a + 2 * stride, a + 3 * stride];
    for (let i = 0, j = k * stride; i < stride; i++, j++) {
      const v = vectors[j];
      p += rows[a + i] * v;
      q += rows[b + i] * v;
      r += rows[c + i] * v;
      s += rows[d + i] * v;
    }
    outputs[at] = p;
    outputs[at + height] = q;
    outputs[at + 2 * height] = r;
    outputs[at + 3 * height] = s;
  }

  private addOne(row: number, at: number, k: number): void {
    const { rows, stride, sums } = this;
    const slope = this.slopes[at];
    for (let i = row * stride, j = k * stride; i < (row + 1) * stride; i++, j++) sums[j] += slope * rows[i];
  }

  private addFour(row: number, at: number, k: number, height: number): void {
    const { rows, stride, slopes, sums } = this;
    const p = slopes[at];
    const q = slopes[at + height];
    const r = slopes[at + 2 * height];
    const s = slopes[at + 3 * height];
    const a = row * stride;
    const [b, c, d] = [a + stride, a + 2 * stride, a + 3 * stride];
    for (let i = 0, j = k * stride; i < stride; i++, j++) {
      sums[j] += p * rows[a + i] + q * rows[b + i] + r * rows[c + i] + s * rows[d + i];
    }
  }
}
