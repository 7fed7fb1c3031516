import type { RunState } from '../run/state';
import type { ConfigFix } from './configFix';
import { curvatureFixes } from './curvatureFixes';
import { fixesAfterDivergence } from './divergenceFixes';
import { gapFixes } from './gapFixes';
import { triedKinds } from './triedFixes';
import { settingFix, unstableSettings } from './unstableSettings';

/** What would mend the config of a run as it stands now, the best fix first; none that was tried and did not help. */
export function offeredFixes(run: RunState): ConfigFix[] {
  if (run.status === 'failed') return gapFixes(run.problems);
  const tried = triedKinds(run);
  return helpfulFixes(run).filter(({ kind }) => !tried.includes(kind));
}

function helpfulFixes({ status, shape, curvature }: RunState): ConfigFix[] {
  if (!shape) return [];
  const hasDiverged = status === 'diverged';
  const settings = unstableSettings(shape.optimizerSettings);
  const sure = settings.filter(({ isSure }) => isSure);
  // Beside these every rate is wrong.
  if (sure.length > 0) return sure.map(settingFix);
  if (!curvature) return [];
  const { epochs, scheduler } = shape;
  const fixes = curvatureFixes(curvature, { epochs, ...(scheduler && { scheduler: { type: scheduler } }) });
  if (!hasDiverged) return fixes;
  return [...settings.map(settingFix), ...fixesAfterDivergence(curvature, fixes, epochs)];
}
