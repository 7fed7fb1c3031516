/** Epoch records in columns, as they travel between worker, host and webview. `NaN` in `valLoss` where there is no split. */
export interface EpochColumns {
  /** Number of the first epoch in the columns, counted from 0. */
  first: number;
  /** Mean over the epoch's batches, weighted by their rows, as they were trained on. */
  loss: Float64Array;
  /** The epoch's last batch. */
  batchLoss: Float64Array;
  valLoss: Float64Array;
  /** The rate that the epoch was trained with. */
  lr: Float64Array;
  /** The parameters after every so many epochs; in a run of one kind always the same number. */
  weightsEvery: number;
  /** Of those among these epochs after which the number of all epochs is a multiple of `weightsEvery`, one after the other. */
  weights: Float32Array;
}

const columnNames = ['loss', 'batchLoss', 'valLoss', 'lr'] as const;

/** Bytes of parameters that a run keeps; where all epochs' are more, only those of every second, third … are kept. */
const mostWeights = 32 * 2 ** 20;

/** Epochs from one record of the parameters to the next in a run of so many epochs. */
export function weightsEveryOf(epochs: number, parameters: number): number {
  return Math.max(1, Math.ceil((epochs * parameters * Float32Array.BYTES_PER_ELEMENT) / mostWeights));
}

/** Columns with room for `capacity` epochs and no parameters. */
export function emptyColumns(capacity = 0, first = 0): EpochColumns {
  return {
    first,
    loss: new Float64Array(capacity),
    batchLoss: new Float64Array(capacity),
    valLoss: new Float64Array(capacity),
    lr: new Float64Array(capacity),
    weightsEvery: 1,
    weights: new Float32Array(0),
  };
}

/** Epochs between the last known one and those that came are missing. */
export class HistoryGap extends Error {
  override readonly name = 'HistoryGap';
}

/** Every epoch of a run, kept in columns that grow by doubling. */
export class History {
  private columns = emptyColumns();
  private count = 0;
  /** Parameters in a record, and how many records there are. */
  private width = 0;
  private weightRecords = 0;

  /** Number of epochs recorded. */
  get length(): number {
    return this.count;
  }

  /** Epochs from one record of the parameters to the next. */
  get weightsEvery(): number {
    return this.columns.weightsEvery;
  }

  /** A view of one column, `length` long; valid until the next `append`. */
  column(name: (typeof columnNames)[number]): Float64Array {
    return this.columns[name].subarray(0, this.count);
  }

  /**
   * The parameters after `epochs` epochs, or after the last epoch before that of which they were recorded.
   * Undefined where that is none: there the run stands as it began. Valid until the next `append`.
   */
  weightsAfter(epochs: number): { epochs: number; parameters: Float32Array } | undefined {
    const { weightsEvery, weights } = this.columns;
    const record = Math.min(Math.floor(epochs / weightsEvery), this.weightRecords);
    if (record < 1) return undefined;
    const parameters = weights.subarray((record - 1) * this.width, record * this.width);
    return { epochs: record * weightsEvery, parameters };
  }

  /**
   * Takes in what `added` has beyond the epochs known already, so that a batch of records that comes twice does no harm.
   * Throws a HistoryGap where epochs between the last known one and the first added one are missing.
   */
  append(added: EpochColumns): void {
    if (added.first > this.count) {
      throw new HistoryGap(`epochs ${this.count} to ${added.first - 1} are missing from the history`);
    }
    const total = added.first + added.loss.length;
    if (total <= this.count) return;
    if (total > this.columns.loss.length) this.grow(Math.max(total, 2 * this.columns.loss.length, 64));
    for (const name of columnNames) this.columns[name].set(added[name], added.first);
    this.count = total;
    this.appendWeights(added);
  }

  /** A copy of the epochs from `first` on, which shares no memory with the history. */
  slice(first = 0): EpochColumns {
    const { weightsEvery, weights } = this.columns;
    const copy = emptyColumns(0, first);
    for (const name of columnNames) copy[name] = this.columns[name].slice(first, this.count);
    const firstRecord = Math.floor(first / weightsEvery);
    return { ...copy, weightsEvery, weights: weights.slice(firstRecord * this.width, this.weightRecords * this.width) };
  }

  private appendWeights({ first, loss, weightsEvery, weights }: EpochColumns): void {
    const before = Math.floor(first / weightsEvery);
    const after = Math.floor((first + loss.length) / weightsEvery);
    if (weights.length === 0) return;
    this.columns.weightsEvery = weightsEvery;
    this.width = weights.length / (after - before);
    const needed = after * this.width;
    if (needed > this.columns.weights.length) {
      const larger = new Float32Array(Math.max(needed, 2 * this.columns.weights.length));
      larger.set(this.columns.weights);
      this.columns.weights = larger;
    }
    this.columns.weights.set(weights, before * this.width);
    this.weightRecords = after;
  }

  private grow(capacity: number): void {
    const { weightsEvery, weights } = this.columns;
    const larger = { ...emptyColumns(capacity), weightsEvery, weights };
    for (const name of columnNames) larger[name].set(this.columns[name].subarray(0, this.count));
    this.columns = larger;
  }
}
