import { scoreOf, type FixTrials, type TrialOutcome } from '../../protocol/fixTrials';
import type { RunState } from '../../protocol/state';
import { fixId, type ConfigFix } from '../fixes/configFix';
import { fixedText } from '../fixes/fixedText';
import { worthTrying } from './fixTrials';
import { verdictOf } from './verdict';

/** Characters of a config that is read again for a trial, at most. */
const longest = 2 ** 18;

/** The fixes of a run that are to be tried out as it stands; none while it trains. */
export function fixesToTry(run: RunState): ConfigFix[] {
  const { trials: _, ...untried } = run;
  return worthTrying(run, verdictOf(untried).fixes);
}

/**
 * Tries out fixes of a run that has ended, one after the other.
 * @param configText the run's own config. @param tryOut answers the question `trial`.
 */
export async function tryFixes(
  run: RunState,
  fixes: readonly ConfigFix[],
  configText: string,
  tryOut: (configText: string) => Promise<TrialOutcome | null>,
): Promise<FixTrials> {
  const before = run.status === 'diverged' || !run.metrics ? -Infinity : scoreOf(run.metrics);
  const tried: FixTrials['tried'] = [];
  for (const fix of configText.length > longest ? [] : fixes) {
    const outcome = await tryOut(fixedText(configText, fix));
    if (outcome) tried.push({ fix: fixId(fix), ...outcome });
  }
  return { before, tried };
}
