import { createScheduler, type SchedulerChoice } from '../optim/schedulers';

/** Epochs after one another that have the same rate. */
export interface RateSpan {
  lr: number;
  epochs: number;
}

/** The rates of a run's epochs, as far as they are known before it. */
export interface PlannedRates {
  spans: RateSpan[];
  /** The largest rate, and the first epoch that has it. */
  peak: { lr: number; epoch: number };
  /** False for a scheduler that waits for the loss: it can only lower these. */
  isKnown: boolean;
}

/** The rates of a scheduler over a number of epochs; without a scheduler they are all the same. */
export function plannedRates(lr: number, epochs: number, scheduler?: SchedulerChoice): PlannedRates {
  const plan: PlannedRates = { spans: [{ lr, epochs: 1 }], peak: { lr, epoch: 0 }, isKnown: true };
  if (!scheduler || scheduler.type === 'ReduceLROnPlateau') {
    return { ...plan, spans: [{ lr, epochs }], isKnown: !scheduler };
  }
  const running = createScheduler(scheduler, lr);
  let rate = running.start ?? lr;
  plan.spans[0].lr = plan.peak.lr = rate;
  for (let epoch = 1; epoch < epochs; epoch++) {
    rate = running.next(epoch, rate, NaN);
    const last = plan.spans[plan.spans.length - 1];
    if (rate === last.lr) last.epochs++;
    else plan.spans.push({ lr: rate, epochs: 1 });
    // A cosine that comes back has the first rate except for rounding.
    if (rate > plan.peak.lr * (1 + 1e-9)) plan.peak = { lr: rate, epoch };
  }
  return plan;
}
