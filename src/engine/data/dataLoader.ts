import { preparedSeeds, type Kernels } from '../kernels/kernels';
import { Generator } from '../random/random';

/** Draws of 32 bits in the base seed of a pass; nothing is made of it here. */
const baseSeedDraws = 2;

/**
 * One batch of more rows than this, and of all there are, is visited in sequence: the order changes nothing but rounding,
 * and memory is read many times faster that way.
 */
const mostShuffledWhole = 65_536;

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
  /** Seeds of the samplers of the next epochs, and which one is next. The generator has drawn them all. */
  private readonly seeds = new Uint32Array(preparedSeeds);
  private nextSeed = preparedSeeds;
  /** The generator as it stood before the first epoch. */
  private readonly beginning = new Generator(0);

  /**
   * @param rows the dataset's rows to visit, for instance those that `randomSplit` gave to training.
   * @param generator draws for nobody else from now on.
   * @param kernels keep the order and shuffle it.
   */
  constructor(
    private readonly rows: Uint32Array,
    readonly options: Readonly<DataLoaderOptions>,
    private readonly generator: Generator,
    private readonly kernels: Pick<Kernels, 'order' | 'prepareShuffles' | 'shuffle'>,
  ) {
    this.order = kernels.order.subarray(0, rows.length);
    this.order.set(rows);
    this.beginning.continueFrom(generator);
    const { batchSize, dropLast } = options;
    this.batches = dropLast ? Math.floor(rows.length / batchSize) : Math.ceil(rows.length / batchSize);
  }

  /** A loader that begins where this one began, with the same draws: over other rows, or with other options. */
  another(rows: Uint32Array, options: Partial<DataLoaderOptions>, kernels: DataLoader['kernels']): DataLoader {
    const generator = new Generator(0);
    generator.continueFrom(this.beginning);
    return new DataLoader(rows, { ...this.options, ...options }, generator, kernels);
  }

  /** Draws the order of the next epoch. */
  startEpoch(): void {
    if (!this.options.shuffle) return;
    const seed = this.drawSeed();
    if (this.end(0) === this.rows.length && this.rows.length > mostShuffledWhole) return;
    this.order.set(this.rows);
    this.kernels.shuffle(this.rows.length, seed);
  }

  /** Goes to the end of `epochs` epochs from the start: `order` is the last one's, and the next one begins as it would. */
  goTo(epochs: number): void {
    if (!this.options.shuffle) return;
    this.generator.continueFrom(this.beginning);
    this.nextSeed = this.seeds.length;
    for (let epoch = 0; epoch < epochs - 1; epoch++) this.drawSeed();
    if (epochs > 0) this.startEpoch();
  }

  /** One pass draws its base seed, then its sampler's; of several passes ahead, for seeds are best worked out together. */
  private drawSeed(): number {
    const { generator, kernels, seeds } = this;
    if (this.nextSeed === seeds.length) {
      for (let i = 0; i < seeds.length; i++) {
        generator.skip(baseSeedDraws);
        seeds[i] = generator.int64Low();
      }
      kernels.prepareShuffles(this.rows.length, seeds);
      this.nextSeed = 0;
    }
    return seeds[this.nextSeed++];
  }

  /** Where batch `batch` begins in `order`. */
  start(batch: number): number {
    return batch * this.options.batchSize;
  }

  /** Where batch `batch` ends in `order`, exclusive. */
  end(batch: number): number {
    return Math.min(this.start(batch) + this.options.batchSize, this.rows.length);
  }

  /** The batch that position `position` of `order` falls in. */
  batchAt(position: number): number {
    return Math.floor(position / this.options.batchSize);
  }
}
