import { countOf, type Loss } from '../nn/losses';
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
 * @param weights of the rows, by their place; `AᵀA / rows` is then that of rows times the roots of their weights, divided by
 * the mean weight.
 */
export function lossCurvature(
  loss: Loss,
  outputs: number,
  targets: RowSource,
  weights?: Float64Array,
): LossCurvature | undefined {
  const { bend, count, sums = false, weightOf } = loss;
  if (!bend) return undefined;
  const perBatch = bend.largest / count(1, outputs);
  const { isExact } = bend;
  const { rows } = targets;
  const mean = weights ? weights.reduce((sum, weight) => sum + weight, 0) / rows : 1;
  const most = weights?.reduce((largest, weight) => Math.max(largest, weight), 0) ?? 1;
  if (sums) return { factor: perBatch * rows * mean, perBatch: perBatch * most, sums, isExact };
  if (!weightOf) return { factor: perBatch, perBatch, sums, isExact };
  const least = Math.min(...Array.from({ length: outputs }, (_, target) => weightOf(target)));
  const share = totalCount(loss, outputs, targets, weights) / (rows * mean);
  return { factor: perBatch / share, perBatch: perBatch / least, ofLongest: perBatch / least, sums, isExact };
}

/** What the sum of a loss over all rows is divided by. */
export function totalCount(loss: Loss, outputs: number, targets: RowSource, weights?: Float64Array): number {
  const { rows } = targets;
  const values = new Float64Array(loss.weightOf ? rows : 0);
  if (loss.weightOf) targets.read(0, rows, values, 1, rows);
  return countOf(loss, values, rows, outputs, weights);
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
