import type { NoStability, StepStability } from './stepStability';

/** How an optimizer steps, in keyword arguments of PyTorch, for kernels that take its steps by themselves. */
export type StepRule =
  | { type: 'SGD'; momentum: number; dampening: number; weight_decay: number; nesterov: boolean }
  | {
      type: 'Adam';
      betas: readonly number[];
      eps: number;
      weight_decay: number;
      amsgrad: boolean;
      /** As `AdamW`: weight decay shrinks the parameters themselves. */
      decaysApart: boolean;
    };

/**
 * What is left of a step that works out the loss again, as `optimizer.step(closure)` does: it yields where loss and gradients
 * are to be worked out with the parameters as they are then, the gradients in the same array, and goes on with the loss.
 */
export type Reevaluations = Generator<void, void, number>;

/** Changes flat parameters by flat gradients, in place. */
export interface Optimizer {
  /** A step is nothing but `p -= lr * g`. */
  readonly isPlain: boolean;
  /** Absent where no kernel knows the steps. */
  readonly rule?: StepRule;
  /** The rate of the next step; schedulers change it. */
  lr: number;
  /** What is kept from step to step, each as long as the parameters unless it has `resume`; part of a checkpoint. */
  readonly buffers: readonly Float32Array[];
  /** Steps taken; part of a checkpoint. */
  steps: number;
  /** Takes a step, or returns one that needs more than one loss. @param loss that the gradients are of. */
  step(parameters: Float32Array, gradients: Float32Array, loss?: number): Reevaluations | void;
  /** Takes over the buffers of another one; only where their number changes. Others have their buffers filled. */
  resume?: ((buffers: readonly Float32Array[]) => void) | undefined;
}

/** All that there is to know of an optimizer, whose keyword arguments are `O`. */
export interface OptimizerRecord<O> {
  /** @param size how many parameters there are. */
  create(size: number, options: O): Optimizer;
  /** What its buffers are called in PyTorch's `optimizer.state`, in their order. */
  bufferNames(options: O): string[];
  /** The largest stable rate, or why curvature sets none. */
  stability(options: O): StepStability | NoStability;
  /** Steps are divided by the size of the gradients. */
  isAdaptive?: true;
  /**
   * How far a parameter goes in this many steps at a rate of 1, while its gradient keeps its sign and does not grow from
   * `gradient`, the largest at the start. Only of optimizers that divide by the gradient's size.
   */
  travel?(options: O, steps: number, gradient: number): number;
  /** How steps are divided; only of optimizers that divide them. */
  preconditioning?: Preconditioning<O>;
  /** Steps compare gradients with those of earlier ones, so each has to have all rows. */
  needsFullBatch?: true;
  /** Weight decay is taken off the parameters themselves instead of going into the gradient. */
  decaysApart?: true;
}

/** A step that is a rate times a gradient, divided for each parameter. */
export interface Preconditioning<O> {
  /** What each parameter's step is divided by after this many steps, at least one. */
  divisors(options: O, state: Pick<Optimizer, 'steps' | 'buffers'>): Float64Array;
  /** A direction does not grow while the rate times its curvature, divided so, is no more than this. */
  largest(options: O): number;
}

/** The gradient with an L2 penalty's share added. */
export function decayed(gradient: number, parameter: number, weightDecay: number): number {
  return weightDecay === 0 ? gradient : Math.fround(gradient + weightDecay * parameter);
}

/**
 * `torch.lerp` of two float32 numbers: `start + weight * (end - start)`, with one rounding of product and sum, from the nearer
 * end. `weight` is a float32 too.
 */
export function lerp(start: number, end: number, weight: number): number {
  const way = Math.fround(end - start);
  return Math.fround(weight < 0.5 ? start + weight * way : end + Math.fround(weight - 1) * way);
}
