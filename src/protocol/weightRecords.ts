import type { EpochColumns } from './history';
import type { HistoryLimits } from './historyLimits';

/** Parameters at regular intervals of epochs. When there are too many, every second record is dropped. */
export class WeightRecords {
  /** Epochs from one record to the next. */
  every = 1;
  private numbers = new Float32Array(0);
  private width = 0;
  private count = 0;

  constructor(private readonly limits: HistoryLimits) {}

  /** Memory that they take. */
  get bytes(): number {
    return this.numbers.byteLength;
  }

  after(epochs: number): { epochs: number; parameters: Float32Array } | undefined {
    const record = Math.min(Math.floor(epochs / this.every), this.count);
    return record < 1 ? undefined : { epochs: record * this.every, parameters: this.record(record) };
  }

  /** Takes in the records among epochs that end with `end`; makes room for those of `expected` epochs at once. */
  append({ first, weights, weightsEvery }: EpochColumns, end: number, expected: number): void {
    if (weights.length > 0) {
      const width = weights.length / (Math.floor(end / weightsEvery) - Math.floor(first / weightsEvery));
      if (!Number.isInteger(width)) return;
      this.width = width;
      // Before the first record nothing depends on how far apart they are.
      if (this.count === 0) this.every = weightsEvery;
    } else if (this.count === 0) return;
    const { width } = this;
    const every = everyFor(end, Math.max(this.every, weightsEvery), width, this.limits);
    this.thin(every);
    if (weights.length === 0) return;
    const before = Math.floor(first / weightsEvery);
    const count = Math.floor(end / every);
    this.reserve(count * width, Math.floor(expected / every) * width);
    const isEach = every === weightsEvery;
    const known = Math.max(this.count, isEach ? before : 0);
    // One by one they take as long as training short epochs does.
    if (isEach && known < count) {
      this.numbers.set(weights.subarray((known - before) * width, (count - before) * width), known * width);
    } else {
      for (let record = known + 1; record <= count; record++) {
        const at = ((record * every) / weightsEvery - before - 1) * width;
        if (at >= 0) this.numbers.set(weights.subarray(at, at + width), (record - 1) * width);
      }
    }
    this.count = Math.max(this.count, count);
  }

  /** A copy of the records after epoch `first` up to `end`, as few as `limits` allow. */
  slice(first: number, end: number, limits: HistoryLimits): Pick<EpochColumns, 'weights' | 'weightsEvery'> {
    const { width } = this;
    const every = everyFor(this.count * this.every, this.every, width, limits);
    const before = Math.floor(first / every);
    const count = Math.min(Math.floor(end / every), Math.floor((this.count * this.every) / every));
    if (every === this.every)
      return { weights: this.numbers.slice(before * width, count * width), weightsEvery: every };
    const weights = new Float32Array(Math.max(0, count - before) * width);
    for (let record = before + 1; record <= count; record++) {
      weights.set(this.record((record * every) / this.every), (record - before - 1) * width);
    }
    return { weights, weightsEvery: every };
  }

  private record(number: number): Float32Array {
    return this.numbers.subarray((number - 1) * this.width, number * this.width);
  }

  private thin(every: number): void {
    const factor = every / this.every;
    if (factor === 1) return;
    this.count = Math.floor(this.count / factor);
    for (let record = 1; record <= this.count; record++) {
      this.numbers.copyWithin(
        (record - 1) * this.width,
        (record * factor - 1) * this.width,
        record * factor * this.width,
      );
    }
    this.every = every;
  }

  private reserve(numbers: number, expected: number): void {
    if (numbers <= this.numbers.length) return;
    const larger = new Float32Array(
      Math.max(numbers, 2 * this.numbers.length, Math.min(expected, this.limits.numbers)),
    );
    larger.set(this.numbers);
    this.numbers = larger;
  }
}

/** Epochs from one kept record to the next, where one is recorded every `every` epochs. */
function everyFor(epochs: number, every: number, width: number, { records, numbers }: HistoryLimits): number {
  const most = Math.max(1, Math.min(records, Math.floor(numbers / Math.max(1, width))));
  let kept = every;
  while (Math.floor(epochs / kept) > most) kept *= 2;
  return kept;
}
