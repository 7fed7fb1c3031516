import { outFeatures, targets } from './memory';
import { exp, log, log1p } from './vectorMath';

/** Codes of losses; those of `wasmNet.ts`. */
const mse = 0;
const l1 = 1;
const smoothL1 = 2;
const huber = 3;
const crossEntropy = 5;

/** The loss of each output, its option, and the derivative that goes with the last value. */
let kind: i32 = 0;
let option: f64 = 1;
let derivative: f64 = 0;

/** Takes the loss that the next rows have; `value` is its `beta`, `delta` or `pos_weight`. */
export function chooseLoss(code: i32, value: f64): void {
  kind = code;
  option = value;
}

/** The loss that was taken last, as `chooseLoss` takes it. */
export function lossCode(): i32 {
  return kind;
}
export function lossOption(): f64 {
  return option;
}

/**
 * Losses of rows at a position of the order, whose outputs are rows of whole vectors at `o`; returns their sum in float64.
 * Writes the derivative of each divided by `divisor` to `d`.
 */
export function lossRows(position: usize, rows: u32, o: usize, d: usize, stride: usize, divisor: f64): f64 {
  const width = (outFeatures as usize) << 2;
  let sum: f64 = 0;
  for (let row: u32 = 0; row < rows; row++, position += 4, o += stride, d += stride) {
    const number = load<u32>(position) as usize;
    if (kind === crossEntropy) {
      sum += classLoss(o, d, width, load<f32>(targets + (number << 2)), divisor);
      continue;
    }
    const target = targets + number * width;
    for (let at: usize = 0; at < width; at += 4) {
      sum += lossOf(load<f32>(o + at) as f64, load<f32>(target + at) as f64);
      store<f32>(d + at, (derivative / divisor) as f32);
    }
  }
  return sum;
}

function lossOf(output: f64, target: f64): f64 {
  const error = output - target;
  const size = abs(error);
  switch (kind) {
    case mse:
      derivative = 2 * error;
      return error * error;
    case l1:
      derivative = error > 0 ? 1 : error < 0 ? -1 : error;
      return size;
    case smoothL1:
      derivative = max<f64>(-1, min<f64>(1, error / option));
      return size < option ? (0.5 * size * size) / option : size - 0.5 * option;
    case huber:
      derivative = max<f64>(-option, min<f64>(option, error));
      return size < option ? 0.5 * size * size : option * (size - 0.5 * option);
    default: {
      const share = 1 + (option - 1) * target;
      const rest = log1p(exp(-abs(output)));
      derivative = share / (1 + exp(-output)) - option * target;
      return (1 - target) * output + share * (max<f64>(-output, 0) + rest);
    }
  }
}

/** Of the outputs at `o`, one a class: `-log softmax(o)[target]`. */
function classLoss(o: usize, d: usize, width: usize, target: f32, divisor: f64): f64 {
  const end = o + width;
  const offset = d - o;
  let largest: f32 = -Infinity;
  for (let at = o; at < end; at += 4) largest = max(largest, load<f32>(at));
  let sum: f64 = 0;
  for (let at = o; at < end; at += 4) sum += exp((load<f32>(at) as f64) - (largest as f64));
  const total = (largest as f64) + log(sum);
  const right = o + ((target as usize) << 2);
  for (let at = o; at < end; at += 4) {
    const probability = exp((load<f32>(at) as f64) - total);
    store<f32>(at + offset, ((at === right ? probability - 1 : probability) / divisor) as f32);
  }
  return total - (load<f32>(right) as f64);
}
