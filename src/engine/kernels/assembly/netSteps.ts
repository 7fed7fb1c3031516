import { chunk, parameters, previous } from './memory';
import { packedSpan } from './netMemory';
import { Rows } from './rows';

/**
 * Steps of optimizers with the roundings of their definitions in TypeScript: numbers are float32, two at a time, arithmetic
 * is float64.
 */
class Pair {
  @inline
  static of(at: usize): v128 {
    return f64x2.promote_low_f32x4(v128.load64_zero(at));
  }

  /** Rounds to float32. */
  @inline
  static single(v: v128): v128 {
    return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(v));
  }

  /** Stores rounded to float32; returns what is stored. */
  @inline
  static store(at: usize, v: v128): v128 {
    const single = f32x4.demote_f64x2_zero(v);
    v128.store64_lane(at, single, 0);
    return f64x2.promote_low_f32x4(single);
  }

  /** The two low lanes of `p - lr g`. */
  @inline
  static stepped(p: v128, g: v128, lr: v128): v128 {
    const way = f64x2.mul(lr, f64x2.promote_low_f32x4(g));
    return f32x4.demote_f64x2_zero(f64x2.sub(f64x2.promote_low_f32x4(p), way));
  }

  /** Adds the share of an L2 penalty, where there is one. */
  @inline
  static decayed(gradient: v128, parameter: v128, decay: f64): v128 {
    if (decay === 0) return gradient;
    return Pair.single(f64x2.add(gradient, f64x2.mul(f64x2.splat(decay), parameter)));
  }

  /** `torch.lerp`, with one rounding of product and sum, from the nearer end. */
  @inline
  static lerp(start: v128, end: v128, weight: f64): v128 {
    const way = Pair.single(f64x2.sub(end, start));
    if (weight < 0.5) return f64x2.add(start, f64x2.mul(f64x2.splat(weight), way));
    return f64x2.add(end, f64x2.mul(f64x2.splat((weight - 1) as f32 as f64), way));
  }
}

/** What the optimizer keeps lies after parameters, previous and gradients. */
const firstBuffer = 3;

/**
 * Steps the packed numbers in `[from, end)`, in bytes, along the chunk's gradients, with those before it in `previous`;
 * returns whether all are finite then.
 */
export function sgdStep(rule: usize, isFirst: bool, from: usize, end: usize): bool {
  const lr = f64x2.splat(load<f64>(rule));
  const momentum = load<f64>(rule, 8);
  if (momentum === 0 && load<f64>(rule, 24) === 0) return plainStep(lr, from, end);
  const share = f64x2.splat(1 - load<f64>(rule, 16));
  const decay = load<f64>(rule, 24);
  const nesterov = load<f64>(rule, 32) !== 0;
  const buffer = packedSpan(firstBuffer);
  let spoilt = f64x2.splat(0);
  for (let i = from; i < end; i += 8) {
    const parameter = Pair.of(parameters + i);
    let gradient = Pair.decayed(Pair.of(chunk + i), parameter, decay);
    if (momentum !== 0) {
      let kept = gradient;
      if (!isFirst) {
        const old = Pair.single(f64x2.mul(Pair.of(buffer + i), f64x2.splat(momentum)));
        kept = f64x2.add(old, f64x2.mul(share, gradient));
      }
      kept = Pair.store(buffer + i, kept);
      gradient = nesterov ? Pair.single(f64x2.add(gradient, f64x2.mul(f64x2.splat(momentum), kept))) : kept;
    }
    Pair.store(previous + i, parameter);
    const after = Pair.store(parameters + i, f64x2.sub(parameter, f64x2.mul(lr, gradient)));
    spoilt = f64x2.add(spoilt, f64x2.sub(after, after));
  }
  return f64x2.extract_lane(spoilt, 0) + f64x2.extract_lane(spoilt, 1) === 0;
}

/** `p -= lr * g`. */
function plainStep(lr: v128, from: usize, end: usize): bool {
  let spoilt = f32x4.splat(0);
  for (let i = from; i < end; i += 16) {
    const p = v128.load(parameters + i);
    const g = v128.load(chunk + i);
    const low = Pair.stepped(p, g, lr);
    const high = Pair.stepped(v128.shuffle<f32>(p, p, 2, 3, 2, 3), v128.shuffle<f32>(g, g, 2, 3, 2, 3), lr);
    const after = v128.shuffle<f32>(low, high, 0, 1, 4, 5);
    v128.store(previous + i, p);
    v128.store(parameters + i, after);
    spoilt = f32x4.add(spoilt, f32x4.sub(after, after));
  }
  return Rows.sumOfLanes(spoilt) === 0;
}

/** The same for Adam and AdamW; `at` has the step's size and the correction of the square's root. */
export function adamStep(rule: usize, at: usize, from: usize, end: usize): bool {
  const shrinkage = load<f64>(rule, 8);
  const share = load<f64>(rule, 16);
  const squareDecay = f64x2.splat(load<f64>(rule, 24));
  const squareShare = f64x2.splat(1 - load<f64>(rule, 24));
  const eps = f64x2.splat(load<f64>(rule, 32));
  const decay = load<f64>(rule, 40);
  const keepsLargest = load<f64>(rule, 48) !== 0;
  const size = f64x2.splat(load<f64>(at));
  const correction = f64x2.splat(load<f64>(at, 8));
  const means = packedSpan(firstBuffer);
  const squares = packedSpan(firstBuffer + 1);
  const most = packedSpan(firstBuffer + 2);
  let spoilt = f64x2.splat(0);
  for (let i = from; i < end; i += 8) {
    const before = Pair.of(parameters + i);
    const parameter = shrinkage === 1 ? before : Pair.single(f64x2.mul(before, f64x2.splat(shrinkage)));
    const gradient = Pair.decayed(Pair.of(chunk + i), parameter, decay);
    const mean = Pair.store(means + i, Pair.lerp(Pair.of(means + i), gradient, share));
    const old = Pair.single(f64x2.mul(Pair.of(squares + i), squareDecay));
    let square = f64x2.add(old, f64x2.mul(f64x2.mul(squareShare, gradient), gradient));
    square = Pair.store(squares + i, square);
    if (keepsLargest) square = Pair.store(most + i, f64x2.max(Pair.of(most + i), square));
    const root = Pair.single(f64x2.div(f64x2.sqrt(square), correction));
    const step = f64x2.mul(size, f64x2.div(mean, Pair.single(f64x2.add(root, eps))));
    Pair.store(previous + i, before);
    const after = Pair.store(parameters + i, f64x2.sub(parameter, step));
    spoilt = f64x2.add(spoilt, f64x2.sub(after, after));
  }
  return f64x2.extract_lane(spoilt, 0) + f64x2.extract_lane(spoilt, 1) === 0;
}
