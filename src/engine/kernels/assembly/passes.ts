import { enterRows } from './batch';
import {
  chunk,
  hasBias,
  inFeatures,
  order,
  outFeatures,
  outputGradients,
  outputs,
  parameters,
  rowAt,
  startTouching,
  touchAhead,
} from './memory';
import { Rows } from './rows';

/** Outputs of the rows `[start, end)` of the order. */
export function forward(start: u32, end: u32): void {
  const width = inFeatures;
  const height = outFeatures;
  const bias = parameters + ((width * height) << 2);
  let at = order + (start << 2);
  const last = order + (end << 2);
  const last4 = at + ((end - start) & ~3) * 4;
  let out = outputs;
  const stride = (height as usize) << 2;
  startTouching(at);
  for (; at < last4; at += 16) {
    touchAhead(at);
    const x0 = rowAt(at);
    const x1 = rowAt(at + 4);
    const x2 = rowAt(at + 8);
    const x3 = rowAt(at + 12);
    let w = parameters;
    for (let k: usize = 0; k < stride; k += 4) {
      let y = Rows.dot4(x0, x1, x2, x3, w, width);
      if (hasBias) y = f32x4.add(y, v128.load32_splat(bias + k));
      v128.store_lane<f32>(out + k, y, 0);
      v128.store_lane<f32>(out + stride + k, y, 1);
      v128.store_lane<f32>(out + 2 * stride + k, y, 2);
      v128.store_lane<f32>(out + 3 * stride + k, y, 3);
      w += (width as usize) << 2;
    }
    out += 4 * stride;
  }
  for (; at < last; at += 4) {
    const x = rowAt(at);
    let w = parameters;
    for (let k: usize = 0; k < stride; k += 4) {
      let y = Rows.dot1(x, w, width);
      if (hasBias) y += load<f32>(bias + k);
      store<f32>(out + k, y);
      w += (width as usize) << 2;
    }
    out += stride;
  }
}

/** Adds to the batch's gradients what the output gradients of the rows `[start, end)` give. */
export function backward(start: u32, end: u32): void {
  let from = start;
  let gradient = outputGradients;
  while (from < end) {
    const rows = enterRows(end - from);
    backwardRows(order + (from << 2), rows, gradient);
    from += rows;
    gradient += (rows * outFeatures) << 2;
  }
}

function backwardRows(at: usize, rows: u32, d: usize): void {
  const width = inFeatures;
  const rowBytes = (width as usize) << 2;
  const stride = (outFeatures as usize) << 2;
  const bias = chunk + rowBytes * (outFeatures as usize);
  const last = at + (rows << 2);
  const last4 = at + ((rows & ~3) << 2);
  for (; at < last4; at += 16) {
    const x0 = rowAt(at);
    const x1 = rowAt(at + 4);
    const x2 = rowAt(at + 8);
    const x3 = rowAt(at + 12);
    let g = chunk;
    for (let k: usize = 0; k < stride; k += 4) {
      const r = f32x4(
        load<f32>(d + k),
        load<f32>(d + stride + k),
        load<f32>(d + 2 * stride + k),
        load<f32>(d + 3 * stride + k),
      );
      Rows.addRows4(x0, x1, x2, x3, r, g, width);
      if (hasBias) store<f32>(bias + k, load<f32>(bias + k) + Rows.sumOfLanes(r));
      g += rowBytes;
    }
    d += 4 * stride;
  }
  for (; at < last; at += 4) {
    const x = rowAt(at);
    let g = chunk;
    for (let k: usize = 0; k < stride; k += 4) {
      const r = load<f32>(d + k);
      Rows.addRow1(x, r, g, width);
      if (hasBias) store<f32>(bias + k, load<f32>(bias + k) + r);
      g += rowBytes;
    }
    d += stride;
  }
}
