/**
 * What curvature says of an optimizer: the largest rate at which a direction of curvature `lambda` does not grow, and how
 * fast it shrinks. A step in one direction is linear in the parameter and its momentum; its characteristic polynomial is
 * `z² - trace z + determinant`, and it is stable where both roots lie within the unit circle.
 */
export interface StepStability {
  /** The largest stable rate for a curvature, the loss's own. */
  limit(lambda: number): number;
  /** By how much a direction shrinks (or grows) in a step, in the long run. */
  shrinkage(lambda: number, lr: number): number;
  /** Weight decay, which adds to every curvature. */
  decay: number;
  /** A step is nothing but `p -= lr * gradient`. */
  isPlain: boolean;
  /**
   * Where momentum carries steps on from one batch to the next, the largest rate at which the whole of a step, once it has
   * rolled out, is no longer than twice the way to the minimum. Without momentum the same as `limit`.
   */
  rolledOutLimit(lambda: number): number;
}

/** Why curvature says nothing about an optimizer. */
export interface NoStability {
  reason: string;
  /** The rate above which weight decay alone makes parameters grow; absent without such a limit. */
  decayLimit?: number;
}

/** Of momentum that keeps all of every step. */
export function restless(momentum: number): NoStability {
  return { reason: `with momentum ${momentum} steps never die down, so no lr is stable` };
}

/** Of an optimizer that divides its steps by the gradients' size. */
export function adaptive(name: string): NoStability {
  const reason =
    `${name} divides each step by the size of recent gradients, so curvature sets no limit to lr: ` +
    'too large a rate makes the loss hover, not explode';
  return { reason };
}

/** A reason why there is no limit, except for the one that weight decay sets. */
export function withDecay(reason: string, decayLimit: number): NoStability {
  const limit = Number(decayLimit.toPrecision(3));
  return {
    reason: `${reason}; but above lr ${limit} weight_decay makes the parameters grow at every step`,
    decayLimit,
  };
}
