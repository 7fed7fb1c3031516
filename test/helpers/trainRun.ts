import type { OpenedRun } from '../../src/training/openRun';
import { analyzeRun } from '../../src/training/analyzeRun';
import { applyRunEvent, openingRun, type RunState } from '../../src/protocol/state';

/** Trains a run through all its epochs, or until it diverges; its state then, and what its data say about it. */
export function trainRun(opened: OpenedRun): RunState {
  const { trainer, config, shape, initial } = opened;
  const runId = 'a';
  const report = analyzeRun(opened);
  while (!trainer.divergence && trainer.epoch < config.epochs) trainer.advance(Infinity);
  const { divergence } = trainer;
  const end = divergence ? ({ status: 'diverged', divergence } as const) : ({ status: 'finished' } as const);
  const events = [
    { type: 'opened', runId, shape, initial, trainLoss: NaN, validationLoss: NaN },
    { type: 'analyzed', runId, report },
    { type: 'status', runId, trainLoss: trainer.fullTrainLoss(), validationLoss: NaN, ...end },
  ] as const;
  return events.reduce(applyRunEvent, openingRun({ id: runId, name: 'a', startedAt: 0 }));
}

/** The share of what a linear model can explain of the targets' variance that a run explains. */
export function reachedShare({ curvature, trainLoss }: RunState): number {
  return (1 - trainLoss / curvature!.variance!) / curvature!.optimum!.r2!;
}
