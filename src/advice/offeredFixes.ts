import type { RunState } from '../run/state';
import type { ConfigFix } from './configFix';
import { curvatureFixes } from './curvatureFixes';
import { fixesAfterDivergence } from './divergenceFixes';
import { gapFixes } from './gapFixes';

/** What would mend the config of a run as it stands now, the best fix first. */
export function offeredFixes({ status, problems, shape, curvature }: RunState): ConfigFix[] {
  if (status === 'failed') return gapFixes(problems);
  if (!shape || !curvature) return [];
  const { epochs, scheduler } = shape;
  const fixes = curvatureFixes(curvature, { epochs, ...(scheduler && { scheduler: { type: scheduler } }) });
  return status === 'diverged' ? fixesAfterDivergence(curvature, fixes) : fixes;
}
