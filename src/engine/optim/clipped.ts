import type { Optimizer } from './optimizer';
import { WrappedOptimizer } from './wrappedOptimizer';

/** How gradients are clipped before each step; what is absent is not done. */
export interface Clipping {
  /** `clip_grad_norm_`: the largest 2-norm of all gradients together. */
  norm?: number;
  /** `clip_grad_value_`: the largest size of each gradient. */
  value?: number;
}

/** An optimizer whose gradients are clipped in place before each step, as a script does between `backward` and `step`. */
export class ClippedOptimizer extends WrappedOptimizer {
  /** The gradients of the last step as they were before. */
  readonly unclipped: Float32Array;

  /** @param size how many parameters there are. */
  constructor(
    inner: Optimizer,
    readonly clipping: Clipping,
    size: number,
  ) {
    super(inner);
    this.unclipped = new Float32Array(size);
  }

  protected seen(gradients: Float32Array): Float32Array {
    const { norm, value } = this.clipping;
    this.unclipped.set(gradients);
    if (norm !== undefined) {
      const share = normShare(gradients, norm);
      for (let i = 0; i < gradients.length; i++) gradients[i] *= share;
    }
    if (value !== undefined) {
      for (let i = 0; i < gradients.length; i++) gradients[i] = Math.max(-value, Math.min(value, gradients[i]));
    }
    return gradients;
  }
}

/** What `clip_grad_norm_` multiplies all gradients by, at most 1, rounded as it is there. */
export function normShare(gradients: Float32Array, norm: number): number {
  let squares = 0;
  for (const gradient of gradients) squares += gradient * gradient;
  return Math.min(1, Math.fround(norm / Math.fround(Math.sqrt(squares) + 1e-6)));
}

/** The optimizer itself where nothing is clipped. */
export function clipped(optimizer: Optimizer, clipping: Clipping, size: number): Optimizer {
  return clipping.norm === undefined && clipping.value === undefined
    ? optimizer
    : new ClippedOptimizer(optimizer, clipping, size);
}
