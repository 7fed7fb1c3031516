import type { EpochRecord } from '../engine/train/trainer';
import { bucketColumns, resized } from '../protocol/buckets';
import type { BucketColumns, EpochColumns } from '../protocol/history';

/** The most epochs that wait, unless the caller says otherwise, and the most numbers of recorded parameters: 32 MiB of each. */
const usualMost = 2 ** 20;
const mostNumbers = 2 ** 23;
const firstCapacity = 1024;

/** Epochs that were trained and not yet reported, in columns that grow up to a limit. */
export class PendingEpochs {
  private first = 0;
  private count = 0;
  private capacity = firstCapacity;
  private columns: BucketColumns = columnsOf(firstCapacity);
  private weights = new Float32Array(0);
  private numbers = 0;

  /**
   * @param weightsEvery after how many epochs the parameters are recorded each time.
   * @param width number of parameters.
   */
  constructor(
    private readonly weightsEvery: number,
    private readonly width: number,
    private readonly mostEpochs = usualMost,
  ) {}

  /** True where no more may be added before those that wait are taken. */
  get isFull(): boolean {
    return this.count >= this.mostEpochs || this.numbers >= mostNumbers;
  }

  /** Adds an epoch, the one after the last, and where it is their turn the parameters after it. */
  add(record: EpochRecord, parameters: Float32Array): void {
    if (this.count === 0) this.first = record.epoch;
    if (this.count === this.capacity) this.grow();
    const { loss, batchLoss, valLoss, lr } = this.columns;
    loss[this.count] = record.loss;
    batchLoss[this.count] = record.batchLoss;
    valLoss[this.count] = record.valLoss;
    lr[this.count] = record.lr;
    this.count++;
    if ((record.epoch + 1) % this.weightsEvery === 0) this.addWeights(parameters);
  }

  /** Hands over all that wait, with their buffers; `next` is the number of the epoch to come. */
  take(next: number): EpochColumns {
    const { count, columns, weightsEvery, numbers } = this;
    const first = count > 0 ? this.first : next;
    const weights = this.weights.subarray(0, numbers);
    // About as many will wait the next time.
    this.capacity = Math.max(firstCapacity, Math.min(this.capacity, 2 * count));
    this.columns = columnsOf(this.capacity);
    this.weights = new Float32Array(Math.min(this.weights.length, 2 * numbers));
    this.count = this.numbers = 0;
    return { first, ...bucketColumns((name) => columns[name].subarray(0, count)), weightsEvery, weights };
  }

  private addWeights(parameters: Float32Array): void {
    if (this.numbers + this.width > this.weights.length) {
      const larger = new Float32Array(Math.max(2 * this.weights.length, 16 * this.width));
      larger.set(this.weights);
      this.weights = larger;
    }
    this.weights.set(parameters, this.numbers);
    this.numbers += this.width;
  }

  private grow(): void {
    this.capacity *= 2;
    this.columns = bucketColumns((name) => resized(this.columns[name], this.capacity));
  }
}

function columnsOf(capacity: number): BucketColumns {
  return bucketColumns(() => new Float64Array(capacity));
}
