import type { DatasetSummary } from '../data/describeTable';
import { cautiousRate } from '../engine/report/cautiousRate';

/** The share of the limit that a derived rate is at most. */
const shareOfLimit = 0.45;

/** Numbers to begin with, for data that nobody has trained on yet. */
export interface SuggestedTraining {
  scale: 'standard';
  lr: number;
  batchSize: number;
  epochs: number;
  logEvery: number;
}

/**
 * Scaled inputs, for columns of different sizes learn at different speeds; a rate that cannot diverge on them; and batches
 * that give at least ten steps an epoch where the rows allow it.
 */
export function suggestTraining({ rows, columns }: DatasetSummary, inputs: readonly string[]): SuggestedTraining {
  const names = new Set(inputs);
  const chosen = columns.filter((column) => names.has(column.name));
  const batchSize = Math.max(1, Math.min(32, Math.ceil(rows / 10)));
  const lr = cautiousRate(chosen.map(({ reach = 0 }) => reach));
  return { scale: 'standard', lr, batchSize, epochs: 200, logEvery: 10 };
}

/** A rate well within the largest stable one, rounded down to one digit. */
export function rateWithin(limit: number): number {
  const [digits, exponent] = (shareOfLimit * limit).toExponential().split('e');
  return Number(`${Math.floor(Number(digits))}e${exponent}`);
}
