/**
 * Products of a tile of rows with a linear layer. Each sum runs over its terms one after the other, whatever the tile. Where
 * rows are left over, the last one takes the place of those that are missing: it is worked out again, with the same result.
 */
export class Panels {
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
