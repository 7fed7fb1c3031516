import type { CheckedRun } from '../../protocol/checkedRun';
import type { ConfigFix } from '../fixes/configFix';
import { expectations } from './expectedVerdict';
import { problemCode } from './finding';

/** What mends a problem of a config, the best fix first. `code` is that of the problem. */
export interface ProblemFixes {
  code: string;
  fixes: ConfigFix[];
}

/** What mends the problems that a check has found in a config's data and their curvature. */
export function problemFixes({ data, report }: Pick<CheckedRun, 'data' | 'report'>): ProblemFixes[] {
  if (!data) return [];
  return expectations(data, report).map((finding) => ({ code: problemCode(finding), fixes: finding.fixes }));
}
