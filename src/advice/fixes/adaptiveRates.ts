import type { AdaptiveReach, CurvatureReport } from '../../engine/report/report';
import { formatQuantity, formatRounded, formatShortest } from '../../base/format';
import { rateEdits, offeredRate, scaleTargetsFix, type ConfigFix } from './configFix';
import { columnName } from '../words/curvatureWords';

/** At least this share of what there is to learn is left of a run that cannot arrive. */
const mostLeft = 0.1;
/** A rate that would do lets parameters go this many times their way, because steps shorten on it. */
const enough = 3;
/** In fewer steps than this no rate both arrives and settles. */
const leastSteps = 50;
/** A larger rate is asked for by targets of a large size, which can be scaled instead. */
const largestRate = 1;

/** Whether steps that are all about as long are too short, all together, to come near a minimum. */
export function cannotArrive({ adaptive }: CurvatureReport): boolean {
  return adaptive !== undefined && adaptive.left >= mostLeft;
}

/** `Adam moves a parameter by at most about 0.2 in 200 steps, and the bias has 40,700 to go`. Only where there is a reach. */
export function reachWords(
  report: Pick<CurvatureReport, 'inputNames'>,
  reach: AdaptiveReach,
  optimizer: string,
): string {
  const { travel, steps, distance, parameter } = reach;
  const name = parameter < report.inputNames.length ? JSON.stringify(columnName(report, parameter)) : 'the bias';
  return (
    `${optimizer} moves a parameter by at most about ${formatRounded(travel)} in ${formatQuantity(steps, 'step')}, ` +
    `and ${name} has ${formatRounded(distance)} to go`
  );
}

/** A rate with which an adaptive optimizer comes to the minimum in the steps it has; undefined where none is known. */
export function rateThatArrives({ adaptive, lr }: CurvatureReport): number | undefined {
  if (!adaptive || adaptive.steps < leastSteps) return undefined;
  return offeredRate((lr * enough * adaptive.distance) / adaptive.travel);
}

/** What would let such a run arrive, the best first; none where it has too few steps. */
export function reachFixes({ adaptive, lr, variance }: CurvatureReport): ConfigFix[] {
  if (!adaptive || adaptive.steps < leastSteps) return [];
  const rate = (lr * enough * adaptive.distance) / adaptive.travel;
  const size = Math.sqrt(variance ?? 0);
  const larger = { kind: 'larger-rate' as const, title: `Set lr to ${formatShortest(offeredRate(rate))}` };
  const fix: ConfigFix = { ...larger, edits: rateEdits(offeredRate(rate)) };
  return rate > largestRate && size > largestRate ? [scaleTargetsFix(offeredRate(rate / size)), fix] : [fix];
}
