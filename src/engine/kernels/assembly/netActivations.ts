import { fromOf, inputsOf, kindOf, optionOf, strideOf, thresholdOf, toOf, toSlopesOf } from './netMemory';
import { VectorMath } from './vectorMath';

/** Codes of activations: their `kernel` in `nn/activations.ts`. Identity is LeakyReLU of slope 1. */
const relu = 1;
const leakyRelu = 2;
const elu = 3;
const gelu = 4;
const tanhGelu = 5;
const silu = 6;
const tanh = 7;
const sigmoid = 8;

/** `√(2 / π)`, and that times 3 · 0.044715. */
const rootOf2ByPi: f32 = 0.7978845608;
const turn: f32 = 0.1070322243;

/** What an activation passes on for the rows of the tile; 0 beyond its width. */
export function forwardActivation(layer: usize, rows: u32): void {
  const stride = strideOf(inputsOf(layer));
  const from = fromOf(layer);
  const offset = toOf(layer) - from;
  const end = from + rows * stride;
  if (kindOf(layer) === relu) {
    const zero = f32x4.splat(0);
    for (let at = from; at < end; at += 16) v128.store(at + offset, f32x4.pmax(v128.load(at), zero));
    return;
  }
  for (let at = from; at < end; at += 16) v128.store(at + offset, valueOf(layer, v128.load(at)));
  const width = (inputsOf(layer) as usize) << 2;
  if (width === stride) return;
  for (let row = from + offset; row < end + offset; row += stride) {
    for (let at = width; at < stride; at += 4) store<f32>(row + at, 0);
  }
}

/** Turns slopes by what it passed on into slopes by what it was given, in place. */
export function backwardActivation(layer: usize, rows: u32): void {
  const bytes = rows * strideOf(inputsOf(layer));
  const from = fromOf(layer);
  const to = toOf(layer);
  const first = toSlopesOf(layer);
  if (kindOf(layer) === relu) {
    const zero = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(first + at, v128.and(v128.load(first + at), f32x4.gt(v128.load(to + at), zero)));
    }
    return;
  }
  for (let at: usize = 0; at < bytes; at += 16) {
    const slopes = first + at;
    const slope = slopeOf(layer, v128.load(from + at), v128.load(to + at));
    v128.store(slopes, f32x4.mul(v128.load(slopes), slope));
  }
}

function valueOf(layer: usize, x: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const option = f32x4.splat(optionOf(layer));
  switch (kindOf(layer)) {
    case relu:
      return f32x4.max(x, zero);
    case leakyRelu:
      return v128.bitselect(x, f32x4.mul(option, x), f32x4.gt(x, zero));
    case elu:
      return v128.bitselect(x, f32x4.mul(option, VectorMath.expm1(f32x4.min(x, zero))), f32x4.gt(x, zero));
    case gelu:
      return f32x4.mul(x, VectorMath.normalBelow(x));
    case tanhGelu: {
      const bent = f32x4.add(one, VectorMath.tanh(geluAngle(x)));
      return f32x4.mul(f32x4.mul(f32x4.splat(0.5), x), bent);
    }
    case silu:
      return f32x4.mul(x, VectorMath.sigmoid(x));
    case tanh:
      return VectorMath.tanh(x);
    case sigmoid:
      return VectorMath.sigmoid(x);
    default: {
      // softplus
      const scaled = f32x4.mul(option, x);
      const small = VectorMath.log1p(VectorMath.exp(f32x4.neg(f32x4.abs(scaled))));
      const value = f32x4.div(f32x4.add(f32x4.max(scaled, zero), small), option);
      return v128.bitselect(x, value, f32x4.gt(scaled, f32x4.splat(thresholdOf(layer))));
    }
  }
}

function slopeOf(layer: usize, x: v128, y: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const option = f32x4.splat(optionOf(layer));
  switch (kindOf(layer)) {
    case relu:
      return v128.and(one, f32x4.gt(y, zero));
    case leakyRelu:
      return v128.bitselect(one, option, f32x4.gt(x, zero));
    case elu:
      return v128.bitselect(one, f32x4.add(y, option), f32x4.gt(x, zero));
    case gelu: {
      const density = VectorMath.exp(f32x4.mul(f32x4.splat(-0.5), f32x4.mul(x, x)));
      return f32x4.add(VectorMath.normalBelow(x), f32x4.mul(x, f32x4.mul(density, f32x4.splat(0.3989422804))));
    }
    case tanhGelu: {
      const bent = VectorMath.tanh(geluAngle(x));
      const angleSlope = f32x4.add(f32x4.splat(rootOf2ByPi), f32x4.mul(f32x4.splat(turn), f32x4.mul(x, x)));
      const rise = f32x4.mul(f32x4.mul(x, f32x4.sub(one, f32x4.mul(bent, bent))), angleSlope);
      return f32x4.mul(f32x4.splat(0.5), f32x4.add(f32x4.add(one, bent), rise));
    }
    case silu: {
      const s = VectorMath.sigmoid(x);
      return f32x4.mul(s, f32x4.add(one, f32x4.mul(x, f32x4.sub(one, s))));
    }
    case tanh:
      return f32x4.sub(one, f32x4.mul(y, y));
    case sigmoid:
      return f32x4.mul(y, f32x4.sub(one, y));
    default: {
      // softplus
      const scaled = f32x4.mul(option, x);
      return v128.bitselect(one, VectorMath.sigmoid(scaled), f32x4.gt(scaled, f32x4.splat(thresholdOf(layer))));
    }
  }
}

function geluAngle(x: v128): v128 {
  const cubic = f32x4.mul(f32x4.splat(0.044715), f32x4.mul(x, f32x4.mul(x, x)));
  return f32x4.mul(f32x4.splat(rootOf2ByPi), f32x4.add(x, cubic));
}
