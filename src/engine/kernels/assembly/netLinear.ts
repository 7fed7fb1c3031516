import { chunk, parameters } from './memory';
import {
  fromOf,
  fromSlopesOf,
  inputsOf,
  outputsOf,
  packedOf,
  panelBytes,
  strideOf,
  toOf,
  toSlopesOf,
} from './netMemory';
import { Panels } from './netPanels';
import { Rows } from './rows';

/** Outputs of a linear layer for the rows of the tile. */
export function forwardLinear(layer: usize, rows: u32): void {
  const inputs = inputsOf(layer);
  const outputs = outputsOf(layer);
  const xStride = strideOf(inputs);
  const yStride = strideOf(outputs);
  const from = fromOf(layer);
  const to = toOf(layer);
  let panel = parameters + packedOf(layer);
  for (let output = 0; output < outputs; output += 8) {
    const isWide = outputs - output > 4;
    const end = panel + ((((inputs + 1) as usize) << 4) << (isWide ? 1 : 0));
    for (let row: u32 = 0; row < rows; row += 4) {
      const last = rows - row - 1;
      const x = from + row * xStride;
      const y = to + row * yStride + (output << 2);
      const second = min<u32>(1, last);
      const third = min<u32>(2, last);
      const fourth = min<u32>(3, last);
      const x1 = x + second * xStride;
      const x2 = x + third * xStride;
      const x3 = x + fourth * xStride;
      const y1 = y + second * yStride;
      const y2 = y + third * yStride;
      const y3 = y + fourth * yStride;
      if (isWide) Panels.forward8(x, x1, x2, x3, panel, end, y, y1, y2, y3);
      else Panels.forward4(x, x1, x2, x3, panel, end, y, y1, y2, y3);
    }
    panel += panelBytes(inputs);
  }
}

/**
 * Adds to the chunk's gradients what the slopes of a linear layer's outputs give: to those of the panels that begin in
 * `[first, last)` of the packed numbers, in bytes.
 */
export function addGradients(layer: usize, rows: u32, first: usize, last: usize): void {
  const inputs = inputsOf(layer);
  const outputs = outputsOf(layer);
  const xStride = strideOf(inputs);
  const dStride = strideOf(outputs);
  const from = fromOf(layer);
  const xEnd = from + xStride;
  const hasBias = load<u32>(layer, 20) !== 0;
  let g = chunk + packedOf(layer);
  let d = toSlopesOf(layer);
  for (let output = 0; output < outputs; output += 8, g += panelBytes(inputs), d += 32) {
    if (g < chunk + first || g >= chunk + last) continue;
    let at = g;
    if (outputs - output > 4) {
      if (hasBias) {
        Panels.addColumn(d, dStride, rows, at);
        Panels.addColumn(d + 16, dStride, rows, at + 16);
      }
      at += 32;
      for (let x = from; x < xEnd; x += 16, at += 128) Panels.addGradients8(x, xStride, d, dStride, rows, at);
    } else {
      if (hasBias) Panels.addColumn(d, dStride, rows, at);
      at += 16;
      for (let x = from; x < xEnd; x += 16, at += 64) Panels.addGradients4(x, xStride, d, dStride, rows, at);
    }
  }
}

/** Slopes by a linear layer's inputs from those by its outputs. */
export function backwardLinear(layer: usize, rows: u32): void {
  const xStride = strideOf(inputsOf(layer));
  const dStride = strideOf(outputsOf(layer));
  const from = toSlopesOf(layer);
  const to = fromSlopesOf(layer);
  for (let row: u32 = 0; row < rows; row += 2) {
    const second = min<u32>(1, rows - row - 1);
    const d = from + row * dStride;
    const x = to + row * xStride;
    backwardRows(layer, d, d + second * dStride, x, x + second * xStride);
  }
}

function backwardRows(layer: usize, d0: usize, d1: usize, x0: usize, x1: usize): void {
  const inputs = inputsOf(layer);
  const bytes = panelBytes(inputs);
  const end = x0 + strideOf(inputs);
  const dEnd = d0 + ((outputsOf(layer) as usize) << 2);
  const first = parameters + packedOf(layer);
  for (let at: usize = 0; x0 < end; x0 += 16, x1 += 16, at += 4) {
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    let panel = first;
    let d = d0;
    let e = d1;
    while (d + 16 < dEnd) {
      const w = panel + 32 + (at << 5);
      const u = v128.load(d);
      const v = v128.load(d, 16);
      a0 = Panels.add8(a0, u, v, w);
      a1 = Panels.add8(a1, u, v, w + 32);
      a2 = Panels.add8(a2, u, v, w + 64);
      a3 = Panels.add8(a3, u, v, w + 96);
      const p = v128.load(e);
      const q = v128.load(e, 16);
      b0 = Panels.add8(b0, p, q, w);
      b1 = Panels.add8(b1, p, q, w + 32);
      b2 = Panels.add8(b2, p, q, w + 64);
      b3 = Panels.add8(b3, p, q, w + 96);
      panel += bytes;
      d += 32;
      e += 32;
    }
    if (d < dEnd) {
      const w = panel + 16 + (at << 4);
      const u = v128.load(d);
      a0 = Panels.add4(a0, u, w);
      a1 = Panels.add4(a1, u, w + 16);
      a2 = Panels.add4(a2, u, w + 32);
      a3 = Panels.add4(a3, u, w + 48);
      const p = v128.load(e);
      b0 = Panels.add4(b0, p, w);
      b1 = Panels.add4(b1, p, w + 16);
      b2 = Panels.add4(b2, p, w + 32);
      b3 = Panels.add4(b3, p, w + 48);
    }
    v128.store(x0, Rows.sumLanes(a0, a1, a2, a3));
    v128.store(x1, Rows.sumLanes(b0, b1, b2, b3));
  }
}
