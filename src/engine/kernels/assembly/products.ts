/**
 * Products of rows of float32 with vectors of float64, two numbers at a time in float64. Rows and vectors are `stride` numbers
 * long, an even count of which the last may be a zero.
 */

/** What is done with pairs of numbers: a class, for only methods can be marked to be inlined. */
class Pairs {
  /** Two numbers of a row. */
  @inline
  static of(at: usize): v128 {
    return f64x2.promote_low_f32x4(v128.load64_zero(at));
  }

  /** `sum` and the products of a pair of numbers with another one. */
  @inline
  static add(sum: v128, a: v128, b: v128): v128 {
    return f64x2.add(sum, f64x2.mul(a, b));
  }

  @inline
  static total(sum: v128): f64 {
    return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  }
}

/** Writes for each of `count` rows its product with each vector to `outputs`, `count × height`. */
export function multiplyRows(rows: usize, count: u32, stride: u32, vectors: usize, height: u32, outputs: usize): void {
  const rowBytes = (stride as usize) << 2;
  const vectorBytes = (stride as usize) << 3;
  const outputBytes = (height as usize) << 3;
  const last4 = rows + ((count & ~3) as usize) * rowBytes;
  const last = rows + (count as usize) * rowBytes;
  let row = rows;
  let out = outputs;
  for (; row < last4; row += 4 * rowBytes, out += 4 * outputBytes) {
    let k: u32 = 0;
    for (; k + 1 < height; k += 2) fourByTwo(row, rowBytes, vectors + k * vectorBytes, out + (k << 3), outputBytes);
    if (k < height) fourByOne(row, rowBytes, vectors + k * vectorBytes, out + (k << 3), outputBytes);
  }
  for (; row < last; row += rowBytes, out += outputBytes) {
    for (let k: u32 = 0; k < height; k++) {
      let sum = f64x2.splat(0);
      let v = vectors + k * vectorBytes;
      for (let x = row; x < row + rowBytes; x += 8, v += 16) sum = Pairs.add(sum, Pairs.of(x), v128.load(v));
      store<f64>(out + (k << 3), Pairs.total(sum));
    }
  }
}

function fourByTwo(row: usize, rowBytes: usize, v: usize, out: usize, outputBytes: usize): void {
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  const end = row + rowBytes;
  let w = v + 2 * rowBytes;
  for (let x = row; x < end; x += 8, v += 16, w += 16) {
    const p = v128.load(v);
    const q = v128.load(w);
    const x0 = Pairs.of(x);
    a0 = Pairs.add(a0, x0, p);
    b0 = Pairs.add(b0, x0, q);
    const x1 = Pairs.of(x + rowBytes);
    a1 = Pairs.add(a1, x1, p);
    b1 = Pairs.add(b1, x1, q);
    const x2 = Pairs.of(x + 2 * rowBytes);
    a2 = Pairs.add(a2, x2, p);
    b2 = Pairs.add(b2, x2, q);
    const x3 = Pairs.of(x + 3 * rowBytes);
    a3 = Pairs.add(a3, x3, p);
    b3 = Pairs.add(b3, x3, q);
  }
  store<f64>(out, Pairs.total(a0));
  store<f64>(out, Pairs.total(b0), 8);
  store<f64>(out + outputBytes, Pairs.total(a1));
  store<f64>(out + outputBytes, Pairs.total(b1), 8);
  store<f64>(out + 2 * outputBytes, Pairs.total(a2));
  store<f64>(out + 2 * outputBytes, Pairs.total(b2), 8);
  store<f64>(out + 3 * outputBytes, Pairs.total(a3));
  store<f64>(out + 3 * outputBytes, Pairs.total(b3), 8);
}

function fourByOne(row: usize, rowBytes: usize, v: usize, out: usize, outputBytes: usize): void {
  let a0 = f64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  const end = row + rowBytes;
  for (let x = row; x < end; x += 8, v += 16) {
    const p = v128.load(v);
    a0 = Pairs.add(a0, Pairs.of(x), p);
    a1 = Pairs.add(a1, Pairs.of(x + rowBytes), p);
    a2 = Pairs.add(a2, Pairs.of(x + 2 * rowBytes), p);
    a3 = Pairs.add(a3, Pairs.of(x + 3 * rowBytes), p);
  }
  store<f64>(out, Pairs.total(a0));
  store<f64>(out + outputBytes, Pairs.total(a1));
  store<f64>(out + 2 * outputBytes, Pairs.total(a2));
  store<f64>(out + 3 * outputBytes, Pairs.total(a3));
}

/** Adds to each of `height` sums the rows, each times its slope by that output; `slopes` are `count × height`. */
export function addMultiples(rows: usize, count: u32, stride: u32, slopes: usize, height: u32, sums: usize): void {
  const rowBytes = (stride as usize) << 2;
  const sumBytes = (stride as usize) << 3;
  const slopeBytes = (height as usize) << 3;
  const last4 = rows + ((count & ~3) as usize) * rowBytes;
  const last = rows + (count as usize) * rowBytes;
  let row = rows;
  let slope = slopes;
  for (; row < last4; row += 4 * rowBytes, slope += 4 * slopeBytes) {
    for (let k: u32 = 0; k < height; k++) addFour(row, rowBytes, slope + (k << 3), slopeBytes, sums + k * sumBytes);
  }
  for (; row < last; row += rowBytes, slope += slopeBytes) {
    for (let k: u32 = 0; k < height; k++) {
      const s = v128.load64_splat(slope + (k << 3));
      let to = sums + k * sumBytes;
      for (let x = row; x < row + rowBytes; x += 8, to += 16) {
        v128.store(to, Pairs.add(v128.load(to), Pairs.of(x), s));
      }
    }
  }
}

function addFour(row: usize, rowBytes: usize, slope: usize, slopeBytes: usize, to: usize): void {
  const s0 = v128.load64_splat(slope);
  const s1 = v128.load64_splat(slope + slopeBytes);
  const s2 = v128.load64_splat(slope + 2 * slopeBytes);
  const s3 = v128.load64_splat(slope + 3 * slopeBytes);
  const end = row + rowBytes;
  for (let x = row; x < end; x += 8, to += 16) {
    let sum = Pairs.add(v128.load(to), Pairs.of(x), s0);
    sum = Pairs.add(sum, Pairs.of(x + rowBytes), s1);
    sum = Pairs.add(sum, Pairs.of(x + 2 * rowBytes), s2);
    v128.store(to, Pairs.add(sum, Pairs.of(x + 3 * rowBytes), s3));
  }
}
