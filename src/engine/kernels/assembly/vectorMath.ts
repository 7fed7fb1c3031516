/**
 * Functions of four float32 at a time, within a few roundings, written out so that their bits are the same everywhere. NaN
 * stays NaN.
 */
export class VectorMath {
  /** `exp(x)`, for x beyond ±87 that of ±87. */
  static exp(x: v128): v128 {
    x = f32x4.min(f32x4.max(x, f32x4.splat(-87.3)), f32x4.splat(88.3));
    const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
    const high = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
    const r = f32x4.add(high, f32x4.mul(n, f32x4.splat(2.1219444e-4)));
    let p = f32x4.splat(1.98756915e-4);
    p = VectorMath.next(p, r, 1.39819995e-3);
    p = VectorMath.next(p, r, 8.33345191e-3);
    p = VectorMath.next(p, r, 4.16657959e-2);
    p = VectorMath.next(p, r, 1.66666655e-1);
    p = VectorMath.next(p, r, 5.00000012e-1);
    const value = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
    const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
    return f32x4.mul(value, power);
  }

  /** `tanh(x)`: an odd polynomial near 0, beyond it by the exponential. */
  static tanh(x: v128): v128 {
    const size = f32x4.abs(x);
    const z = f32x4.mul(x, x);
    let p = f32x4.splat(-5.70498873e-3);
    p = VectorMath.next(p, z, 2.06390888e-2);
    p = VectorMath.next(p, z, -5.37397155e-2);
    p = VectorMath.next(p, z, 1.33314422e-1);
    p = VectorMath.next(p, z, -3.33332819e-1);
    const near = f32x4.add(x, f32x4.mul(x, f32x4.mul(z, p)));
    const one = f32x4.splat(1);
    const grown = f32x4.add(VectorMath.exp(f32x4.add(size, size)), one);
    const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), grown));
    const signed = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
    return v128.bitselect(near, signed, f32x4.lt(size, f32x4.splat(0.625)));
  }

  /** `1 / (1 + exp(-x))`. */
  static sigmoid(x: v128): v128 {
    const one = f32x4.splat(1);
    return f32x4.div(one, f32x4.add(one, VectorMath.exp(f32x4.neg(x))));
  }

  /** `exp(x) - 1` for x up to 0. */
  static expm1(x: v128): v128 {
    const half = VectorMath.tanh(f32x4.mul(x, f32x4.splat(0.5)));
    return f32x4.div(f32x4.add(half, half), f32x4.sub(f32x4.splat(1), half));
  }

  /** `log(1 + x)` for x from 0 to 1: `2 atanh(x / (2 + x))` as a series. */
  static log1p(x: v128): v128 {
    const s = f32x4.div(x, f32x4.add(x, f32x4.splat(2)));
    const z = f32x4.mul(s, s);
    let p = f32x4.splat(2.0 / 13);
    p = VectorMath.next(p, z, 2.0 / 11);
    p = VectorMath.next(p, z, 2.0 / 9);
    p = VectorMath.next(p, z, 2.0 / 7);
    p = VectorMath.next(p, z, 2.0 / 5);
    p = VectorMath.next(p, z, 2.0 / 3);
    p = VectorMath.next(p, z, 2);
    return f32x4.mul(s, p);
  }

  /** The probability that a normal number is below x: half of `erfc(|x| / √2)`, by a fit of small relative error, or the rest. */
  static normalBelow(x: v128): v128 {
    const one = f32x4.splat(1);
    const u = f32x4.mul(f32x4.abs(x), f32x4.splat(0.70710678));
    const t = f32x4.div(one, f32x4.add(one, f32x4.mul(u, f32x4.splat(0.5))));
    let p = f32x4.splat(0.17087277);
    p = VectorMath.next(p, t, -0.82215223);
    p = VectorMath.next(p, t, 1.48851587);
    p = VectorMath.next(p, t, -1.13520398);
    p = VectorMath.next(p, t, 0.27886807);
    p = VectorMath.next(p, t, -0.18628806);
    p = VectorMath.next(p, t, 0.09678418);
    p = VectorMath.next(p, t, 0.37409196);
    p = VectorMath.next(p, t, 1.00002368);
    p = VectorMath.next(p, t, -1.26551223);
    const tail = f32x4.mul(t, VectorMath.exp(f32x4.sub(p, f32x4.mul(u, u))));
    const below = f32x4.mul(tail, f32x4.splat(0.5));
    return v128.bitselect(below, f32x4.sub(one, below), f32x4.lt(x, f32x4.splat(0)));
  }

  /** A step of a polynomial: `p x + coefficient`. */
  @inline
  static next(p: v128, x: v128, coefficient: f32): v128 {
    return f32x4.add(f32x4.mul(p, x), f32x4.splat(coefficient));
  }
}

const ln2High: f64 = 0.6931471803691238;
const ln2Low: f64 = 1.9082149292705877e-10;

/** `exp(x)` of one float64, for x beyond ±700 that of ±700. */
export function exp(x: f64): f64 {
  x = min<f64>(max<f64>(x, -700), 700);
  const n = nearest(x * 1.4426950408889634);
  const r = x - n * ln2High - n * ln2Low;
  let p: f64 = 1.0 / 479001600;
  p = p * r + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  return p * reinterpret<f64>(((n as i64) + 1023) << 52);
}

/** `log(1 + x)` of one float64 from 0 to 1. */
export function log1p(x: f64): f64 {
  return twiceAtanh(x / (2 + x));
}

/** `log(x)` of one float64 from 1 on. */
export function log(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  const power = ((bits >> 52) as i32) - 1023;
  const m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  // Infinity and NaN have the largest exponent and stay what they are.
  if (power === 1024) return x;
  const n = power as f64;
  return n * ln2High + (n * ln2Low + twiceAtanh((m - 1) / (m + 1)));
}

/** `2 atanh(s)` for s from 0 to 1/3. */
function twiceAtanh(s: f64): f64 {
  const z = s * s;
  let p: f64 = 2.0 / 27;
  for (let k: f64 = 25; k > 0; k -= 2) p = p * z + 2 / k;
  return s * p;
}
