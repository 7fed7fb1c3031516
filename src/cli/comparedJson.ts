import type { ComparedRun } from '../compare/comparedRun';
import type { FoldedRuns } from '../compare/foldedRuns';
import { metricsOfSet } from './metricsJson';

/** How a run ended, as the command line prints it as JSON. A number that is not known is left out. */
export function comparedJson(run: ComparedRun) {
  const { status, epochs, loss, valLoss, lowestLoss, lowestValLoss, metrics, valMetrics, verdict, limit, seconds } =
    run;
  const hasValidation = !Number.isNaN(valLoss);
  return {
    status,
    epochs,
    loss,
    ...(lowestLoss && { lowest_loss: lowestLoss }),
    ...(hasValidation && { val_loss: valLoss }),
    ...(hasValidation && lowestValLoss && { lowest_val_loss: lowestValLoss }),
    metrics: {
      train: metricsOfSet(metrics),
      ...(hasValidation && { val: metricsOfSet(valMetrics) }),
    },
    ...(limit && { limit: limit.rate, share: limit.share, accuracy: limit.accuracy }),
    ...(verdict && { verdict: { code: verdict.code, sentence: verdict.sentence } }),
    seconds,
  };
}

/** Runs over seeds or folds as JSON. */
export function foldedJson({ settings, runs, diverged, loss, valLoss }: FoldedRuns) {
  return {
    set: settings,
    members: runs.map(({ id }) => Number(id)),
    diverged,
    loss,
    ...(valLoss.count > 0 && { val_loss: valLoss }),
  };
}
