import type { RunState } from '../../protocol/state';
import { gapOf } from './gap';
import { mean } from './overfitting';

/** Epochs at the end over which progress is measured, as a share of all, and at least. */
const recentShare = 0.1;
const leastRecent = 2;
/** Standard errors by which two means must differ for a run to be moving. */
const sure = 2;

/** How fast a run comes nearer to its minimum. */
export interface Pace {
  /** By how much the gap's logarithm falls an epoch, over the last epochs. */
  perEpoch: number;
  /** Whether that is more than batches make the loss jump. */
  isMoving: boolean;
  /** The mean rate of these epochs. */
  lr: number;
}

/** Undefined where there are too few epochs. */
export function paceOf(run: RunState): Pace | undefined {
  const losses = run.history.column('loss');
  const span = Math.floor(Math.min(losses.length, recentEpochs(losses.length)) / 2);
  if (span < 1) return undefined;
  // Means, because the loss of a single epoch depends on its order.
  const [before, after] = [losses.subarray(-2 * span, -span), losses.subarray(-span)];
  const earlier = gapOf(run, mean(before));
  const now = gapOf(run, mean(after));
  if (earlier === undefined || now === undefined) return undefined;
  const error = Math.sqrt((variance(before) + variance(after)) / span);
  const isMoving = Math.abs(mean(before) - mean(after)) > sure * error;
  const lr = mean(run.history.column('lr').subarray(-2 * span));
  return { perEpoch: Math.log(earlier / now) / (span * run.history.stride), isMoving, lr };
}

/** Epochs at the end that are looked at. */
export function recentEpochs(length: number): number {
  return Math.max(leastRecent, Math.round(length * recentShare));
}

function variance(values: Float64Array): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length - 1);
}
