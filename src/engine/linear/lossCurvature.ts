import type { Loss } from '../nn/losses';
import type { RowSource } from './rowSource';
import type { WorstBatch } from './worstBatch';

/** How strongly a loss bends, whatever the model's outputs are. */
export interface LossCurvature {
  /** The Hessian over all rows is at most this times `AᵀA / rows`, for each output. */
  factor: number;
  /** That over a batch is at most this times `AᵀA / b` of its `b` rows, or times `AᵀA` where the loss sums over them. */
  perBatch: number;
  /** Where rows count differently: that over a batch is at most this times the square of its longest row. */
  ofLongest?: number;
  /** The loss of a batch is a sum over its rows. */
  sums: boolean;
  /** The second derivative is the same everywhere. */
  isExact: boolean;
}

/**
 * The second derivative of a loss by a row's outputs, as far as it bounds the Hessian. Undefined for a loss that has no
 * curvature, such as `l1_loss`.
 * @param targets of all rows.
 */
export function lossCurvature(loss: Loss, outputs: number, targets: RowSource): LossCurvature | undefined {
  const { bend, count, sums = false, weightOf } = loss;
  if (!bend) return undefined;
  const perBatch = bend.largest / count(1, outputs);
  const { isExact } = bend;
  if (!weightOf) return { factor: sums ? perBatch * targets.rows : perBatch, perBatch, sums, isExact };
  const weights = Float64Array.from({ length: outputs }, (_, target) => weightOf(target));
  const least = Math.min(...weights);
  const mean = totalCount(loss, outputs, targets) / targets.rows;
  return { factor: perBatch / mean, perBatch: perBatch / least, ofLongest: perBatch / least, sums, isExact };
}

/** What the sum of a loss over all rows is divided by. */
export function totalCount({ count, weightOf }: Loss, outputs: number, targets: RowSource): number {
  if (!weightOf) return count(targets.rows, outputs);
  const block = new Float64Array(targets.columns);
  let sum = 0;
  for (let row = 0; row < targets.rows; row++) {
    targets.read(row, row + 1, block, targets.columns, 1);
    sum += weightOf(block[0]);
  }
  return sum;
}

/** The most that a batch bends. */
export function curvatureOf(
  { factor, perBatch, ofLongest = Infinity }: LossCurvature,
  batch: WorstBatch,
  rows: number,
): number {
  if (batch.rows === rows && ofLongest !== Infinity) return factor * batch.atMost;
  return Math.min(perBatch * batch.atMost, ofLongest * batch.longestNorm);
}
