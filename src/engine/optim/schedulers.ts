import { cyclicLR, oneCycleLR, type CyclicLROptions, type OneCycleLROptions } from './batchSchedulers';

/**
 * Changes the rate at the end of each epoch. What a scheduler knows of the past is in `state`, so that a run continues from
 * a checkpoint as if it had never stopped.
 */
export interface Scheduler {
  /** `torch.optim.lr_scheduler` name. */
  readonly name: string;
  /** The rate of the first epoch; absent where it is the optimizer's own. */
  readonly start?: number;
  /** Numbers that change with the epochs; part of a checkpoint. */
  state: number[];
  /**
   * The rate of the next epoch.
   * @param epoch epochs completed, the one that just ended included.
   * @param lr the rate that it was trained with.
   * @param watched the validation loss if there is a split, otherwise the training loss.
   */
  next(epoch: number, lr: number, watched: number): number;
}

/** Keyword arguments of `StepLR`. */
export interface StepLROptions {
  step_size: number;
  gamma: number;
}

/** `StepLR`: times `gamma` every `step_size` epochs. */
function stepLR({ step_size, gamma }: StepLROptions): Scheduler {
  return { name: 'StepLR', state: [], next: (epoch, lr) => (epoch % step_size === 0 ? lr * gamma : lr) };
}

/** Keyword arguments of `ExponentialLR`. */
export interface ExponentialLROptions {
  gamma: number;
}

/** `ExponentialLR`: times `gamma` every epoch. */
function exponentialLR({ gamma }: ExponentialLROptions): Scheduler {
  return { name: 'ExponentialLR', state: [], next: (_, lr) => lr * gamma };
}

/** Keyword arguments of `CosineAnnealingLR`. */
export interface CosineAnnealingLROptions {
  T_max: number;
  eta_min: number;
}

/** `CosineAnnealingLR`: half a cosine from the first rate down to `eta_min` in `T_max` epochs, and up again; computed from the last rate, as PyTorch does. */
function cosineAnnealingLR({ T_max, eta_min }: CosineAnnealingLROptions, baseLr: number): Scheduler {
  const cosine = (epoch: number) => 1 + Math.cos((Math.PI * epoch) / T_max);
  return {
    name: 'CosineAnnealingLR',
    state: [],
    next(epoch, lr) {
      if ((epoch - 1 - T_max) % (2 * T_max) === 0) {
        return lr + ((baseLr - eta_min) * (1 - Math.cos(Math.PI / T_max))) / 2;
      }
      return (cosine(epoch) / cosine(epoch - 1)) * (lr - eta_min) + eta_min;
    },
  };
}

/** Keyword arguments of `MultiStepLR`. */
export interface MultiStepLROptions {
  milestones: number[];
  gamma: number;
}

/** `MultiStepLR`: times `gamma` after each of some epochs, more than once after one that is named more than once. */
function multiStepLR({ milestones, gamma }: MultiStepLROptions): Scheduler {
  const times = (epoch: number) => milestones.filter((milestone) => milestone === epoch).length;
  return { name: 'MultiStepLR', state: [], next: (epoch, lr) => lr * gamma ** times(epoch) };
}

/** Keyword arguments of `ConstantLR`. */
export interface ConstantLROptions {
  factor: number;
  total_iters: number;
}

/** `ConstantLR`: times `factor` for the first `total_iters` epochs. */
function constantLR({ factor, total_iters }: ConstantLROptions, baseLr: number): Scheduler {
  return {
    name: 'ConstantLR',
    start: baseLr * factor,
    state: [],
    next: (epoch, lr) => (epoch === total_iters ? lr * (1 / factor) : lr),
  };
}

/** Keyword arguments of `LinearLR`. */
export interface LinearLROptions {
  start_factor: number;
  end_factor: number;
  total_iters: number;
}

/** `LinearLR`: a factor that goes from `start_factor` to `end_factor` in a straight line over `total_iters` epochs. */
function linearLR({ start_factor, end_factor, total_iters }: LinearLROptions, baseLr: number): Scheduler {
  const change = end_factor - start_factor;
  return {
    name: 'LinearLR',
    start: baseLr * start_factor,
    state: [],
    next(epoch, lr) {
      if (epoch > total_iters) return lr;
      return lr * (1 + change / (total_iters * start_factor + (epoch - 1) * change));
    },
  };
}

/** Keyword arguments of `PolynomialLR`. */
export interface PolynomialLROptions {
  total_iters: number;
  power: number;
}

/** `PolynomialLR`: falls to 0 over `total_iters` epochs, as `(1 - epoch / total_iters) ** power`. */
function polynomialLR({ total_iters, power }: PolynomialLROptions): Scheduler {
  return {
    name: 'PolynomialLR',
    state: [],
    next(epoch, lr) {
      if (epoch > total_iters) return lr;
      return lr * ((1 - epoch / total_iters) / (1 - (epoch - 1) / total_iters)) ** power;
    },
  };
}

/** Keyword arguments of `CosineAnnealingWarmRestarts`. */
export interface CosineAnnealingWarmRestartsOptions {
  T_0: number;
  T_mult: number;
  eta_min: number;
}

/** `CosineAnnealingWarmRestarts`: half a cosine down to `eta_min`, then again from the top, each time `T_mult` times as long. */
function warmRestarts({ T_0, T_mult, eta_min }: CosineAnnealingWarmRestartsOptions, baseLr: number): Scheduler {
  return {
    name: 'CosineAnnealingWarmRestarts',
    state: [],
    next(epoch) {
      let [since, length] = T_mult === 1 ? [epoch % T_0, T_0] : [epoch, T_0];
      while (since >= length) [since, length] = [since - length, length * T_mult];
      return eta_min + ((baseLr - eta_min) * (1 + Math.cos((Math.PI * since) / length))) / 2;
    },
  };
}

/** Keyword arguments of `ReduceLROnPlateau`. */
export interface ReduceLROnPlateauOptions {
  mode: 'min' | 'max';
  factor: number;
  patience: number;
  threshold: number;
  threshold_mode: 'rel' | 'abs';
  cooldown: number;
  min_lr: number;
  eps: number;
}

/** `ReduceLROnPlateau`: times `factor` when the watched loss has not got better for more than `patience` epochs. */
function reduceLROnPlateau(options: ReduceLROnPlateauOptions): Scheduler {
  const { mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps } = options;
  const sign = mode === 'min' ? 1 : -1;
  const isBetter = (value: number, best: number) => {
    const margin = threshold_mode === 'rel' ? best * (1 - sign * threshold) : best - sign * threshold;
    return mode === 'min' ? value < margin : value > margin;
  };
  return {
    name: 'ReduceLROnPlateau',
    /** The best value, epochs that were not better, epochs left to cool down. */
    state: [sign * Infinity, 0, 0],
    next(_, lr, watched) {
      let [best, bad, cooling] = this.state;
      if (isBetter(watched, best)) [best, bad] = [watched, 0];
      else bad++;
      if (cooling > 0) [cooling, bad] = [cooling - 1, 0];
      let rate = lr;
      if (bad > patience) {
        const reduced = Math.max(lr * factor, min_lr);
        if (lr - reduced > eps) rate = reduced;
        [cooling, bad] = [cooldown, 0];
      }
      this.state = [best, bad, cooling];
      return rate;
    },
  };
}

/** A scheduler by its `torch.optim.lr_scheduler` name, with its keyword arguments. */
export type SchedulerChoice =
  | ({ type: 'StepLR' } & StepLROptions)
  | ({ type: 'ExponentialLR' } & ExponentialLROptions)
  | ({ type: 'CosineAnnealingLR' } & CosineAnnealingLROptions)
  | ({ type: 'MultiStepLR' } & MultiStepLROptions)
  | ({ type: 'ConstantLR' } & ConstantLROptions)
  | ({ type: 'LinearLR' } & LinearLROptions)
  | ({ type: 'PolynomialLR' } & PolynomialLROptions)
  | ({ type: 'CosineAnnealingWarmRestarts' } & CosineAnnealingWarmRestartsOptions)
  | ({ type: 'ReduceLROnPlateau' } & ReduceLROnPlateauOptions)
  | ({ type: 'OneCycleLR' } & OneCycleLROptions)
  | ({ type: 'CyclicLR' } & CyclicLROptions);

/** @param baseLr the optimizer's rate at the start. `batches`: of the whole run. */
export function createScheduler(choice: SchedulerChoice, baseLr: number, batches: number): Scheduler {
  switch (choice.type) {
    case 'StepLR':
      return stepLR(choice);
    case 'ExponentialLR':
      return exponentialLR(choice);
    case 'CosineAnnealingLR':
      return cosineAnnealingLR(choice, baseLr);
    case 'MultiStepLR':
      return multiStepLR(choice);
    case 'ConstantLR':
      return constantLR(choice, baseLr);
    case 'LinearLR':
      return linearLR(choice, baseLr);
    case 'PolynomialLR':
      return polynomialLR(choice);
    case 'CosineAnnealingWarmRestarts':
      return warmRestarts(choice, baseLr);
    case 'ReduceLROnPlateau':
      return reduceLROnPlateau(choice);
    case 'OneCycleLR':
      return oneCycleLR(choice, batches);
    case 'CyclicLR':
      return cyclicLR(choice);
  }
}
