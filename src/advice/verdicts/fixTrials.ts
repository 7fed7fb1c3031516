import type { TrialOutcome } from '../../protocol/fixTrials';
import { hasFinished, type RunState } from '../../protocol/state';
import { fixId, type ConfigFix, type FixKind } from '../fixes/configFix';

/** A score that is larger by this is better. One of 0 is that of always the same prediction, which no fix is for. */
const better = 1e-3;
/** A fix that reaches less than this share of what another one reaches comes after it. */
const nearly = 0.9;

/**
 * Kinds of fixes after which a run has learned more of its training rows, where they help. Others, such as leaving out a column
 * that gives the target, may help and make that less.
 */
const measurable: ReadonlySet<FixKind> = new Set<FixKind>([
  ...(['half-limit', 'smaller-rate', 'larger-rate', 'calm-scheduler', 'scale-inputs', 'scale-targets'] as const),
  ...(['momentum', 'dampening', 'alpha', 'eps', 'centered', 'init', 'more-epochs'] as const),
  ...(['layers', 'shuffle', 'schedule', 'activation', 'optimizer'] as const),
]);

/** What a trial has shown: nothing where it could not be tried, `unknown` where it was not trained far enough. */
type Shown = 'good' | 'less' | 'useless' | 'unknown' | undefined;

/** Those of a run's fixes that are to be tried out; none where there is nothing to choose from, or nothing to compare with. */
export function worthTrying(
  { status, metrics }: Pick<RunState, 'status' | 'metrics'>,
  fixes: readonly ConfigFix[],
): ConfigFix[] {
  const isComparable = status === 'diverged' || (hasFinished(status) && metrics !== undefined);
  return isComparable && fixes.length > 1 ? fixes.filter(({ kind }) => measurable.has(kind)) : [];
}

/**
 * Fixes in the order in which they help, by what their trials have shown. Where one helps, those that do not are left out, and
 * those that are known to help less or may do so come last. One that could not be tried keeps its place.
 */
export function orderedByTrials(
  { status, trials }: Pick<RunState, 'status' | 'trials'>,
  fixes: ConfigFix[],
): ConfigFix[] {
  if (!trials || !(status === 'diverged' || hasFinished(status))) return fixes;
  const { before, tried } = trials;
  const outcomes = new Map(tried.map((outcome) => [outcome.fix, outcome]));
  const helps = (score: number) => score > Math.max(before, 0) + better;
  const best = Math.max(...tried.map(({ score }) => score).filter(helps));
  const shown = fixes.map((fix): [ConfigFix, Shown] => [fix, showing(outcomes.get(fixId(fix)))]);
  const having = (...kinds: Shown[]) => shown.filter(([, kind]) => kinds.includes(kind)).map(([fix]) => fix);
  if (having('good').length > 0) return [...having('good', undefined), ...having('less'), ...having('unknown')];
  return [...having('unknown', undefined), ...having('useless')];

  function showing(outcome: TrialOutcome | undefined): Shown {
    if (!outcome || Number.isNaN(outcome.score) || Number.isNaN(before)) return undefined;
    if (helps(outcome.score)) return outcome.score >= nearly * best ? 'good' : 'less';
    return outcome.isWhole ? 'useless' : 'unknown';
  }
}
