import { chunk, gradients, parameterCount, sums } from './memory';

/** Rows whose gradients are summed in float32 before they go to the float64 sums; `chunkRows` of the engine. */
const chunkRows: u32 = 4096;

let chunkFill: u32 = 0;
let chunksSummed: u32 = 0;
/** Of the residuals of mse_loss. */
export let squareSum: f64 = 0;

/** Starts the sums of a batch from zero. */
export function begin(): void {
  chunksSummed = 0;
  squareSum = 0;
  clearChunk();
}

/** Counts rows into the chunk, as many of them as it has room for; returns how many. */
export function enterRows(rows: u32): u32 {
  if (chunkFill === chunkRows) sumChunk();
  const entered = min(rows, chunkRows - chunkFill);
  chunkFill += entered;
  return entered;
}

export function addSquares(sum: f64): void {
  squareSum += sum;
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
  sumChunk();
  for (let i: usize = 0; i < count; i += 4) {
    store<f32>(gradients + i, (load<f64>(sums + 2 * i) * scale) as f32);
  }
}

/** Moves a chunk's float32 gradients to the float64 sums. */
function sumChunk(): void {
  const count = (parameterCount as usize) << 2;
  if (chunksSummed === 0) {
    for (let i: usize = 0; i < count; i += 4) store<f64>(sums + 2 * i, load<f32>(chunk + i) as f64);
  } else {
    for (let i: usize = 0; i < count; i += 4) {
      store<f64>(sums + 2 * i, load<f64>(sums + 2 * i) + (load<f32>(chunk + i) as f64));
    }
  }
  chunksSummed++;
  clearChunk();
}

function clearChunk(): void {
  chunkFill = 0;
  const zero = f32x4.splat(0);
  const end = chunk + ((parameterCount as usize) << 2);
  for (let at = chunk; at < end; at += 16) v128.store(at, zero);
}
