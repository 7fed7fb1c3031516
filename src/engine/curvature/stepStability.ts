import type { OptimizerChoice, SGDOptions } from '../optimizers';

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
  /** The rate above which weight decay alone makes parameters grow; absent where there is none. */
  decayLimit?: number;
}

/** For an optimizer by its keyword arguments; or why curvature says nothing about it. */
export function stepStability(optimizer: OptimizerChoice): StepStability | NoStability {
  if (optimizer.type !== 'SGD') return adaptive(optimizer);
  const { momentum, weight_decay: decay, nesterov } = optimizer;
  const gain = momentum === 0 ? 1 : 1 - optimizer.dampening;
  if (momentum >= 1) return restless(momentum);
  if (gain <= 0)
    return { reason: `with dampening ${optimizer.dampening} momentum takes in no gradient after the first` };
  const largest = nesterov ? (2 * (1 + momentum)) / (1 + 2 * momentum) : (2 * (1 + momentum)) / gain;
  return {
    limit: (lambda) => largest / (lambda + decay),
    shrinkage: (lambda, lr) => largestRoot(optimizer, gain, lr * (lambda + decay)),
    decay,
    isPlain: momentum === 0,
    rolledOutLimit: (lambda) => (2 * (1 - momentum)) / gain / (lambda + decay),
  };
}

function adaptive(optimizer: Exclude<OptimizerChoice, { type: 'SGD' }>): NoStability {
  const { type, weight_decay } = optimizer;
  if (type === 'RMSprop' && optimizer.momentum >= 1) return restless(optimizer.momentum);
  const reason =
    `${type} divides each step by the size of recent gradients, so curvature sets no limit to lr: ` +
    'too large a rate makes the loss hover, not explode';
  // The others put decay into the gradient, which is divided too.
  if (type !== 'AdamW' || weight_decay === 0) return { reason };
  return withDecay(reason, 2 / weight_decay);
}

function restless(momentum: number): NoStability {
  return { reason: `with momentum ${momentum} steps never die down, so no lr is stable` };
}

/** A reason why there is no limit, but for the one that weight decay sets. */
export function withDecay(reason: string, decayLimit: number): NoStability {
  const limit = Number(decayLimit.toPrecision(3));
  return {
    reason: `${reason}; but above lr ${limit} weight_decay makes the parameters grow at every step`,
    decayLimit,
  };
}

/** The larger root's size; `step` is rate times curvature. */
function largestRoot({ momentum, nesterov }: SGDOptions, gain: number, step: number): number {
  if (momentum === 0) return Math.abs(1 - step);
  const trace = nesterov ? 1 + momentum - step * (1 + momentum) : 1 + momentum - gain * step;
  const determinant = nesterov ? momentum * (1 - step) : momentum;
  const discriminant = trace ** 2 / 4 - determinant;
  if (discriminant < 0) return Math.sqrt(determinant);
  return Math.abs(trace) / 2 + Math.sqrt(discriminant);
}
