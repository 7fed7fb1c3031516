import { offeredFixes } from '../../advice/verdicts/offeredFixes';
import { outcomeOf, triedKinds } from '../../advice/verdicts/triedFixes';
import type { EarlierRun } from '../../protocol/protocol';
import { fixedText } from '../../advice/fixes/fixedText';
import type { TrainingRun } from './trainingRun';

/**
 * The last run of a config, where the config's text is now the one of that run with one of the fixes that it offers. Where the
 * text is the same still, what came before that run. `runs`: oldest first.
 */
export function earlierRun(
  runs: readonly TrainingRun[],
  configUri: string | undefined,
  configText: string,
): EarlierRun | undefined {
  const last = runs.filter(({ state }) => configUri !== undefined && state.identity.configUri === configUri).at(-1);
  if (!last) return undefined;
  const { state, source } = last;
  if (source.configText === configText) return state.identity.earlier;
  const fix = offeredFixes(state).find((offered) => fixedText(source.configText, offered) === configText);
  return fix && { fix: fix.kind, tried: triedKinds(state), outcome: outcomeOf(state) };
}
