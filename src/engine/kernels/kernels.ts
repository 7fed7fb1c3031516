import type { Dataset } from '../dataset';
import type { FusedLoss } from '../nn/losses';
import type { Optimizer } from '../optim/optimizer';

/** What kernels of a linear layer are made for. */
export interface KernelSizes {
  rows: number;
  inFeatures: number;
  outFeatures: number;
  /** Target columns in the dataset. */
  targetFeatures: number;
  hasBias: boolean;
}

/** Where a span of batches ended. */
export interface SpanResult {
  /** Batches trained, the one that was not finite included. */
  batches: number;
  /** The sum that was handed in, plus each batch's loss × rows. */
  lossSum: number;
  /** The last batch's loss, a float32. */
  lastLoss: number;
  /** The number that was not finite; the parameters are then those before that batch. */
  notFinite?: 'loss' | 'parameter';
}

/**
 * Rows whose outputs are held at a time, and whose gradients are summed in float32; from there on sums are float64.
 * No call of `forward` or `backward` may have more.
 */
export const chunkRows = 4096;

/** The number of chunks that `rows` fill, at least one; `rows` may be Infinity, the result is a 32-bit integer. */
export function wholeChunks(rows: number): number {
  return Math.max(1, Math.floor(Math.min(rows, 2 ** 32) / chunkRows));
}

/** Seeds that `prepareShuffles` takes at a time. */
export const preparedSeeds = 8;

/**
 * The hot loops of a model over rows that stay where they are: a batch is a span `[start, end)` of `order`, which holds row
 * numbers. Arrays may be views on memory that the kernels own: copy what leaves this thread.
 *
 * A batch of any loss: `begin()`; then for slices of at most `chunkRows` rows `forward`, fill `outputGradients`,
 * `backward`; then `end()`. Slices give the same bits as the whole if each but the last has a multiple of `chunkRows` rows.
 */
export interface Kernels {
  /** WebAssembly, or its twin in TypeScript. */
  readonly kind: 'wasm' | 'plain';
  /** `rows × inFeatures`, row-major. */
  readonly inputs: Float32Array;
  /** `rows × targetFeatures`, row-major. */
  readonly targets: Float32Array;
  /** Row numbers, room for `rows`. */
  readonly order: Uint32Array;
  /** The model's parameters, one tensor after the other. */
  readonly parameters: Float32Array;
  /** The parameters before the last step. */
  readonly previous: Float32Array;
  /** Of the last batch, laid out as the parameters. */
  readonly gradients: Float32Array;
  /** Of the last `forward`, up to `chunkRows × outFeatures`. */
  readonly outputs: Float32Array;
  /** Derivative of the loss by each output, for the next `backward`. */
  readonly outputGradients: Float32Array;

  /** Tells `shuffle` the seeds of its next `preparedSeeds` calls with `count`, which then cost less. */
  prepareShuffles(count: number, seeds: Uint32Array): void;
  /** Shuffles the first `count` entries of `order` as `torch.randperm` does with a generator of this seed. */
  shuffle(count: number, seed: number): void;
  /** Writes the model's outputs for the rows to `outputs`. */
  forward(start: number, end: number): void;
  /**
   * The model's outputs for some rows of the dataset, `rows × outFeatures`, with other parameters; between two batches or parts of
   * one, which it leaves as they are. Absent where the twin is as good.
   */
  predict?(rows: Uint32Array, parameters: Float32Array): Float32Array;
  /** Starts a batch: sums of gradients and losses from zero. */
  begin(): void;
  /** Adds what `outputGradients` of the rows of the last `forward` give to the batch's gradients. */
  backward(start: number, end: number): void;
  /** Writes the batch's gradients. */
  end(): void;
}

/**
 * Kernels of a linear layer. Of mse_loss with one output and plain SGD they train whole batches: of at most `chunkRows` rows
 * with `sgdMse`, others with `beginMse`, `addMse` until all rows are passed, and `stepMse`.
 */
export interface LinearKernels extends Kernels {
  readonly sizes: KernelSizes;
  /** Starts a batch of mse_loss with one output, which stays between the other calls for it. */
  beginMse(start: number, end: number): void;
  /** Passes about this many more of its rows, in whole chunks, forward and backward; returns how many are passed by now. */
  addMse(rows: number): number;
  /** Ends the batch with a step of plain SGD. */
  stepMse(lr: number, lossSum: number): SpanResult;
  /** Trains the rows in batches of mse_loss with plain SGD and one output, up to the first number that is not finite. */
  sgdMse(start: number, end: number, batchSize: number, lr: number, lossSum: number): SpanResult;
}

/** Kernels of a net, which know some losses and some optimizers' steps. */
export interface FusedKernels extends Kernels {
  /** Between `begin` and `end`: adds rows of a batch whose loss is divided by `divisor`; returns the sum of their losses. */
  addLoss(start: number, end: number, loss: FusedLoss, divisor: number): number;
  /**
   * Trains the rows in batches of at most `chunkRows`, up to the first number that is not finite.
   * @param optimizer one with a `rule`; what it keeps, and its steps, are those after the last batch.
   */
  train(
    start: number,
    end: number,
    batchSize: number,
    loss: FusedLoss,
    optimizer: Optimizer,
    lossSum: number,
  ): SpanResult;
}

/** The sizes of kernels for a dataset and a layer over it. */
export function kernelSizes(
  dataset: Dataset,
  { outFeatures, hasBias }: { outFeatures: number; hasBias: boolean },
): KernelSizes {
  return {
    rows: dataset.rows,
    inFeatures: dataset.inputNames.length,
    outFeatures,
    targetFeatures: dataset.targetNames.length,
    hasBias,
  };
}

/** How many parameters a layer of these sizes has. */
export function linearParameterCount({ inFeatures, outFeatures, hasBias }: KernelSizes): number {
  return inFeatures * outFeatures + (hasBias ? outFeatures : 0);
}
