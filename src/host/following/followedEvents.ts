import { flatParameters } from '../../protocol/followedModel';
import { emptyColumns } from '../../protocol/history';
import type { RunEvent } from '../../protocol/protocol';
import { startCheckpoint } from '../../protocol/state';
import type { FollowedLine } from './followedLine';
import type { FollowedStart } from './followedShape';

type EpochLine = Extract<FollowedLine, { event: 'epoch' }>;
type EndLine = Extract<FollowedLine, { event: 'end' }>;

/** Makes the events of a run of what the lines after its first one say. */
export class FollowedEvents {
  /** Epochs that are known. */
  epochs = 0;
  private lr: number;
  private parameters: Float32Array;

  constructor(
    private readonly runId: string,
    private readonly start: FollowedStart,
  ) {
    this.lr = start.shape.lr;
    this.parameters = start.initial;
  }

  /** The run opens, and trains elsewhere. */
  opened(): RunEvent[] {
    const { runId } = this;
    const { shape, initial } = this.start;
    return [{ type: 'opened', runId, shape, initial, trainLoss: NaN, validationLoss: NaN }];
  }

  /**
   * Some epochs in their order; those that are known already come again where a run went on from its checkpoint. Throws an
   * Error, the end of a sentence that begins with the line's number, where one is missing.
   */
  progress(lines: readonly EpochLine[]): RunEvent[] {
    const fresh: EpochLine[] = [];
    for (const line of lines) {
      const next = this.epochs + fresh.length;
      if (line.epoch === next) fresh.push(line);
    }
    if (fresh.length === 0) return [];
    const records = emptyColumns(fresh.length, this.epochs);
    fresh.forEach(({ loss, batchLoss, valLoss, lr }, i) => {
      records.loss[i] = loss;
      records.batchLoss[i] = batchLoss;
      records.valLoss[i] = valLoss;
      records.lr[i] = lr;
    });
    this.epochs += fresh.length;
    this.lr = fresh[fresh.length - 1].lr;
    return [this.stands(records, this.epochs, 0)];
  }

  /** The run has ended. Throws as above where its parameters are of another shape. */
  ended({ status, epochs, loss, valLoss, parameters, divergence, seconds }: EndLine): RunEvent[] {
    const { runId } = this;
    const { model } = this.start.shape;
    if (parameters) this.parameters = flatParameters(model, parameters);
    return [
      this.stands(emptyColumns(0, this.epochs), Math.min(epochs, this.epochs), seconds),
      {
        ...{ type: 'status', runId, status, trainLoss: loss, validationLoss: valLoss },
        ...(divergence && { divergence }),
      },
    ];
  }

  private stands(records: ReturnType<typeof emptyColumns>, epoch: number, seconds: number): RunEvent {
    const zeros = new Float32Array(this.parameters.length);
    const checkpoint = { ...startCheckpoint(this.parameters), epoch, lr: this.lr };
    return {
      ...{ type: 'progress', runId: this.runId },
      progress: { records, checkpoint, gradients: zeros, lastChange: zeros, seconds },
    };
  }
}
