import type { SlowestDirection } from '../engine/curvature/forecast';
import type { CurvatureReport, RateLimit } from '../engine/curvature/report';
import { formatCount, formatEstimate, formatQuantity, formatRounded, formatShare, formatShortest } from '../format';

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

/** ` for batches of one row (row 10 is the steepest)`. `rows`: that are trained on. */
export function forBatches({ batchRows, worstRow }: RateLimit, rows: number): string {
  if (batchRows === rows) return rows === 1 ? '' : ` for batches of all ${formatQuantity(rows, 'row')}`;
  const size = batchRows === 1 ? 'one row' : formatQuantity(batchRows, 'row');
  return ` for batches of ${size} (row ${formatCount(worstRow + 1)} is the steepest)`;
}

/** `takes 610 epochs to come nearer by a factor of 2.7`. */
export function paceWords({ epochs }: SlowestDirection): string {
  if (!Number.isFinite(epochs)) return 'comes no nearer';
  return `takes ${formatEstimate(epochs, 'epoch')} to come nearer by a factor of 2.7`;
}
