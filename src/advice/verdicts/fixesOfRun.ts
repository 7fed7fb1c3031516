import { linearOf } from '../../protocol/outputs';
import type { RunState } from '../../protocol/state';
import type { ConfigFix } from '../fixes/configFix';
import { curvatureFixes } from '../fixes/curvatureFixes';
import { fixesAfterDivergence } from '../fixes/divergenceFixes';
import { netFixes } from './netVerdict';
import { settingFix, settingFixes, settingsToBlame, unstableSettings } from '../fixes/unstableSettings';

/** What would mend the rate and the settings of a run as it stands now, the best fix first. */
export function helpfulFixes(run: RunState): ConfigFix[] {
  const { status, shape, curvature } = run;
  if (!shape) return [];
  const settings = unstableSettings(shape.optimizerSettings);
  const sure = settings.filter(({ isSure }) => isSure);
  if (sure.length > 0) return sure.flatMap(settingFixes);
  if (!linearOf(shape)) return netFixes(run, shape);
  if (!curvature) return [];
  const { epochs, scheduler } = shape;
  const fixes = curvatureFixes(curvature, { epochs, ...(scheduler && { scheduler: { type: scheduler } }) });
  if (status !== 'diverged') return fixes;
  return [
    ...settingsToBlame(shape.optimizerSettings).map(settingFix),
    ...fixesAfterDivergence(curvature, fixes, epochs),
  ];
}
