import type { RunMetrics } from '../engine/report/metrics';

/** How a run came out that was trained with a fix, to see whether the fix helps. */
export interface TrialOutcome {
  /** As `scoreOf` counts it; -Infinity where it diverged. */
  score: number;
  /** Whether it was trained to its end; otherwise as far as a trial may go. */
  isWhole: boolean;
}

/** What became of the fixes that were tried out when a run had ended. */
export interface FixTrials {
  /** Score of the run itself; -Infinity where it diverged. */
  before: number;
  /** `fix` is the id of one. Those that could not be tried are missing. */
  tried: (TrialOutcome & { fix: string })[];
}

/** What a model has learned of its training rows: R², or the share of the log loss of always the same prediction that is gone. */
export function scoreOf({ train: { model, baseline } }: RunMetrics): number {
  if ('r2' in model) return model.r2;
  return 'logLoss' in baseline ? 1 - model.logLoss / baseline.logLoss : NaN;
}
