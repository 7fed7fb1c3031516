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
import { Rows } from './rows';

/**
 * Products of a tile of rows with a linear layer. Each sum runs over its terms one after the other, whatever the tile. Where
 * rows are left over, the last one takes the place of those that are missing: it is worked out again, with the same result.
 */
class Panels {
  /** Four rows times a panel of eight outputs. */
  @inline
  static forward8(
    x0: usize,
    x1: usize,
    x2: usize,
    x3: usize,
    w: usize,
    end: usize,
    y0: usize,
    y1: usize,
    y2: usize,
    y3: usize,
  ): void {
    let a0 = v128.load(w);
    let b0 = v128.load(w, 16);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b1 = b0;
    let b2 = b0;
    let b3 = b0;
    w += 32;
    while (w < end) {
      const u = v128.load(w);
      const v = v128.load(w, 16);
      const p = v128.load32_splat(x0);
      a0 = f32x4.add(a0, f32x4.mul(p, u));
      b0 = f32x4.add(b0, f32x4.mul(p, v));
      const q = v128.load32_splat(x1);
      a1 = f32x4.add(a1, f32x4.mul(q, u));
      b1 = f32x4.add(b1, f32x4.mul(q, v));
      const r = v128.load32_splat(x2);
      a2 = f32x4.add(a2, f32x4.mul(r, u));
      b2 = f32x4.add(b2, f32x4.mul(r, v));
      const s = v128.load32_splat(x3);
      a3 = f32x4.add(a3, f32x4.mul(s, u));
      b3 = f32x4.add(b3, f32x4.mul(s, v));
      w += 32;
      x0 += 4;
      x1 += 4;
      x2 += 4;
      x3 += 4;
    }
    v128.store(y0, a0);
    v128.store(y0, b0, 16);
    v128.store(y1, a1);
    v128.store(y1, b1, 16);
    v128.store(y2, a2);
    v128.store(y2, b2, 16);
    v128.store(y3, a3);
    v128.store(y3, b3, 16);
  }

  /** Four rows times a panel of four outputs. */
  @inline
  static forward4(
    x0: usize,
    x1: usize,
    x2: usize,
    x3: usize,
    w: usize,
    end: usize,
    y0: usize,
    y1: usize,
    y2: usize,
    y3: usize,
  ): void {
    let a0 = v128.load(w);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    w += 16;
    while (w < end) {
      const u = v128.load(w);
      a0 = f32x4.add(a0, f32x4.mul(v128.load32_splat(x0), u));
      a1 = f32x4.add(a1, f32x4.mul(v128.load32_splat(x1), u));
      a2 = f32x4.add(a2, f32x4.mul(v128.load32_splat(x2), u));
      a3 = f32x4.add(a3, f32x4.mul(v128.load32_splat(x3), u));
      w += 16;
      x0 += 4;
      x1 += 4;
      x2 += 4;
      x3 += 4;
    }
    v128.store(y0, a0);
    v128.store(y1, a1);
    v128.store(y2, a2);
    v128.store(y3, a3);
  }

  /** Adds to the gradients of eight outputs by four inputs what rows give. */
  @inline
  static addGradients8(x: usize, xStride: usize, d: usize, dStride: usize, rows: u32, g: usize): void {
    let a0 = v128.load(g);
    let b0 = v128.load(g, 16);
    let a1 = v128.load(g, 32);
    let b1 = v128.load(g, 48);
    let a2 = v128.load(g, 64);
    let b2 = v128.load(g, 80);
    let a3 = v128.load(g, 96);
    let b3 = v128.load(g, 112);
    for (let row: u32 = 0; row < rows; row++) {
      const u = v128.load(d);
      const v = v128.load(d, 16);
      const p = v128.load32_splat(x);
      a0 = f32x4.add(a0, f32x4.mul(p, u));
      b0 = f32x4.add(b0, f32x4.mul(p, v));
      const q = v128.load32_splat(x, 4);
      a1 = f32x4.add(a1, f32x4.mul(q, u));
      b1 = f32x4.add(b1, f32x4.mul(q, v));
      const r = v128.load32_splat(x, 8);
      a2 = f32x4.add(a2, f32x4.mul(r, u));
      b2 = f32x4.add(b2, f32x4.mul(r, v));
      const s = v128.load32_splat(x, 12);
      a3 = f32x4.add(a3, f32x4.mul(s, u));
      b3 = f32x4.add(b3, f32x4.mul(s, v));
      x += xStride;
      d += dStride;
    }
    v128.store(g, a0);
    v128.store(g, b0, 16);
    v128.store(g, a1, 32);
    v128.store(g, b1, 48);
    v128.store(g, a2, 64);
    v128.store(g, b2, 80);
    v128.store(g, a3, 96);
    v128.store(g, b3, 112);
  }

  /** The same for four outputs. */
  @inline
  static addGradients4(x: usize, xStride: usize, d: usize, dStride: usize, rows: u32, g: usize): void {
    let a0 = v128.load(g);
    let a1 = v128.load(g, 16);
    let a2 = v128.load(g, 32);
    let a3 = v128.load(g, 48);
    for (let row: u32 = 0; row < rows; row++) {
      const u = v128.load(d);
      a0 = f32x4.add(a0, f32x4.mul(v128.load32_splat(x), u));
      a1 = f32x4.add(a1, f32x4.mul(v128.load32_splat(x, 4), u));
      a2 = f32x4.add(a2, f32x4.mul(v128.load32_splat(x, 8), u));
      a3 = f32x4.add(a3, f32x4.mul(v128.load32_splat(x, 12), u));
      x += xStride;
      d += dStride;
    }
    v128.store(g, a0);
    v128.store(g, a1, 16);
    v128.store(g, a2, 32);
    v128.store(g, a3, 48);
  }

  /** Adds the sum over rows of a vector of `d` to `g`. */
  @inline
  static addColumn(d: usize, dStride: usize, rows: u32, g: usize): void {
    let sum = v128.load(g);
    for (let row: u32 = 0; row < rows; row++, d += dStride) sum = f32x4.add(sum, v128.load(d));
    v128.store(g, sum);
  }

  /** Adds the products of two vectors of `d` and eight outputs' weights of an input. */
  @inline
  static add8(sum: v128, u: v128, v: v128, w: usize): v128 {
    return f32x4.add(f32x4.add(sum, f32x4.mul(u, v128.load(w))), f32x4.mul(v, v128.load(w, 16)));
  }

  @inline
  static add4(sum: v128, u: v128, w: usize): v128 {
    return f32x4.add(sum, f32x4.mul(u, v128.load(w)));
  }
}

/** Outputs of a linear layer for the rows of the tile. */
export function forwardLinear(layer: usize, rows: u32): void {
  const inputs = inputsOf(layer);
  const outputs = outputsOf(layer);
  const xStride = strideOf(inputs);
  const yStride = strideOf(outputs);
  let panel = parameters + packedOf(layer);
  for (let output = 0; output < outputs; output += 8) {
    const isWide = outputs - output > 4;
    const end = panel + ((((inputs + 1) as usize) << 4) << (isWide ? 1 : 0));
    for (let row: u32 = 0; row < rows; row += 4) {
      const last = rows - row - 1;
      const x = fromOf(layer) + row * xStride;
      const y = toOf(layer) + row * yStride + (output << 2);
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

/** Adds to the chunk's gradients what the slopes of a linear layer's outputs give. */
export function addGradients(layer: usize, rows: u32): void {
  const inputs = inputsOf(layer);
  const outputs = outputsOf(layer);
  const xStride = strideOf(inputs);
  const dStride = strideOf(outputs);
  const from = fromOf(layer);
  const xEnd = from + xStride;
  const hasBias = load<u32>(layer, 20) !== 0;
  let g = chunk + packedOf(layer);
  let d = toSlopesOf(layer);
  for (let output = 0; output < outputs; output += 8) {
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
    g += panelBytes(inputs);
    d += 32;
  }
}

/** Slopes by a linear layer's inputs from those by its outputs. */
export function backwardLinear(layer: usize, rows: u32): void {
  const xStride = strideOf(inputsOf(layer));
  const dStride = strideOf(outputsOf(layer));
  for (let row: u32 = 0; row < rows; row += 2) {
    const second = min<u32>(1, rows - row - 1);
    const d = toSlopesOf(layer) + row * dStride;
    const x = fromSlopesOf(layer) + row * xStride;
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
