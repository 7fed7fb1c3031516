import { isPerBatch } from '../optim/batchSchedulers';
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
  peak: { lr: number; epoch: number; momentum?: number };
  /** False for a scheduler that waits for the loss: it can only lower these. */
  isKnown: boolean;
  /** The first rate, where the scheduler sets it itself. */
  start?: number;
}

/**
 * The rates of a scheduler over a number of epochs; without a scheduler they are all the same. Of one that changes them with
 * batches, those in the middle of epochs, and the largest of all.
 * @param batches of an epoch.
 */
export function plannedRates(lr: number, epochs: number, scheduler?: SchedulerChoice, batches = 1): PlannedRates {
  const plan: PlannedRates = { spans: [{ lr, epochs: 1 }], peak: { lr, epoch: 0 }, isKnown: true };
  if (!scheduler || scheduler.type === 'ReduceLROnPlateau') {
    return { ...plan, spans: [{ lr, epochs }], isKnown: !scheduler };
  }
  const running = createScheduler(scheduler, lr, epochs * batches);
  const perBatch = isPerBatch(running) ? running : undefined;
  const middle = (epoch: number) => perBatch!.at(epoch * batches + (batches - 1) / 2).lr;
  let rate = perBatch ? middle(0) : (running.start ?? lr);
  plan.spans[0].lr = plan.peak.lr = rate;
  if (perBatch) {
    plan.start = perBatch.at(0).lr;
    plan.isKnown = batches === 1;
    const step = Math.min(perBatch.peak, epochs * batches - 1);
    const { lr: top, momentum } = perBatch.at(step);
    plan.peak = {
      lr: Math.max(rate, top),
      epoch: Math.floor(step / batches),
      ...(momentum !== undefined && { momentum }),
    };
  }
  for (let epoch = 1; epoch < epochs; epoch++) {
    rate = perBatch ? middle(epoch) : running.next(epoch, rate, NaN);
    const last = plan.spans[plan.spans.length - 1];
    if (rate === last.lr) last.epochs++;
    else plan.spans.push({ lr: rate, epochs: 1 });
    // A cosine that comes back has the first rate except for rounding.
    if (rate > plan.peak.lr * (1 + 1e-9)) plan.peak = { ...plan.peak, lr: rate, epoch };
  }
  return plan;
}
