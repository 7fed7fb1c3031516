import type { SlowestDirection } from '../../engine/report/forecast';
import type { CurvatureReport, RateLimit } from '../../engine/report/report';
import {
  formatCount,
  formatEstimate,
  formatMinimum,
  formatNumber,
  formatQuantity,
  formatRounded,
  formatShare,
  formatShortest,
} from '../../base/format';

/** A model that explains less of the targets than this explains nothing. */
const leastExplained = 0.01;
/** Of fewer rows nothing can be said. */
const leastRows = 4;

const limitNames = { exact: 'limit', safe: 'safe limit', estimate: 'estimated limit' };

/** `82 % of the limit 1.22e-6`, `8.2 times the safe limit 0.0788`; undefined where curvature sets no limit. */
export function shareOfLimit({ limit, lr }: Pick<CurvatureReport, 'limit' | 'lr'>): string | undefined {
  const { rate, accuracy } = limit;
  if (rate === undefined) return undefined;
  return `${formatShare(lr / rate)} the ${limitNames[accuracy]} ${formatRounded(rate)}`;
}

/** `lr 1e-5 is 8.2 times the limit 1.22e-6 for batches of one row (row 10 is the steepest)`; undefined as above. `rows`: that are trained on. */
export function rateSentence(report: Pick<CurvatureReport, 'limit' | 'lr'>, rows: number): string | undefined {
  const share = shareOfLimit(report);
  return share && `lr ${formatShortest(report.lr)} is ${share}${forBatches(report.limit, rows)}`;
}

/** `from 16,384 of 100,000 rows`, where a limit was not worked out from all of them. */
function sampleWords({ sample }: Pick<RateLimit, 'sample'>): string | undefined {
  return sample && `from ${formatCount(sample.rows)} of ${formatQuantity(sample.of, 'row')}`;
}

/** ` for batches of one row (row 10 is the steepest)`. `rows`: that are trained on. */
export function forBatches({ batchRows, worstRow, isLast, sample }: RateLimit, rows: number): string {
  const seen = sample ? ` (${sampleWords({ sample })})` : '';
  if (batchRows === rows) return rows === 1 ? '' : ` for batches of all ${formatQuantity(rows, 'row')}${seen}`;
  const size = batchRows === 1 ? 'one row' : formatQuantity(batchRows, 'row');
  const batches = isLast ? `the last batch, which has ${size}` : `batches of ${size}`;
  return ` for ${batches}${seen || ` (row ${formatCount(worstRow + 1)} is the steepest)`}`;
}

/**
 * What it means to be above a limit, or below it: `: above it steps on row 10 grow; whether the run diverges depends on the
 * order of the rows`. Empty for batches of all rows, where the limit says it all. `rows`: that are trained on.
 */
export function limitMeaning({ limit, lr }: Pick<CurvatureReport, 'limit' | 'lr'>, rows: number): string {
  const { rate, accuracy, batchRows, worstRow, isTried, sample } = limit;
  if (rate === undefined || batchRows === rows || sample) return '';
  if (isTried) return ': momentum carries from batch to batch, so it was found by trying several rates on these rows';
  if (accuracy === 'estimate') return ': of the steepest batch, as momentum carries it on to the next ones';
  if (lr <= rate) return ': up to it no step makes the error larger';
  const row = formatCount(worstRow + 1);
  const steps = batchRows > 1 ? `steps on batches with row ${row} may grow` : `steps on row ${row} grow`;
  return `: above it ${steps}; whether the run diverges depends on the order of the rows`;
}

/** `takes 610 epochs to come nearer by a factor of 2.7`. */
export function paceWords({ epochs, isAtLeast }: SlowestDirection): string {
  if (!Number.isFinite(epochs)) return 'comes no nearer';
  if (epochs < 0.5) return 'comes nearer by a factor of 2.7 in less than an epoch';
  return `takes ${isAtLeast ? 'at least ' : ''}${formatEstimate(epochs, 'epoch')} to come nearer by a factor of 2.7`;
}

/** `with weight_decay 3 the minimum is 1.0047; without it 0.0093`; undefined where weight decay moves nothing, or it is not known what. */
export function decayWords({ optimum, weightDecay, variance }: CurvatureReport): string | undefined {
  if (!optimum?.decayed || weightDecay === undefined) return undefined;
  const [moved, without] = [formatNumber(optimum.decayed.loss), formatMinimum(optimum.loss, variance)];
  if (moved === without) return undefined;
  return `with weight_decay ${formatShortest(weightDecay)} the minimum is ${moved}; without it ${without}`;
}

/** Whether there are best parameters, as far as is known. */
export function hasMinimum({ optimum }: Pick<CurvatureReport, 'optimum'>): boolean {
  return optimum === undefined || optimum.isAttained || optimum.decayed !== undefined;
}

/** Whether not even the best parameters do better than the same prediction for every row. */
export function explainsNothing({ rows, optimum, variance, sameForAll }: CurvatureReport): boolean {
  const plain = variance ?? sameForAll;
  if (!optimum || !plain || rows < leastRows) return false;
  return 1 - optimum.loss / plain < leastExplained;
}

/** What the rounding of a loss is measured by: the loss of predicting the mean or, where all targets are the same, their own rounding. */
export function lossUnit({ variance, largestTarget = 0 }: Pick<CurvatureReport, 'variance' | 'largestTarget'>) {
  return variance === undefined ? undefined : Math.max(variance, largestTarget ** 2 * 1e-12);
}

/** An input's name, or `bias` for the number after the last input. */
export function columnName({ inputNames }: { inputNames: string[] }, column: number): string {
  return inputNames[column] ?? 'bias';
}
