import type { JSONPath } from 'jsonc-parser';
import type { Config } from '../config/schema';
import type { CurvatureReport } from '../engine/curvature/report';
import { formatRounded } from '../format';
import { rateVerdict } from './curvatureProblems';

/** Changes of a config that belong together. */
export interface ConfigFix {
  title: string;
  edits: { path: JSONPath; value: unknown }[];
}

/** What would put a rate right that is over its limit or too small to arrive; empty where nothing is wrong with it. */
export function curvatureFixes(report: CurvatureReport, config: Config): ConfigFix[] {
  if (!rateVerdict(report, config)) return [];
  const fixes: ConfigFix[] = [];
  const half = halfOf(report.limit.rate);
  if (half !== undefined && half !== report.lr) {
    const title = `Set lr to half the limit (${formatRounded(half)})`;
    fixes.push({ title, edits: [{ path: ['optimizer', 'lr'], value: half }] });
  }
  const scaled = halfOf(report.scaled?.limit.rate);
  if (scaled !== undefined) {
    const edits = [
      { path: ['dataset', 'scale'], value: 'standard' },
      { path: ['optimizer', 'lr'], value: scaled },
    ];
    fixes.push({ title: `Scale the inputs and set lr to ${formatRounded(scaled)}`, edits });
  }
  return fixes;
}

/** Half of a limit, rounded down to two digits. */
function halfOf(limit: number | undefined): number | undefined {
  if (limit === undefined || !Number.isFinite(limit)) return undefined;
  const [digits, exponent] = (limit / 2).toExponential().split('e');
  return Number(`${Math.floor(Number(digits) * 10) / 10}e${exponent}`);
}
