import type { CurvatureReport } from '../engine/curvature/report';
import { formatRounded } from '../format';
import { offeredRate, rateEdits, scaleInputsFix, targetsFix, type ConfigFix } from './configFix';
import { isTooLarge } from './hugeTargets';

/**
 * What is offered once a run has diverged: no rate that is as large as the one that did, whatever the limit says. Those that
 * `fixes` has besides stay.
 */
export function fixesAfterDivergence(report: CurvatureReport, fixes: readonly ConfigFix[]): ConfigFix[] {
  if (isTooLarge(report)) return [targetsFix];
  const kept = fixes.filter((fix) => scales(fix) || (rateOf(fix) ?? 0) < report.lr);
  const mended = kept.some((fix) => !scales(fix)) ? kept : [smallerRate(report.lr), ...kept];
  const scaledLimit = report.scaled?.limit.rate;
  if (scaledLimit === undefined || !Number.isFinite(scaledLimit) || mended.some(scales)) return mended;
  // Where one limit was wrong, the other may be as wrong.
  const share = Math.min(0.5, report.lr / (report.limit.rate ?? 0) / 10);
  return [...mended, scaleInputsFix(offeredRate(share * scaledLimit))];
}

function smallerRate(lr: number): ConfigFix {
  const value = offeredRate(lr / 10);
  const title = `Set lr to a tenth (${formatRounded(value)})`;
  return { kind: 'smaller-rate', title, edits: rateEdits(value) };
}

function scales({ kind }: ConfigFix): boolean {
  return kind === 'scale-inputs';
}

function rateOf({ edits }: ConfigFix): number | undefined {
  const edit = edits.find(({ path }) => path[0] === 'optimizer' && path[1] === 'lr');
  return typeof edit?.value === 'number' ? edit.value : undefined;
}
