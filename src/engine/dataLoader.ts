import { Generator } from './random';

/** Draws of 32 bits that one pass takes from the main generator: the base seed and, with shuffle, the sampler's seed. */
const baseSeedDraws = 2;
const samplerSeedDraws = 2;

/** How a `DataLoader` cuts rows into batches. */
export interface DataLoaderOptions {
  batchSize: number;
  shuffle: boolean;
  /** Leave out a last batch that is not full. */
  dropLast: boolean;
}

/** `torch.utils.data.DataLoader` over some rows of a dataset: a batch is a span of `order`. */
export class DataLoader {
  /** Dataset row numbers in this epoch's order. */
  readonly order: Uint32Array;
  /** Batches in an epoch. */
  readonly batches: number;
  private readonly sampler = new Generator(0);

  /** @param rows the dataset's rows to visit, for instance those that `randomSplit` gave to training. */
  constructor(
    private readonly rows: Uint32Array,
    private readonly options: DataLoaderOptions,
    private readonly generator: Generator,
  ) {
    this.order = rows.slice();
    const { batchSize, dropLast } = options;
    this.batches = dropLast ? Math.floor(rows.length / batchSize) : Math.ceil(rows.length / batchSize);
  }

  /** Draws the order of the next epoch. */
  startEpoch(): void {
    this.generator.skip(baseSeedDraws);
    if (!this.options.shuffle) return;
    this.sampler.manualSeed(this.generator.int64Low());
    this.order.set(this.rows);
    this.sampler.shuffle(this.order);
  }

  /** Passes over the draws of `epochs` epochs, so that the next one begins as it would after them. */
  skipEpochs(epochs: number): void {
    this.generator.skip(epochs * (baseSeedDraws + (this.options.shuffle ? samplerSeedDraws : 0)));
  }

  /** Where batch `batch` begins in `order`. */
  start(batch: number): number {
    return batch * this.options.batchSize;
  }

  /** Where batch `batch` ends in `order`, exclusive. */
  end(batch: number): number {
    return Math.min(this.start(batch) + this.options.batchSize, this.rows.length);
  }
}
