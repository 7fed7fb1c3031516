import { begin, end } from './batch';
import {
  chunk,
  gradients,
  hasBias,
  inFeatures,
  order,
  parameterCount,
  parameters,
  previous,
  report,
  rowAt,
  startTouching,
  targetAt,
  touchAhead,
} from './memory';
import { Rows } from './rows';

/**
 * Forward and backward of mse_loss with one output while a row is in cache: adds the gradients of so many rows at a
 * position of the order to those at `g`, and returns the sum of squares. The gradients of that sum are twice what is added.
 */
export function mseRows(at: usize, rows: u32, g: usize): f64 {
  const width = inFeatures;
  const w = parameters;
  const biasAt = (width as usize) << 2;
  const bias = hasBias ? load<f32>(parameters + biasAt) : 0;
  const last = at + (rows << 2);
  const last4 = at + ((rows & ~3) << 2);
  let squares = f64x2.splat(0);
  let biasSum = f32x4.splat(0);
  for (; at < last4; at += 16) {
    touchAhead(at);
    const x0 = rowAt(at);
    const x1 = rowAt(at + 4);
    const x2 = rowAt(at + 8);
    const x3 = rowAt(at + 12);
    const y = f32x4(
      load<f32>(targetAt(at)),
      load<f32>(targetAt(at + 4)),
      load<f32>(targetAt(at + 8)),
      load<f32>(targetAt(at + 12)),
    );
    const r = f32x4.sub(f32x4.add(Rows.dot4(x0, x1, x2, x3, w, width), f32x4.splat(bias)), y);
    const low = f64x2.promote_low_f32x4(r);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(r, r, 2, 3, 2, 3));
    squares = f64x2.add(squares, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
    biasSum = f32x4.add(biasSum, r);
    Rows.addRows4(x0, x1, x2, x3, r, g, width);
  }
  let square: f64 = f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1);
  let biasGradient = Rows.sumOfLanes(biasSum);
  for (; at < last; at += 4) {
    touchAhead(at);
    const x = rowAt(at);
    const r = Rows.dot1(x, w, width) + bias - load<f32>(targetAt(at));
    square += (r as f64) * (r as f64);
    biasGradient += r;
    Rows.addRow1(x, r, g, width);
  }
  if (hasBias) store<f32>(g + biasAt, load<f32>(g + biasAt) + biasGradient);
  return square;
}

/**
 * Ends a batch of mse_loss of `rows` rows, whose gradients are summed, with a step of plain SGD.
 * Returns 0, or 1 where the loss and 2 where a parameter is not finite; in both cases `previous` has the last finite ones.
 */
export function step(squares: f64, rows: u32, lr: f32): i32 {
  const loss = (squares / (rows as f64)) as f32;
  store<f64>(report, loss as f64);
  const finite = loss - loss === 0;
  end(2.0 / (rows as f64));
  if (!finite) return 1;
  const count = (parameterCount as usize) << 2;
  const rate = f32x4.splat(lr);
  let spoilt = f32x4.splat(0);
  for (let i: usize = 0; i < count; i += 16) {
    const before = v128.load(parameters + i);
    const after = f32x4.sub(before, f32x4.mul(rate, v128.load(gradients + i)));
    v128.store(previous + i, before);
    v128.store(parameters + i, after);
    spoilt = f32x4.add(spoilt, f32x4.sub(after, after));
  }
  return Rows.sumOfLanes(spoilt) === 0 ? 0 : 2;
}

/**
 * Trains whole batches, of at most a chunk, of the rows `[start, end)` of the order. Report: the last batch's loss,
 * `lossSum` plus each batch's loss × rows, batches done. Returns as `step`, at the first batch that did not return 0.
 */
export function sgdMse(start: u32, end: u32, batchSize: u32, lr: f32, lossSum: f64): i32 {
  if (batchSize === 1) return sgdMseRows(start, end, lr, lossSum);
  let sum = lossSum;
  startTouching(order + (start << 2));
  let batches: u32 = 0;
  let status = 0;
  while (start < end) {
    const rows = min(batchSize, end - start);
    begin();
    const squares = mseRows(order + (start << 2), rows, chunk);
    status = step(squares, rows, lr);
    sum += load<f64>(report) * (rows as f64);
    batches++;
    start += rows;
    if (status !== 0) break;
  }
  store<f64>(report, sum, 8);
  store<f64>(report, batches as f64, 16);
  return status;
}

/** The same for batches of one row: no sums to keep, the step is made of the row itself. */
function sgdMseRows(start: u32, end: u32, lr: f32, lossSum: f64): i32 {
  const width = inFeatures;
  const biasAt = (width as usize) << 2;
  const first = order + (start << 2);
  const last = order + (end << 2);
  let at = first;
  let sum = lossSum;
  let loss: f32 = 0;
  let status = 0;
  startTouching(first);
  while (at < last && status === 0) {
    touchAhead(at);
    const x = rowAt(at);
    const bias = hasBias ? load<f32>(parameters + biasAt) : 0;
    const residual = Rows.dot1(x, parameters, width) + bias - load<f32>(targetAt(at));
    loss = ((residual as f64) * (residual as f64)) as f32;
    sum += loss as f64;
    at += 4;
    if (loss - loss !== 0) status = 1;
    else if (!stepRow(x, residual * 2, lr)) status = 2;
  }
  store<f64>(report, loss as f64);
  store<f64>(report, sum, 8);
  store<f64>(report, ((at - first) >> 2) as f64, 16);
  return status;
}

/** A step of plain SGD along a row times `factor`; returns whether all parameters are finite. */
function stepRow(x: usize, factor: f32, lr: f32): bool {
  const rowBytes = (inFeatures as usize) << 2;
  const factors = f32x4.splat(factor);
  const rate = f32x4.splat(lr);
  let spoilt = f32x4.splat(0);
  for (let i: usize = 0; i < rowBytes; i += 16) {
    const product = f32x4.mul(factors, v128.load(x + i));
    const gradient = i + 16 <= rowBytes ? product : Rows.cutTail(product);
    const before = v128.load(parameters + i);
    const after = f32x4.sub(before, f32x4.mul(rate, gradient));
    v128.store(gradients + i, gradient);
    v128.store(previous + i, before);
    v128.store(parameters + i, after);
    spoilt = f32x4.add(spoilt, f32x4.sub(after, after));
  }
  let bias: f32 = 0;
  if (hasBias) {
    const before = load<f32>(parameters + rowBytes);
    bias = before - lr * factor;
    store<f32>(gradients + rowBytes, factor);
    store<f32>(previous + rowBytes, before);
    store<f32>(parameters + rowBytes, bias);
  }
  return Rows.sumOfLanes(spoilt) + (bias - bias) === 0;
}
