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
}

const columnNames = ['loss', 'batchLoss', 'valLoss', 'lr'] as const;

/** Columns with room for `capacity` epochs. */
export function emptyColumns(capacity = 0, first = 0): EpochColumns {
  return {
    first,
    loss: new Float64Array(capacity),
    batchLoss: new Float64Array(capacity),
    valLoss: new Float64Array(capacity),
    lr: new Float64Array(capacity),
  };
}

/** Every epoch of a run, kept in columns that grow by doubling. */
export class History {
  private columns = emptyColumns();
  private count = 0;

  /** Number of epochs recorded. */
  get length(): number {
    return this.count;
  }

  /** A view of one column, `length` long; valid until the next `append`. */
  column(name: (typeof columnNames)[number]): Float64Array {
    return this.columns[name].subarray(0, this.count);
  }

  /**
   * Takes in what `added` has beyond the epochs known already, so that a batch of records that comes twice does no harm.
   * Throws a RangeError where epochs between the last known one and the first added one are missing.
   */
  append(added: EpochColumns): void {
    if (added.first > this.count) {
      throw new RangeError(`epochs ${this.count} to ${added.first - 1} are missing from the history`);
    }
    const total = added.first + added.loss.length;
    if (total <= this.count) return;
    if (total > this.columns.loss.length) this.grow(Math.max(total, 2 * this.columns.loss.length, 64));
    for (const name of columnNames) this.columns[name].set(added[name], added.first);
    this.count = total;
  }

  /** A copy of the epochs from `first` on, which shares no memory with the history. */
  slice(first = 0): EpochColumns {
    const copy = emptyColumns(0, first);
    for (const name of columnNames) copy[name] = this.columns[name].slice(first, this.count);
    return copy;
  }

  private grow(capacity: number): void {
    const larger = emptyColumns(capacity);
    for (const name of columnNames) larger[name].set(this.columns[name].subarray(0, this.count));
    this.columns = larger;
  }
}
