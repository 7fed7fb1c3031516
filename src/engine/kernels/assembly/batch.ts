import { chunk, gradients, parameterCount, sums } from './memory';

/** Rows whose gradients are summed in float32 before they go to the float64 sums; `chunkRows` of the engine. */
export const chunkRows: u32 = 4096;

let chunkFill: u32 = 0;
let chunksSummed: u32 = 0;

/** Starts the sums of a batch from zero. */
export function begin(): void {
  chunksSummed = 0;
  clearChunk();
}

/** Counts rows into the chunk, as many of them as it has room for; returns how many. */
export function enterRows(rows: u32): u32 {
  if (chunkFill === chunkRows) sumChunk();
  const entered = min(rows, chunkRows - chunkFill);
  chunkFill += entered;
  return entered;
}

/** Writes the batch's gradients: the sums times `scale`. */
export function end(scale: f64): void {
  const count = (parameterCount as usize) << 2;
  if (chunksSummed === 0) {
    const factor = f32x4.splat(scale as f32);
    for (let i: usize = 0; i < count; i += 16) {
      v128.store(gradients + i, f32x4.mul(v128.load(chunk + i), factor));
    }
    return;
  }
  if (chunkFill > 0) sumChunk();
  for (let i: usize = 0; i < count; i += 4) {
    store<f32>(gradients + i, (load<f64>(sums + 2 * i) * scale) as f32);
  }
}

function sumChunk(): void {
  addToSums(chunk);
  clearChunk();
}

/** Adds a chunk's float32 gradients to the float64 sums. */
export function addToSums(from: usize): void {
  const count = (parameterCount as usize) << 2;
  if (chunksSummed === 0) {
    for (let i: usize = 0; i < count; i += 4) store<f64>(sums + 2 * i, load<f32>(from + i) as f64);
  } else {
    for (let i: usize = 0; i < count; i += 4) {
      store<f64>(sums + 2 * i, load<f64>(sums + 2 * i) + (load<f32>(from + i) as f64));
    }
  }
  chunksSummed++;
}

/** Adds float32 gradients to the chunk's. */
export function addToChunk(from: usize): void {
  const count = (parameterCount as usize) << 2;
  for (let i: usize = 0; i < count; i += 16) {
    v128.store(chunk + i, f32x4.add(v128.load(chunk + i), v128.load(from + i)));
  }
}

function clearChunk(): void {
  chunkFill = 0;
  clearGradients(chunk);
}

/** Sets as many numbers as there are parameters to zero. */
export function clearGradients(at: usize): void {
  clear(at, at + ((parameterCount as usize) << 2));
}

/** Sets what lies between two addresses to zero, in whole vectors. */
export function clear(from: usize, end: usize): void {
  const zero = f32x4.splat(0);
  for (let at = from; at < end; at += 16) v128.store(at, zero);
}
