import { bucketColumns, lastOf, mergedGroups, piece, resized, strideFor, type Merge } from './buckets';
import { hostLimits, pageLimits, restingLimits, type HistoryLimits } from './historyLimits';
import { WeightRecords } from './weightRecords';

/** The numbers of an epoch, or of a stretch of epochs. `valLoss` is `NaN` where there is no split. */
export const columnNames = ['loss', 'batchLoss', 'valLoss', 'lr'] as const;

export type ColumnName = (typeof columnNames)[number];

/** Epoch records in columns, as they travel between worker, host and webview. */
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
  /** Epochs from one record of the parameters to the next. */
  weightsEvery: number;
  /** Of those among these epochs after which the number of all epochs is a multiple of `weightsEvery`, one after the other. */
  weights: Float32Array;
  /** Absent where the columns have every epoch. */
  thinned?: Thinning;
}

/** A number for each bucket, by column. */
export type BucketColumns = Record<ColumnName, Float64Array>;

/** What stands for the epochs that columns leave out: each number of a column is that of the last epoch of a bucket. */
export interface Thinning {
  /** Epochs in a bucket, a power of two. Buckets begin at its multiples; the last one may not be full. */
  stride: number;
  /** Number of the last epoch, plus one. */
  end: number;
  /** Of the epochs of each bucket; `NaN` where one of them is. */
  lowest: BucketColumns;
  highest: BucketColumns;
  /** The first epoch of the run, and its most recent ones. */
  start: EpochColumns;
  recent: EpochColumns;
}

/** One column in buckets of `stride` epochs, from epoch `first` up to, not including, `end`. With a stride of 1 all three are the same. */
export interface Curve {
  first: number;
  end: number;
  stride: number;
  lowest: Float64Array;
  highest: Float64Array;
  last: Float64Array;
}

/** The last epochs of a thinned history that are kept each, for judging how a run continues. */
const mostRecent = 256;

/** Columns with room for `capacity` epochs and no parameters. */
export function emptyColumns(capacity = 0, first = 0): EpochColumns {
  return { first, ...bucketColumns(() => new Float64Array(capacity)), weightsEvery: 1, weights: new Float32Array(0) };
}

/** Number of the last epoch in some columns, plus one. */
export function endOf({ first, loss, thinned }: EpochColumns): number {
  return thinned?.end ?? first + loss.length;
}

/** A column of some epochs, as it is drawn. */
export function curveOf(columns: EpochColumns, name: ColumnName): Curve {
  const { first, thinned } = columns;
  const { stride = 1, lowest = columns, highest = columns } = thinned ?? {};
  const [last, end] = [columns[name], endOf(columns)];
  return { first, end, stride, lowest: lowest[name], highest: highest[name], last };
}

/** Epochs between the last known one and those that came are missing. */
export class HistoryGap extends Error {
  override readonly name = 'HistoryGap';
}

/**
 * The epochs of a run, in memory that does not grow beyond its limits. Up to `limits.buckets` epochs each is kept. Beyond,
 * neighbours are merged into buckets with the lowest, the highest and the last number of each column: no peak is lost.
 * What is kept depends on the epochs alone, never on how they were cut into pieces when they came.
 */
export class History {
  private count = 0;
  private expected = 0;
  private bucketStride = 1;
  private last = bucketColumns(() => new Float64Array(0));
  /** The same arrays as `last` while each epoch is kept. */
  private lowest = this.last;
  private highest = this.last;
  private start = emptyColumns();
  private newest = emptyColumns();
  private readonly weights: WeightRecords;

  constructor(private readonly limits: HistoryLimits = hostLimits) {
    this.weights = new WeightRecords(limits);
  }

  /** Number of epochs recorded. */
  get length(): number {
    return this.count;
  }

  /** Epochs in a bucket: 1 while each epoch is kept. */
  get stride(): number {
    return this.bucketStride;
  }

  /** Epochs from one record of the parameters to the next. */
  get weightsEvery(): number {
    return this.weights.every;
  }

  /** Whether it is that of a run that nobody looks at, see `atRest`. */
  get isRough(): boolean {
    return this.limits === restingLimits;
  }

  /** Memory that it takes, about. */
  get bytes(): number {
    const perBucket = columnNames.length * Float64Array.BYTES_PER_ELEMENT * (this.bucketStride === 1 ? 1 : 3);
    return this.last.loss.length * perBucket + this.weights.bytes;
  }

  /** A view of one column, the last epoch of each bucket; valid until the next `append`. */
  column(name: ColumnName): Float64Array {
    return this.last[name].subarray(0, this.buckets);
  }

  /** A view of one column with all that is kept of it; valid until the next `append`. */
  curve(name: ColumnName): Curve {
    const { lowest, highest, buckets } = this;
    const view = (columns: BucketColumns) => columns[name].subarray(0, buckets);
    const extremes = { lowest: view(lowest), highest: view(highest), last: view(this.last) };
    return { first: 0, end: this.count, stride: this.bucketStride, ...extremes };
  }

  /** A view of the last epochs of a column, each of them: all while each epoch is kept. Valid until the next `append`. */
  recent(name: ColumnName): Float64Array {
    return this.bucketStride === 1 ? this.column(name) : this.newest[name];
  }

  /** The number of one epoch; undefined where it is not known: it was merged with its neighbours, or not trained. */
  at(name: ColumnName, epoch: number): number | undefined {
    if (!(epoch >= 0 && epoch < this.count)) return undefined;
    const { bucketStride: stride, newest, start } = this;
    const isLast = (epoch + 1) % stride === 0 || epoch === this.count - 1;
    if (isLast) return this.last[name][Math.floor(epoch / stride)];
    return [newest, start].map((piece) => piece[name][epoch - piece.first]).find((number) => number !== undefined);
  }

  /**
   * The parameters after `epochs` epochs, or after the last epoch before that of which they were recorded.
   * Undefined if there is none: the run is as it began. Valid until the next `append`.
   */
  weightsAfter(epochs: number): { epochs: number; parameters: Float32Array } | undefined {
    return this.weights.after(epochs);
  }

  /** Makes room for this many epochs at once when the first come: memory that grows with them is copied time and again. */
  expect(epochs: number): void {
    this.expected = epochs;
  }

  /**
   * Takes in what `added` has beyond the epochs known already, so that a batch of records that comes twice does no harm.
   * Throws a HistoryGap where epochs between the last known one and the first added one are missing.
   */
  append(added: EpochColumns): void {
    const { thinned } = added;
    if (added.first > this.count) {
      throw new HistoryGap(`epochs ${this.count} to ${added.first - 1} are missing from the history`);
    }
    const end = endOf(added);
    this.keepExact(thinned?.start ?? added, thinned?.recent ?? added);
    if (end <= this.count) return;
    const stride = Math.max(this.bucketStride, thinned?.stride ?? 1, strideFor(end, this.limits.buckets));
    if (this.count === 0) this.bucketStride = stride;
    while (this.bucketStride < stride) this.coarsen();
    this.reserve(Math.ceil(end / stride));
    for (const name of columnNames) this.fold(curveOf(added, name), name);
    this.weights.append(added, end, this.expected);
    this.count = end;
  }

  /**
   * A copy of the epochs from `first` on up to `end`, which shares no memory with the history, in buckets as a history with
   * `limits` has them now. The copy begins where the bucket of `first` does.
   */
  slice(first = 0, limits = this.limits, end = this.count): EpochColumns {
    const stop = Math.min(end, this.count);
    const stride = Math.max(this.bucketStride, strideFor(stop - first, limits.buckets));
    return this.cut({ first, stop, stride, limits });
  }

  /** A copy of some epochs, each of them; undefined where some were merged with their neighbours. */
  exact(first: number, end: number): EpochColumns | undefined {
    const { newest } = this;
    if (this.bucketStride === 1) return this.slice(first, { ...pageLimits, buckets: Infinity }, end);
    const isRecent = first >= newest.first && end <= endOf(newest);
    return isRecent ? piece(newest, first - newest.first, end - newest.first) : undefined;
  }

  /** What a history with `limits`, which knows `first` epochs, has to `append` to know as much as it would of all of them. */
  since(first: number, limits: HistoryLimits): EpochColumns {
    const stride = Math.max(this.bucketStride, strideFor(this.count, limits.buckets));
    return this.cut({ first: Math.min(first, this.count), stop: this.count, stride, limits });
  }

  private cut({ first, stop, stride, limits }: { first: number; stop: number; stride: number; limits: HistoryLimits }) {
    const from = Math.min(first - (first % stride), stop);
    const group = stride / this.bucketStride;
    const [begin, buckets] = [Math.floor(from / this.bucketStride), Math.ceil(stop / this.bucketStride)];
    const merged = (columns: BucketColumns, merge: Merge) =>
      bucketColumns((name) => mergedGroups(columns[name].subarray(begin, buckets), group, merge));
    const copy: EpochColumns = {
      first: from,
      ...merged(this.last, lastOf),
      ...this.weights.slice(from, stop, limits),
    };
    if (stride === 1) return copy;
    const [lowest, highest] = [merged(this.lowest, Math.min), merged(this.highest, Math.max)];
    const { start, newest } = this;
    return { ...copy, thinned: { stride, end: stop, lowest, highest, start: piece(start), recent: piece(newest) } };
  }

  private get buckets(): number {
    return Math.ceil(this.count / this.bucketStride);
  }

  private keepExact(start: EpochColumns, recent: EpochColumns): void {
    if (this.start.loss.length === 0 && start.first === 0) this.start = piece(start, 0, 1);
    if (recent.loss.length === 0) return;
    const { first } = this.newest;
    const known = first <= recent.first && recent.first <= endOf(this.newest) ? recent.first - first : 0;
    const joined = known + recent.loss.length;
    const columns = bucketColumns((name) => {
      const numbers = new Float64Array(Math.min(mostRecent, joined));
      const kept = this.newest[name].subarray(Math.max(0, joined - mostRecent), known);
      numbers.set(kept);
      numbers.set(recent[name].subarray(Math.max(0, recent.loss.length - mostRecent)), kept.length);
      return numbers;
    });
    this.newest = { ...emptyColumns(), first: endOf(recent) - columns.loss.length, ...columns };
  }

  /** Merges every two neighbours. */
  private coarsen(): void {
    const { buckets } = this;
    const merge = (columns: BucketColumns, how: Merge) =>
      bucketColumns((name) => mergedGroups(columns[name].subarray(0, buckets), 2, how));
    const [lowest, highest] = [merge(this.lowest, Math.min), merge(this.highest, Math.max)];
    this.last = merge(this.last, lastOf);
    Object.assign(this, { lowest, highest });
    this.bucketStride *= 2;
  }

  private reserve(buckets: number): void {
    const { length } = this.last.loss;
    if (buckets <= length) return;
    const capacity = Math.min(this.limits.buckets, Math.max(buckets, 2 * length, this.expected, 64));
    const isExact = this.bucketStride === 1;
    const grown = (columns: BucketColumns) => bucketColumns((name) => resized(columns[name], capacity));
    this.last = grown(this.last);
    this.lowest = isExact ? this.last : grown(this.lowest);
    this.highest = isExact ? this.last : grown(this.highest);
  }

  private fold(added: Curve, name: ColumnName): void {
    const { count, bucketStride: stride } = this;
    // Buckets that came before may have grown; epochs have not.
    const skipped = added.stride === 1 ? Math.max(0, count - added.first) : 0;
    const last = this.last[name];
    if (stride === 1) return last.set(added.last.subarray(skipped), added.first + skipped);
    const [lowest, highest] = [this.lowest[name], this.highest[name]];
    for (let i = skipped; i < added.last.length; i++) {
      const epoch = added.first + i * added.stride;
      const bucket = Math.floor(epoch / stride);
      const isFirst = bucket * stride === epoch;
      lowest[bucket] = isFirst ? added.lowest[i] : Math.min(lowest[bucket], added.lowest[i]);
      highest[bucket] = isFirst ? added.highest[i] : Math.max(highest[bucket], added.highest[i]);
      last[bucket] = added.last[i];
    }
  }
}
