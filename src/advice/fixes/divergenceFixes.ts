import type { CurvatureReport } from '../../engine/report/report';
import { formatRounded } from '../../base/format';
import { offeredRate, rateEdits, scaleInputsFix, targetsFix, type ConfigFix } from './configFix';
import { isTooLarge } from '../words/hugeTargets';
import { isEnough } from './reach';

/**
 * What is offered once a run has diverged: no rate that is as large as the one that did, whatever the limit says. Those that
 * `fixes` has besides stay. Scaling comes first where a smaller rate would not arrive in as many epochs.
 */
export function fixesAfterDivergence(
  report: CurvatureReport,
  fixes: readonly ConfigFix[],
  epochs: number,
): ConfigFix[] {
  if (isTooLarge(report)) return [targetsFix];
  const kept = fixes.filter((fix) => scales(fix) || (rateOf(fix) ?? 0) < report.lr);
  const scaling = kept.some(scales) ? [] : cautiousScaling(report);
  if (kept.some((fix) => !scales(fix))) return [...kept, ...scaling];
  const rate = offeredRate(report.lr / 10);
  const scaled = [...kept, ...scaling];
  return isEnough(rate, report, epochs) ? [smallerRate(rate), ...scaled] : [...scaled, smallerRate(rate)];
}

/** Where one limit was wrong, the other may be as wrong. */
function cautiousScaling({ lr, limit, scaled }: CurvatureReport): ConfigFix[] {
  const scaledLimit = scaled?.limit.rate;
  if (scaledLimit === undefined || !Number.isFinite(scaledLimit)) return [];
  const share = Math.min(0.5, lr / (limit.rate ?? 0) / 10);
  return [scaleInputsFix(offeredRate(share * scaledLimit))];
}

function smallerRate(value: number): ConfigFix {
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
