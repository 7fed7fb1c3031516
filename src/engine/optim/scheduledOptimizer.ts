import { isPerBatch, type BatchSettings } from './batchSchedulers';
import { clipped, type Clipping } from './clipped';
import type { Optimizer } from './optimizer';
import { createOptimizer, withMomentum, type OptimizerChoice } from './optimizers';
import { createScheduler, type Scheduler, type SchedulerChoice } from './schedulers';

/** What makes a run's steps. */
export interface StepChoice {
  optimizer: OptimizerChoice;
  /** Absent: the rate stays as it is. */
  scheduler?: SchedulerChoice;
  clipping: Clipping;
  /** Batches of the whole run. */
  batches: number;
}

/** An optimizer with its scheduler. */
export interface ScheduledOptimizer {
  optimizer: Optimizer;
  scheduler?: Scheduler;
  /** Sets rate and momentum for the batch after `step` others; only where the scheduler changes them with batches. */
  beforeBatch?(step: number): BatchSettings;
}

/** @param size how many parameters there are. */
export function createScheduledOptimizer(choice: StepChoice, size: number): ScheduledOptimizer {
  const scheduler = choice.scheduler && createScheduler(choice.scheduler, choice.optimizer.lr, choice.batches);
  if (!isPerBatch(scheduler)) {
    const optimizer = clipped(createOptimizer(choice.optimizer, size), choice.clipping, size);
    return { optimizer, ...(scheduler && { scheduler }) };
  }
  // Optimizers read their options at every step.
  const options = { ...withMomentum(choice.optimizer, scheduler.at(0).momentum) };
  const optimizer = clipped(createOptimizer(options, size), choice.clipping, size);
  return {
    optimizer,
    scheduler,
    beforeBatch(step) {
      const settings = scheduler.at(step);
      optimizer.lr = settings.lr;
      Object.assign(options, withMomentum(options, settings.momentum));
      return settings;
    },
  };
}
