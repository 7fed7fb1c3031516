import type { Problem } from '../../base/problem';
import type { RunState } from '../../protocol/state';
import type { ConfigFix } from '../fixes/configFix';
import { triedKinds } from './triedFixes';
import { verdictOf } from './verdict';

/** Codes of an empty cell, and of the problem that counts more like those before it. */
const gapCodes = ['missing-value', 'more'];

/** What would mend the config of a run as it stands now, the best fix first; none that a person tried and that did not help. */
export function offeredFixes(run: RunState): ConfigFix[] {
  if (run.status === 'failed') return gapFixes(run.problems);
  if (run.trying) return [];
  const tried = triedKinds(run);
  return verdictOf(run).fixes.filter(({ kind }) => !tried.includes(kind));
}

/** What lets a run begin that nothing keeps back but empty cells; empty where there is another reason, or none. */
export function gapFixes(problems: readonly Problem[]): ConfigFix[] {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0 || errors.some(({ code = '' }) => !gapCodes.includes(code))) return [];
  const edits = [{ path: ['dataset', 'missing'], value: 'drop' }];
  return [{ kind: 'drop-gaps', title: 'Leave out rows with empty cells', edits }];
}
