import type { Trainer } from '../engine/train/trainer';
import type { BatchOrder, OrderQuery } from '../protocol/questions';

/** Which rows are in which batch of the epoch under way, or of the last one between two epochs. */
export class EpochOrder {
  constructor(private readonly trainer: Trainer) {}

  /**
   * The batch of each of these rows of the dataset, from 0; -1 where a row is in none. One pass over the order: nothing
   * as long as the dataset has to be kept, or written anew each epoch.
   */
  batchesOf(rows: Uint32Array): Int32Array {
    const batches = new Int32Array(rows.length).fill(-1);
    if (this.epoch() < 0 || rows.length === 0) return batches;
    const { loader } = this.trainer.parts;
    const order = loader.order.subarray(0, loader.end(loader.batches - 1));
    const first = rows.reduce((least, row) => Math.min(least, row));
    const span = rows.reduce((most, row) => Math.max(most, row)) - first + 1;
    const listedAt = new Int32Array(span).fill(-1);
    rows.forEach((row, i) => (listedAt[row - first] = i));
    for (let position = 0; position < order.length; position++) {
      const row = order[position] - first;
      if (row >= 0 && row < span && listedAt[row] >= 0) batches[listedAt[row]] = loader.batchAt(position);
    }
    return batches;
  }

  /** The batches around the one under way, and the first rows of each. */
  list(query: OrderQuery): BatchOrder {
    const { loader, trainRows } = this.trainer.parts;
    const epoch = this.epoch();
    const known = epoch >= 0 ? loader.batches : 0;
    const done = epoch < this.trainer.epoch ? known : this.trainer.batch;
    const first = Math.max(0, Math.min(done - Math.floor(query.batches / 2), known - query.batches));
    const listed = Array.from({ length: Math.min(query.batches, known) }, (_, i) => first + i);
    const rows = listed.flatMap((batch) => {
      const start = loader.start(batch);
      return [...loader.order.subarray(start, Math.min(loader.end(batch), start + query.rows))];
    });
    return {
      ...loader.options,
      epoch,
      done,
      total: loader.batches,
      leftOut: trainRows.length - loader.end(loader.batches - 1),
      first,
      sizes: Uint32Array.from(listed, (batch) => loader.end(batch) - loader.start(batch)),
      rows: Uint32Array.from(rows),
      rowsEach: query.rows,
    };
  }

  /** An order that is not shuffled is known before the first epoch. */
  private epoch(): number {
    const { orderEpoch, parts } = this.trainer;
    return parts.loader.options.shuffle ? orderEpoch : Math.max(0, orderEpoch);
  }
}
