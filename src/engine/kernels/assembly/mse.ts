import { end } from './batch';
import {
  gradients,
  hasBias,
  inFeatures,
  parameterCount,
  parameters,
  previous,
  report,
  rowAt,
  targetAt,
  touchAhead,
} from './memory';
import { Rows } from './rows';

/**
 * Forward and backward of mse_loss with one output while a row is in cache: adds the gradients of this many rows at a
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
