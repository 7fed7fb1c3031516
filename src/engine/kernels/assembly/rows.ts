/**
 * Arithmetic on rows of float32 in memory, four numbers at a time. Rows lie one after the other without gaps. Where a
 * row's width is no multiple of four, its last vector reaches into what follows and `tailMask` cuts that off, so every
 * allocation has 16 bytes of slack after it.
 */

/** All bits set in the lanes that a row's last, partial vector uses. */
let tailMask: v128 = i32x4.splat(-1);

/** What is done with rows: a class, for only methods can be marked to be inlined. */
export class Rows {
  /** Sets the width that rows have, in numbers. */
  static setTail(width: i32): void {
    tailMask = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(width & 3));
  }

  /** A row's last, partial vector without what comes after the row. */
  @inline
  static cutTail(v: v128): v128 {
    return v128.and(tailMask, v);
  }

  /** Sums the lanes of each of four vectors: lane k of the result is the sum of vector k. */
  @inline
  static sumLanes(a: v128, b: v128, c: v128, d: v128): v128 {
    const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
    const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
    return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  }

  /** The dot products of four rows with `w`, one in each lane. */
  @inline
  static dot4(x0: usize, x1: usize, x2: usize, x3: usize, w: usize, width: i32): v128 {
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    const end8 = w + (((width as usize) & ~7) << 2);
    while (w < end8) {
      const u = v128.load(w);
      a0 = f32x4.add(a0, f32x4.mul(u, v128.load(x0)));
      a1 = f32x4.add(a1, f32x4.mul(u, v128.load(x1)));
      a2 = f32x4.add(a2, f32x4.mul(u, v128.load(x2)));
      a3 = f32x4.add(a3, f32x4.mul(u, v128.load(x3)));
      const v = v128.load(w, 16);
      b0 = f32x4.add(b0, f32x4.mul(v, v128.load(x0, 16)));
      b1 = f32x4.add(b1, f32x4.mul(v, v128.load(x1, 16)));
      b2 = f32x4.add(b2, f32x4.mul(v, v128.load(x2, 16)));
      b3 = f32x4.add(b3, f32x4.mul(v, v128.load(x3, 16)));
      w += 32;
      x0 += 32;
      x1 += 32;
      x2 += 32;
      x3 += 32;
    }
    if (width & 4) {
      const u = v128.load(w);
      a0 = f32x4.add(a0, f32x4.mul(u, v128.load(x0)));
      a1 = f32x4.add(a1, f32x4.mul(u, v128.load(x1)));
      a2 = f32x4.add(a2, f32x4.mul(u, v128.load(x2)));
      a3 = f32x4.add(a3, f32x4.mul(u, v128.load(x3)));
      w += 16;
      x0 += 16;
      x1 += 16;
      x2 += 16;
      x3 += 16;
    }
    if (width & 3) {
      const mask = tailMask;
      const u = v128.and(mask, v128.load(w));
      b0 = f32x4.add(b0, f32x4.mul(u, v128.and(mask, v128.load(x0))));
      b1 = f32x4.add(b1, f32x4.mul(u, v128.and(mask, v128.load(x1))));
      b2 = f32x4.add(b2, f32x4.mul(u, v128.and(mask, v128.load(x2))));
      b3 = f32x4.add(b3, f32x4.mul(u, v128.and(mask, v128.load(x3))));
    }
    return Rows.sumLanes(f32x4.add(a0, b0), f32x4.add(a1, b1), f32x4.add(a2, b2), f32x4.add(a3, b3));
  }

  /** Adds to `g` the sum of four rows, each times its lane of `r`. */
  @inline
  static addRows4(x0: usize, x1: usize, x2: usize, x3: usize, r: v128, g: usize, width: i32): void {
    const r0 = v128.shuffle<f32>(r, r, 0, 0, 0, 0);
    const r1 = v128.shuffle<f32>(r, r, 1, 1, 1, 1);
    const r2 = v128.shuffle<f32>(r, r, 2, 2, 2, 2);
    const r3 = v128.shuffle<f32>(r, r, 3, 3, 3, 3);
    const end8 = g + (((width as usize) & ~7) << 2);
    while (g < end8) {
      const s0 = f32x4.add(f32x4.mul(r0, v128.load(x0)), f32x4.mul(r1, v128.load(x1)));
      const s1 = f32x4.add(f32x4.mul(r2, v128.load(x2)), f32x4.mul(r3, v128.load(x3)));
      v128.store(g, f32x4.add(v128.load(g), f32x4.add(s0, s1)));
      const t0 = f32x4.add(f32x4.mul(r0, v128.load(x0, 16)), f32x4.mul(r1, v128.load(x1, 16)));
      const t1 = f32x4.add(f32x4.mul(r2, v128.load(x2, 16)), f32x4.mul(r3, v128.load(x3, 16)));
      v128.store(g, f32x4.add(v128.load(g, 16), f32x4.add(t0, t1)), 16);
      g += 32;
      x0 += 32;
      x1 += 32;
      x2 += 32;
      x3 += 32;
    }
    if (width & 4) {
      const s0 = f32x4.add(f32x4.mul(r0, v128.load(x0)), f32x4.mul(r1, v128.load(x1)));
      const s1 = f32x4.add(f32x4.mul(r2, v128.load(x2)), f32x4.mul(r3, v128.load(x3)));
      v128.store(g, f32x4.add(v128.load(g), f32x4.add(s0, s1)));
      g += 16;
      x0 += 16;
      x1 += 16;
      x2 += 16;
      x3 += 16;
    }
    if (width & 3) {
      const mask = tailMask;
      const s0 = f32x4.add(f32x4.mul(r0, v128.load(x0)), f32x4.mul(r1, v128.load(x1)));
      const s1 = f32x4.add(f32x4.mul(r2, v128.load(x2)), f32x4.mul(r3, v128.load(x3)));
      v128.store(g, f32x4.add(v128.load(g), v128.and(mask, f32x4.add(s0, s1))));
    }
  }

  /** The dot product of one row with `w`. */
  @inline
  static dot1(x: usize, w: usize, width: i32): f32 {
    let a = f32x4.splat(0);
    let b = a;
    const end8 = w + (((width as usize) & ~7) << 2);
    while (w < end8) {
      a = f32x4.add(a, f32x4.mul(v128.load(w), v128.load(x)));
      b = f32x4.add(b, f32x4.mul(v128.load(w, 16), v128.load(x, 16)));
      w += 32;
      x += 32;
    }
    if (width & 4) {
      a = f32x4.add(a, f32x4.mul(v128.load(w), v128.load(x)));
      w += 16;
      x += 16;
    }
    if (width & 3) {
      const mask = tailMask;
      b = f32x4.add(b, f32x4.mul(v128.and(mask, v128.load(w)), v128.and(mask, v128.load(x))));
    }
    const s = f32x4.add(a, b);
    const t = f32x4.add(s, v128.shuffle<f32>(s, s, 2, 3, 2, 3));
    return f32x4.extract_lane(t, 0) + f32x4.extract_lane(t, 1);
  }

  /** Adds to `g` one row times `r`. */
  @inline
  static addRow1(x: usize, r: f32, g: usize, width: i32): void {
    const factor = f32x4.splat(r);
    const end4 = g + (((width as usize) & ~3) << 2);
    while (g < end4) {
      v128.store(g, f32x4.add(v128.load(g), f32x4.mul(factor, v128.load(x))));
      g += 16;
      x += 16;
    }
    if (width & 3) {
      v128.store(g, f32x4.add(v128.load(g), v128.and(tailMask, f32x4.mul(factor, v128.load(x)))));
    }
  }

  /** The sum of a vector's lanes. */
  @inline
  static sumOfLanes(v: v128): f32 {
    const t = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 2, 3));
    return f32x4.extract_lane(t, 0) + f32x4.extract_lane(t, 1);
  }
}
