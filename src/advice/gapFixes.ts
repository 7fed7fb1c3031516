import type { Problem } from '../base/problem';
import type { ConfigFix } from './configFix';

/** Codes of an empty cell, and of the problem that counts more like those before it. */
const gapCodes = ['missing-value', 'more'];

/** What lets a run begin that nothing keeps back but empty cells; empty where there is another reason, or none. */
export function gapFixes(problems: readonly Problem[]): ConfigFix[] {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length === 0 || errors.some(({ code = '' }) => !gapCodes.includes(code))) return [];
  const edits = [{ path: ['dataset', 'missing'], value: 'drop' }];
  return [{ kind: 'drop-gaps', title: 'Leave out rows with empty cells', edits }];
}
