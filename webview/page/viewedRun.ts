import { formatQuantity } from '../../src/base/format';
import type { RunState } from '../../src/protocol/state';

/** The model that the page shows: as it is now, or as it was after an epoch before. */
export interface ViewedModel {
  /** Whole epochs that it has been trained for. */
  epochs: number;
  /** Laid out as `Checkpoint.parameters`; valid until the next message of the host. */
  parameters: Float32Array;
  /** True where it is the run's own, which may stand within an epoch. */
  isLive: boolean;
}

/** The model of a run after `epoch` epochs, or after the last epoch before of which it was recorded; undefined: as it is now. */
export function viewed({ checkpoint, history, initial }: RunState, epoch: number | undefined): ViewedModel {
  if (epoch === undefined) return { epochs: checkpoint.epoch, parameters: checkpoint.parameters, isLive: true };
  return { ...(history.weightsAfter(epoch) ?? { epochs: 0, parameters: initial }), isLive: false };
}

/** What an earlier model was taken from: `before training`, `after 10 epochs`. */
export function describeViewed({ epochs }: Pick<ViewedModel, 'epochs'>): string {
  return epochs === 0 ? 'before training' : `after ${formatQuantity(epochs, 'epoch')}`;
}
