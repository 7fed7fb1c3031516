import { bestEpoch, trainedEpochs, type RunState } from '../../protocol/state';

/** The best epoch of a run that rests, where it is worth going to: not the last one. */
export function markedEpoch(run: RunState): number | undefined {
  const epoch = bestEpoch(run);
  return run.status !== 'running' && epoch !== undefined && epoch + 1 < trainedEpochs(run) ? epoch : undefined;
}

/** What the best epoch is the best by: `validation loss`, or the metric that the stop rule watches. */
export function bestBy({ shape }: Pick<RunState, 'shape'>): string {
  const monitor = shape?.earlyStopping?.monitor ?? (shape && shape.validationRows > 0 ? 'val_loss' : 'loss');
  return { loss: 'training loss', val_loss: 'validation loss' }[monitor] ?? monitor;
}
