import type { DatasetSummary } from '../data/describeTable';
import { cautiousRate } from '../engine/curvature';

/** Numbers to begin with, for data that nobody has trained on yet. */
export interface SuggestedTraining {
  lr: number;
  batchSize: number;
  epochs: number;
  logEvery: number;
}

/** A rate that cannot diverge on these inputs, and batches that give at least ten steps an epoch where the rows allow it. */
export function suggestTraining({ rows, columns }: DatasetSummary, inputs: readonly string[]): SuggestedTraining {
  const chosen = columns.filter((column) => inputs.includes(column.name));
  const largest = chosen.map(({ min = 0, max = 0 }) => Math.max(Math.abs(min), Math.abs(max)));
  const batchSize = Math.max(1, Math.min(32, Math.ceil(rows / 10)));
  return { lr: cautiousRate(largest), batchSize, epochs: 200, logEvery: 10 };
}
