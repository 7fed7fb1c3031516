import type { Problem } from '../../base/problem';
import type { CurvatureReport, OptimizerSettings } from '../../protocol/protocol';
import { linearOf } from '../../protocol/outputs';
import type { RunState } from '../../protocol/state';
import type { ConfigFix } from '../fixes/configFix';
import { curvatureFixes, type PlannedTraining } from '../fixes/curvatureFixes';
import { fixesAfterDivergence } from '../fixes/divergenceFixes';
import { netFixes } from './netVerdict';
import { triedKinds } from './triedFixes';
import { settingFix, settingsToBlame, unstableSettings } from '../fixes/unstableSettings';

/** Codes of an empty cell, and of the problem that counts more like those before it. */
const gapCodes = ['missing-value', 'more'];

/** What would mend the config of a run as it stands now, the best fix first; none that was tried and did not help. */
export function offeredFixes(run: RunState): ConfigFix[] {
  if (run.status === 'failed') return gapFixes(run.problems);
  const tried = triedKinds(run);
  return helpfulFixes(run).filter(({ kind }) => !tried.includes(kind));
}

/** What would mend a config before it is run. */
export function fixesBefore(
  report: CurvatureReport,
  config: PlannedTraining & { optimizer: OptimizerSettings },
): ConfigFix[] {
  // Beside these every rate is wrong.
  const sure = unstableSettings(config.optimizer).filter(({ isSure }) => isSure);
  return sure.length > 0 ? sure.map(settingFix) : curvatureFixes(report, config);
}

function helpfulFixes(run: RunState): ConfigFix[] {
  const { status, shape, curvature } = run;
  if (!shape) return [];
  const settings = unstableSettings(shape.optimizerSettings);
  const sure = settings.filter(({ isSure }) => isSure);
  if (sure.length > 0) return sure.map(settingFix);
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

/** What lets a run begin that nothing keeps back but empty cells; empty where there is another reason, or none. */
export function gapFixes(problems: readonly Problem[]): ConfigFix[] {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0 || errors.some(({ code = '' }) => !gapCodes.includes(code))) return [];
  const edits = [{ path: ['dataset', 'missing'], value: 'drop' }];
  return [{ kind: 'drop-gaps', title: 'Leave out rows with empty cells', edits }];
}
