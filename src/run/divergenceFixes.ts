import type { JSONPath } from 'jsonc-parser';
import type { CurvatureReport } from '../engine/curvature/report';
import { formatRounded } from '../format';
import { isTooLarge } from './hugeTargets';

/** Changes of a config that belong together. */
export interface ConfigFix {
  title: string;
  edits: { path: JSONPath; value: unknown }[];
}

/** For targets whose squares are no numbers any more. */
export const targetsFix: ConfigFix = {
  title: 'Scale the targets',
  edits: [{ path: ['dataset', 'scale_targets'], value: 'standard' }],
};

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
  const lr = roundedDown(share * scaledLimit, 2);
  const edits = [
    { path: ['dataset', 'scale'], value: 'standard' },
    { path: ['optimizer', 'lr'], value: lr },
  ];
  return [...mended, { title: `Scale the inputs and set lr to ${formatRounded(lr)}`, edits }];
}

/** Half of a limit, rounded down to two digits. */
export function halfOf(limit: number | undefined): number | undefined {
  return limit === undefined || !Number.isFinite(limit) ? undefined : roundedDown(limit / 2, 2);
}

function smallerRate(lr: number): ConfigFix {
  const value = roundedDown(lr / 10, 2);
  return { title: `Set lr to a tenth (${formatRounded(value)})`, edits: [{ path: ['optimizer', 'lr'], value }] };
}

function scales({ edits }: ConfigFix): boolean {
  return edits.some(({ path }) => path[1] === 'scale');
}

function rateOf({ edits }: ConfigFix): number | undefined {
  const edit = edits.find(({ path }) => path[0] === 'optimizer' && path[1] === 'lr');
  return typeof edit?.value === 'number' ? edit.value : undefined;
}

function roundedDown(value: number, digits: number): number {
  const [mantissa, exponent] = value.toExponential().split('e');
  const unit = 10 ** (digits - 1);
  // A number that has no more digits is not to lose its last one to rounding.
  return Number(`${Math.floor(Number(mantissa) * unit + 1e-9) / unit}e${exponent}`);
}
