import type { DataLoader } from './dataLoader';
import type { Dataset } from './dataset';
import { linearBackward, linearForward, type LinearArrays } from './kernels/linear';
import type { Linear } from './linear';
import { meanLossGradients, sumLoss, type Loss } from './losses';
import type { Optimizer } from './optimizers';

/** Rows that a pass without gradients looks at in one go. */
const evaluationChunk = 4096;

/** What a trainer trains, and with what. */
export interface TrainerParts {
  dataset: Dataset;
  model: Linear;
  loader: DataLoader;
  loss: Loss;
  optimizer: Optimizer;
  /** Rows to train on; the loader visits these. */
  trainRows: Uint32Array;
  /** Rows held out; empty without a split. */
  validationRows: Uint32Array;
}

/** What is known when an epoch is over. */
export interface EpochRecord {
  epoch: number;
  /** Mean over the epoch's batches, weighted by their rows, as they were trained on. */
  loss: number;
  /** The epoch's last batch. */
  batchLoss: number;
  /** NaN without a split. */
  valLoss: number;
  /** The rate that the epoch was trained with. */
  lr: number;
}

/** Where training stands between two batches. */
export interface TrainerPosition {
  /** Epochs completed. */
  epoch: number;
  /** Batches done in the epoch that is under way. */
  batch: number;
  /** Sum over this epoch's batches so far of loss × rows. */
  lossSum: number;
  parameters: Float32Array;
}

/**
 * Trains batch after batch, and stops for good at the first number that is not finite, with the last finite parameters.
 * Has no clock and no I/O: the caller decides how many rows to train at a time.
 */
export class Trainer {
  /** Epochs completed. */
  epoch = 0;
  /** Batches done in the epoch that is under way. */
  batch = 0;
  /** Set once a number was not finite. */
  divergence: { epoch: number; batch: number; what: 'loss' | 'parameter' } | undefined;
  /** The parameters as they were before the last batch. */
  readonly previous: Float32Array;
  private lossSum = 0;
  private epochStarted = false;
  private readonly arrays: LinearArrays;
  private readonly outputs: Float32Array;
  private readonly targets: Float32Array;
  private readonly outputGradients: Float32Array;
  private readonly gradientSums: Float64Array;

  constructor(readonly parts: TrainerParts) {
    const { dataset, model, loader } = parts;
    const { inFeatures, outFeatures, hasBias } = model;
    this.arrays = { inputs: dataset.inputs, inFeatures, outFeatures, hasBias };
    this.outputs = new Float32Array(Math.max(loader.end(0), evaluationChunk) * outFeatures);
    this.targets = new Float32Array(this.outputs.length);
    this.outputGradients = new Float32Array(this.outputs.length);
    this.gradientSums = new Float64Array(model.parameters.length);
    this.previous = model.parameters.slice();
  }

  /**
   * Trains whole batches until `rowBudget` rows are passed, the epoch ends or the run diverges.
   * Returns the record of an epoch that ended, also of one that ended by diverging.
   */
  advance(rowBudget: number): EpochRecord | undefined {
    if (this.divergence) return undefined;
    const { loader } = this.parts;
    if (!this.epochStarted) {
      loader.startEpoch();
      this.epochStarted = true;
    }
    let rows = 0;
    let batchLoss = NaN;
    while (this.batch < loader.batches && rows < rowBudget) {
      const start = loader.start(this.batch);
      const end = loader.end(this.batch);
      batchLoss = this.trainBatch(start, end);
      rows += end - start;
      this.lossSum += batchLoss * (end - start);
      if (this.divergence) return this.record(batchLoss, end);
      this.batch++;
    }
    if (this.batch < loader.batches) return undefined;
    const record = this.record(batchLoss, loader.batches > 0 ? loader.end(loader.batches - 1) : 0);
    this.epoch++;
    this.startOver();
    return record;
  }

  private lossOver(rows: Uint32Array): number {
    const { loss, model } = this.parts;
    let sum = 0;
    for (let start = 0; start < rows.length; start += evaluationChunk) {
      const end = Math.min(start + evaluationChunk, rows.length);
      sum += this.forwardLoss(loss, rows, start, end);
    }
    return Math.fround(sum / (rows.length * model.outFeatures));
  }

  /** The loss over all training rows with the parameters as they are. */
  fullTrainLoss(): number {
    return this.lossOver(this.parts.trainRows);
  }

  /** The loss over all rows held out; NaN where there are none. */
  fullValidationLoss(): number {
    return this.lossOver(this.parts.validationRows);
  }

  /** Predictions for `rows`, `rows.length × outFeatures`, with parameters laid out as the model's. */
  predict(rows: Uint32Array, parameters: Float32Array): Float32Array {
    const predictions = new Float32Array(rows.length * this.parts.model.outFeatures);
    linearForward(this.arrays, parameters, rows, 0, rows.length, predictions);
    return predictions;
  }

  /** What it takes to go on from here, in memory of its own. */
  position(): TrainerPosition {
    const { epoch, batch, lossSum } = this;
    return { epoch, batch, lossSum, parameters: this.parts.model.parameters.slice() };
  }

  /** Puts a fresh trainer where another one of the same parts stood: it goes on with the same bits. */
  restore({ epoch, batch, lossSum, parameters }: TrainerPosition): void {
    const { loader, model } = this.parts;
    loader.skipEpochs(epoch);
    this.startOver();
    if (batch > 0) {
      loader.startEpoch();
      this.epochStarted = true;
    }
    this.epoch = epoch;
    this.batch = batch;
    this.lossSum = lossSum;
    model.parameters.set(parameters);
    this.previous.set(parameters);
  }

  private trainBatch(start: number, end: number): number {
    const { loader, loss, model, optimizer } = this.parts;
    const { outputs, targets, outputGradients } = this;
    this.previous.set(model.parameters);
    const count = (end - start) * model.outFeatures;
    const batchLoss = Math.fround(this.forwardLoss(loss, loader.order, start, end) / count);
    if (!Number.isFinite(batchLoss)) {
      this.diverge('loss');
      return batchLoss;
    }
    meanLossGradients(loss, outputs, targets, count, outputGradients);
    linearBackward(this.arrays, loader.order, start, end, outputGradients, this.gradientSums, model.gradients);
    optimizer.step(model.parameters, model.gradients);
    if (!allFinite(model.parameters)) {
      model.parameters.set(this.previous);
      this.diverge('parameter');
    }
    return batchLoss;
  }

  private diverge(what: 'loss' | 'parameter'): void {
    this.divergence = { epoch: this.epoch, batch: this.batch, what };
  }

  /** Leaves outputs and targets of the rows `[start, end)` of `order` in the buffers; returns the sum of their losses. */
  private forwardLoss(loss: Loss, order: Uint32Array, start: number, end: number): number {
    const { dataset, model } = this.parts;
    const { outFeatures } = model;
    linearForward(this.arrays, model.parameters, order, start, end, this.outputs);
    let at = 0;
    for (let position = start; position < end; position++) {
      const row = order[position] * outFeatures;
      for (let output = 0; output < outFeatures; output++) this.targets[at++] = dataset.targets[row + output];
    }
    return sumLoss(loss, this.outputs, this.targets, at);
  }

  /** @param rows training rows seen in this epoch. */
  private record(batchLoss: number, rows: number): EpochRecord {
    return {
      epoch: this.epoch,
      loss: this.lossSum / rows,
      batchLoss,
      valLoss: this.fullValidationLoss(),
      lr: this.parts.optimizer.lr,
    };
  }

  private startOver(): void {
    this.batch = 0;
    this.lossSum = 0;
    this.epochStarted = false;
  }
}

function allFinite(numbers: Float32Array): boolean {
  for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) return false;
  return true;
}
