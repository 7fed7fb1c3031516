import { sumAlone, sumShared } from './chunks';
import {
  gradients,
  hasBias,
  inFeatures,
  order,
  parameters,
  previous,
  report,
  rowAt,
  startTouching,
  targetAt,
  touchAhead,
} from './memory';
import { step } from './mse';
import { Rows } from './rows';

/**
 * Trains whole batches, of at most `chunkRows` rows, of the rows `[start, end)` of the order; `share` lets the helper have
 * a part in them. Report: the last batch's loss, `lossSum` plus each batch's loss × rows, batches done. Returns as `step`,
 * at the first batch that did not return 0.
 */
export function sgdMse(start: u32, end: u32, batchSize: u32, lr: f32, lossSum: f64, share: bool): i32 {
  if (batchSize === 1) return sgdMseRows(start, end, lr, lossSum);
  let sum = lossSum;
  startTouching(order + (start << 2));
  let batches: u32 = 0;
  let status = 0;
  while (start < end) {
    const rows = min(batchSize, end - start);
    const squares = share ? sumShared(start, rows) : sumAlone(start, rows);
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
