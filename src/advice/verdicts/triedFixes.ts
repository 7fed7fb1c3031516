import { hasFinished, lossScale, shownLoss, type RunState } from '../../protocol/state';

/** Kinds of fixes that were taken over into a run's config, by it or by those before it, and did not help. */
export function triedKinds(run: RunState): string[] {
  const { earlier } = run.identity;
  if (!earlier) return [];
  const hasFailed = outcomeOf(run) >= earlier.outcome;
  return hasFailed ? [...earlier.tried, earlier.fix] : earlier.tried;
}

/**
 * How a run ended: its loss as a share of what losses are measured by, Infinity where it diverged. NaN, which is no better and
 * no worse than anything, where it has not come to its end.
 */
export function outcomeOf(run: RunState): number {
  if (run.status === 'diverged') return Infinity;
  return hasFinished(run.status) ? shownLoss(run) / lossScale(run) : NaN;
}
