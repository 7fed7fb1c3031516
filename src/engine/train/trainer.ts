import { BatchPasses, type PassParts } from './batchPasses';
import type { DataLoader } from '../data/dataLoader';
import { chunkRows, type SpanResult } from '../kernels/kernels';
import { predictRows } from '../nn/predictRows';
import { isPerBatch, type BatchSettings } from '../optim/batchSchedulers';
import type { ScheduledOptimizer } from '../optim/scheduledOptimizer';
import type { Scheduler } from '../optim/schedulers';
import { monitor, withBest, unmonitored, type EarlyStoppingOptions, type Monitored } from './earlyStopping';

/** What a trainer trains, and with what. */
export interface TrainerParts extends PassParts {
  loader: DataLoader;
  /** Absent: the rate stays as it is. */
  scheduler?: Scheduler;
  /** See `ScheduledOptimizer`. */
  beforeBatch?: ScheduledOptimizer['beforeBatch'];
  /** Rows to train on; the loader visits these. */
  trainRows: Uint32Array;
  /** Rows held out; empty without a split. */
  validationRows: Uint32Array;
  /** The rule that ends training. `monitored` gives the number of an epoch that has just ended. */
  earlyStopping?: EarlyStoppingOptions & { monitored(record: EpochRecord): number };
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
  /** The rate that the epoch was trained with; that of its first batch where it changes with batches. */
  lr: number;
}

/** A batch that was trained: the positions `[start, end)` of the kernels' order. */
export interface TrainedBatch {
  epoch: number;
  batch: number;
  start: number;
  end: number;
  /** The rate that it was trained with. */
  lr: number;
  /** The momentum that the scheduler gave it. */
  momentum?: number;
  loss: number;
  /** What was not finite first; then the parameters are still those before the batch. */
  notFinite?: 'loss' | 'parameter';
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
  /** The rate of the epoch that is under way. */
  lr: number;
  /** What the optimizer keeps from step to step. */
  optimizer: { steps: number; buffers: Float32Array[] };
  /** What the scheduler keeps from epoch to epoch. */
  scheduler: number[];
  /** The best epoch so far: by the stop rule, otherwise by the validation loss or the training loss. Absent in older records. */
  monitored?: Monitored;
  /** Where training stood after the best epoch; only with a stop rule, and not in that position itself. */
  best?: TrainerPosition;
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
  /** Set once the stop rule has ended training. */
  isStopped = false;
  /** The parameters as they were before the last batch. */
  readonly previous: Float32Array;
  /** Undefined where none was trained since the trainer was made or restored, or its rows are not in the order any more. */
  lastBatch: TrainedBatch | undefined;
  private lossSum = 0;
  private batchLoss = NaN;
  private epochStarted = false;
  private monitored: Monitored;
  private best: TrainerPosition | undefined;
  private readonly passes: BatchPasses;
  /** Of the batch under way, where the scheduler sets them. */
  private settings: BatchSettings | undefined;

  constructor(readonly parts: TrainerParts) {
    const { kernels, model, optimizer, scheduler, trainRows, validationRows } = parts;
    optimizer.lr = scheduler?.start ?? optimizer.lr;
    this.passes = new BatchPasses(parts);
    this.monitored = unmonitored(parts.earlyStopping?.mode ?? 'min');
    this.previous = kernels.previous;
    this.previous.set(model.parameters);
    // The loader keeps the training rows before them.
    kernels.order.set(validationRows, trainRows.length);
  }

  /**
   * Trains batches until `rowBudget` rows are passed or `mostBatches` are done, the epoch ends or the run diverges. A
   * batch of many rows may be left half done; nothing is seen of it before it is done.
   * Returns the record of an epoch that ended, also of one that ended by diverging. Does nothing once the run has diverged
   * or stopped.
   */
  advance(rowBudget: number, mostBatches = Infinity): EpochRecord | undefined {
    if (this.divergence || this.isStopped) return undefined;
    const { loader } = this.parts;
    if (!this.epochStarted) {
      loader.startEpoch();
      this.epochStarted = true;
      this.lastBatch = undefined;
    }
    const last = Math.min(loader.batches, this.batch + mostBatches);
    let rows = 0;
    while (this.batch < last && rows < rowBudget) {
      rows += this.trainNext(last, rowBudget - rows);
      if (this.divergence) return this.record(loader.end(this.batch));
    }
    if (this.batch < loader.batches) return undefined;
    const record = this.record(loader.end(loader.batches - 1));
    this.epoch++;
    this.startOver();
    this.schedule(record);
    this.monitor(record);
    return record;
  }

  /** Goes back to the end of the best epoch, where the stop rule wants that. */
  restoreBest(): void {
    if (this.parts.earlyStopping?.restore_best && this.best) this.restore(this.best);
  }

  /** The epoch that the loader's order is of: the one under way, otherwise the last one; -1 before the first. */
  get orderEpoch(): number {
    return this.epochStarted ? this.epoch : this.epoch - 1;
  }

  /** The loss over all training rows with the parameters as they are, its penalty included. */
  fullTrainLoss(): number {
    const { model, penalty, trainRows } = this.parts;
    return this.passes.lossOver(0, trainRows.length) + (penalty?.value(model.parameters) ?? 0);
  }

  /** The loss over all rows held out; NaN if there are none. */
  fullValidationLoss(): number {
    const { trainRows, validationRows } = this.parts;
    return this.passes.lossOver(trainRows.length, trainRows.length + validationRows.length);
  }

  /** Predictions for `rows`, `rows.length × outFeatures`, with parameters laid out as the model's. */
  predict(rows: Uint32Array, parameters: Float32Array): Float32Array {
    const { kernels, model } = this.parts;
    return kernels.predict?.(rows, parameters) ?? predictRows(model.layers, parameters, kernels.inputs, rows);
  }

  /** What it takes to continue from here, in memory of its own. */
  position(): TrainerPosition {
    const { best } = this;
    return { ...this.ownPosition(), ...(best && { best }) };
  }

  private ownPosition(): TrainerPosition {
    const { epoch, batch, lossSum, monitored } = this;
    const { model, optimizer, scheduler } = this.parts;
    return {
      epoch,
      batch,
      lossSum,
      parameters: model.parameters.slice(),
      lr: optimizer.lr,
      optimizer: { steps: optimizer.steps, buffers: optimizer.buffers.map((buffer) => buffer.slice()) },
      scheduler: scheduler?.state.slice() ?? [],
      monitored,
    };
  }

  /** Goes to where this trainer, or another one of the same parts, stood: it continues from there with the same bits. */
  restore({ epoch, batch, lossSum, parameters, ...kept }: TrainerPosition): void {
    const { earlyStopping, loader, model, optimizer, scheduler } = this.parts;
    loader.goTo(epoch);
    this.startOver();
    this.divergence = undefined;
    this.lastBatch = undefined;
    if (batch > 0) {
      loader.startEpoch();
      this.epochStarted = true;
    }
    this.epoch = epoch;
    this.batch = batch;
    this.lossSum = lossSum;
    model.parameters.set(parameters);
    model.gradients.fill(0);
    this.previous.set(parameters);
    optimizer.lr = kept.lr;
    optimizer.steps = kept.optimizer.steps;
    if (optimizer.resume) optimizer.resume(kept.optimizer.buffers);
    else optimizer.buffers.forEach((buffer, i) => buffer.set(kept.optimizer.buffers[i]));
    if (scheduler) scheduler.state = kept.scheduler.slice();
    this.isStopped = false;
    this.monitored = kept.monitored ?? unmonitored(earlyStopping?.mode ?? 'min');
    const isBest = earlyStopping && batch === 0 && this.monitored.bestEpoch === epoch - 1 && epoch > 0;
    this.best = kept.best ?? (isBest ? { epoch, batch, lossSum, parameters, ...kept } : undefined);
  }

  /** Trains batches before `last`, or a part of one; returns how many rows it passed. */
  private trainNext(last: number, rowBudget: number): number {
    const { passes } = this;
    const { loader } = this.parts;
    const start = loader.start(this.batch);
    const size = loader.end(this.batch) - start;
    this.settings = this.parts.beforeBatch?.(this.epoch * loader.batches + this.batch);
    if (size > chunkRows) {
      const { passed } = passes;
      const result = passes.trainPart(start, start + size, rowBudget, this.lossSum);
      if (result) this.take(result);
      return (result ? size : passes.passed) - passed;
    }
    const most = this.settings ? 1 : Math.max(1, Math.floor(rowBudget / size));
    const batches = Math.min(last - this.batch, most);
    const end = loader.end(this.batch + batches - 1);
    this.take(passes.train(start, end, size, this.lossSum));
    return end - start;
  }

  private take({ batches, lossSum, lastLoss, notFinite }: SpanResult): void {
    const { loader, optimizer } = this.parts;
    const batch = this.batch + batches - 1;
    const [start, end] = [loader.start(batch), loader.end(batch)];
    this.lastBatch = { epoch: this.epoch, batch, start, end, lr: optimizer.lr, loss: lastLoss };
    if (this.settings?.momentum !== undefined) this.lastBatch.momentum = this.settings.momentum;
    if (notFinite) this.lastBatch.notFinite = notFinite;
    this.lossSum = lossSum;
    this.batchLoss = lastLoss;
    this.batch += notFinite ? batches - 1 : batches;
    if (notFinite) this.divergence = { epoch: this.epoch, batch: this.batch, what: notFinite };
  }

  /** @param rows training rows seen in this epoch. */
  private record(rows: number): EpochRecord {
    return {
      epoch: this.epoch,
      loss: this.lossSum / rows,
      batchLoss: this.batchLoss,
      valLoss: this.fullValidationLoss(),
      lr: this.firstRate(),
    };
  }

  /** The rate of the epoch's first batch. */
  private firstRate(): number {
    const { loader, optimizer, scheduler } = this.parts;
    return isPerBatch(scheduler) ? scheduler.at(this.epoch * loader.batches).lr : optimizer.lr;
  }

  private schedule({ loss, valLoss, lr }: EpochRecord): void {
    const { optimizer, scheduler, validationRows } = this.parts;
    if (scheduler && !isPerBatch(scheduler))
      optimizer.lr = scheduler.next(this.epoch, lr, validationRows.length > 0 ? valLoss : loss);
  }

  private monitor(record: EpochRecord): void {
    const { earlyStopping, validationRows } = this.parts;
    const { loss, valLoss } = record;
    if (!earlyStopping) {
      this.monitored = withBest(this.monitored, record.epoch, validationRows.length > 0 ? valLoss : loss);
      return;
    }
    const { after, stops } = monitor(this.monitored, record.epoch, earlyStopping.monitored(record), earlyStopping);
    this.monitored = after;
    this.isStopped = stops;
    if (earlyStopping.restore_best && after.bestEpoch === record.epoch) this.best = this.ownPosition();
  }

  private startOver(): void {
    this.batch = 0;
    this.lossSum = 0;
    this.passes.startOver();
    this.epochStarted = false;
  }
}
