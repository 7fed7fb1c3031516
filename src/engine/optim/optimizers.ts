import { adadelta, type AdadeltaOptions } from './adadelta';
import { adagrad, type AdagradOptions } from './adagrad';
import { adam, adamW, type AdamOptions } from './adam';
import { adamax, type AdamaxOptions } from './adamax';
import { lbfgs, type LBFGSOptions } from './lbfgs';
import { nadam, type NAdamOptions } from './nadam';
import type { Optimizer, OptimizerRecord, Preconditioning } from './optimizer';
import { radam, type RAdamOptions } from './radam';
import { rmsprop, type RMSpropOptions } from './rmsprop';
import { rprop, type RpropOptions } from './rprop';
import { sgd, type SGDOptions } from './sgd';
import type { NoStability, StepStability } from './stepStability';

/** The keyword arguments of each optimizer, by its `torch.optim` name. */
interface OptionsByName {
  SGD: SGDOptions;
  Adam: AdamOptions;
  AdamW: AdamOptions;
  RMSprop: RMSpropOptions;
  Adagrad: AdagradOptions;
  Adamax: AdamaxOptions;
  NAdam: NAdamOptions;
  RAdam: RAdamOptions;
  Adadelta: AdadeltaOptions;
  Rprop: RpropOptions;
  LBFGS: LBFGSOptions;
}

/** Name of an optimizer, as `torch.optim` has it. */
export type OptimizerName = keyof OptionsByName;

/** An optimizer by its name, with its keyword arguments. */
export type OptimizerChoice = { [T in OptimizerName]: { type: T } & OptionsByName[T] }[OptimizerName];

/** Every optimizer by its name. */
export const optimizers: { readonly [T in OptimizerName]: OptimizerRecord<OptionsByName[T]> } = {
  SGD: sgd,
  Adam: adam,
  AdamW: adamW,
  RMSprop: rmsprop,
  Adagrad: adagrad,
  Adamax: adamax,
  NAdam: nadam,
  RAdam: radam,
  Adadelta: adadelta,
  Rprop: rprop,
  LBFGS: lbfgs,
};

/** @param size how many parameters there are. */
export function createOptimizer(choice: OptimizerChoice, size: number): Optimizer {
  return recordOf(choice).create(size, choice);
}

/** An optimizer's choice with another momentum: SGD's and RMSprop's, or the first of Adam's betas. */
export function withMomentum(choice: OptimizerChoice, momentum: number | undefined): OptimizerChoice {
  if (momentum === undefined) return choice;
  if ('betas' in choice) return { ...choice, betas: [momentum, choice.betas[1]] };
  return 'momentum' in choice ? { ...choice, momentum } : choice;
}

/** What its buffers are called in PyTorch's `optimizer.state`. */
export function bufferNames(choice: OptimizerChoice): string[] {
  return recordOf(choice).bufferNames(choice);
}

/** Whether each step has to have all training rows. */
export function needsFullBatch(choice: OptimizerChoice): boolean {
  return recordOf(choice).needsFullBatch === true;
}

/** The largest stable rate; or why curvature says nothing about it. */
export function stepStability(choice: OptimizerChoice): StepStability | NoStability {
  return recordOf(choice).stability(choice);
}

/** The weight decay of an optimizer; 0 of one that has none. */
export function decayOf(choice: OptimizerChoice): number {
  return 'weight_decay' in choice ? choice.weight_decay : 0;
}

/** How the optimizer divides its steps; undefined where it does not. */
export function preconditioning(choice: OptimizerChoice): Preconditioning<OptimizerChoice> | undefined {
  return recordOf(choice).preconditioning;
}

/**
 * The curvature above which steps of this rate grow: `2 / lr` of plain SGD. Of an optimizer that divides its steps it is the
 * limit of the Hessian divided in the same way. Undefined if there is none.
 */
export function sharpnessLimit(choice: OptimizerChoice, lr: number): number | undefined {
  const divided = preconditioning(choice);
  if (divided) return divided.largest(choice) / lr;
  const stability = stepStability(choice);
  // Weight decay adds to every curvature: at a curvature that makes the sum 1, the limit is the largest step itself.
  return 'limit' in stability ? stability.limit(1 - stability.decay) / lr - stability.decay : undefined;
}

/** The record that takes the keyword arguments of a choice. */
function recordOf({ type }: OptimizerChoice): OptimizerRecord<OptimizerChoice> {
  // Of a union of choices the compiler does not see that name and arguments go together.
  return optimizers[type] as OptimizerRecord<OptimizerChoice>;
}
