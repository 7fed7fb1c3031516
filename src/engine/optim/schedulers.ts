/**
 * Changes the rate at the end of each epoch. What a scheduler knows of the past is in `state`, so that a run goes on from
 * a checkpoint as if it had never stopped.
 */
export interface Scheduler {
  /** `torch.optim.lr_scheduler` name. */
  readonly name: string;
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
  | ({ type: 'ReduceLROnPlateau' } & ReduceLROnPlateauOptions);

/** @param baseLr the optimizer's rate at the start. */
export function createScheduler(choice: SchedulerChoice, baseLr: number): Scheduler {
  switch (choice.type) {
    case 'StepLR':
      return stepLR(choice);
    case 'ExponentialLR':
      return exponentialLR(choice);
    case 'CosineAnnealingLR':
      return cosineAnnealingLR(choice, baseLr);
    case 'ReduceLROnPlateau':
      return reduceLROnPlateau(choice);
  }
}
