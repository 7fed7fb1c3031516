import type { Dataset } from '../dataset';
import { createModelKernels } from '../kernels/createKernels';
import { countOf, type Loss } from '../nn/losses';
import { Model } from '../nn/model';
import { Penalty } from '../nn/penalty';
import type { Optimizer } from '../optim/optimizer';
import { WrappedOptimizer } from '../optim/wrappedOptimizer';
import { createScheduledOptimizer, type StepChoice } from '../optim/scheduledOptimizer';
import { Trainer } from './trainer';

/**
 * The classic errors of a training script. `notZeroed`: no `optimizer.zero_grad()`. `broadcast`: targets of shape (n,)
 * against outputs of shape (n, 1). `sum`: `reduction="sum"`. `noShuffle`: `shuffle=False`.
 */
export type Mistake = 'notZeroed' | 'broadcast' | 'sum' | 'noShuffle';

/** Rows that a mistaken trainer trains on, and what else is its own. */
export interface MistakenParts extends Omit<StepChoice, 'batches'> {
  /** Of the whole run. */
  epochs: number;
  /** Holds numbers that no other trainer's kernels work on. */
  dataset: Dataset;
  trainRows: Uint32Array;
  validationRows: Uint32Array;
  /** The parameters before training. */
  initial: Float32Array;
}

/**
 * A trainer that begins where `right` began and makes one mistake. Its loss is measured without the mistake, so that it can
 * be compared; a scheduler that watches the loss watches this one.
 */
export function mistakenTrainer(right: Trainer, mistake: Mistake, parts: MistakenParts): Trainer {
  const { dataset, trainRows, validationRows, initial } = parts;
  const { penalty } = right.parts;
  const { shape } = right.parts.model;
  const kernels = createModelKernels(dataset, shape);
  const model = new Model(shape, kernels);
  model.parameters.set(initial);
  const shuffle = right.parts.loader.options.shuffle && mistake !== 'noShuffle';
  const loader = right.parts.loader.another(trainRows, { shuffle }, kernels);
  const batches = parts.epochs * loader.batches;
  const { optimizer, ...scheduled } = createScheduledOptimizer({ ...parts, batches }, initial.length);
  return new Trainer({
    dataset,
    kernels,
    model,
    loader,
    loss: mistakenLoss(right.parts.loss, mistake),
    ...(penalty && { penalty: new Penalty(penalty.options, model.specs, model.parameters.length) }),
    optimizer: mistake === 'notZeroed' ? new NeverZeroed(optimizer, initial.length) : optimizer,
    ...scheduled,
    trainRows,
    validationRows,
  });
}

function mistakenLoss(loss: Loss, mistake: Mistake): Loss {
  if (mistake === 'sum') return summed(loss);
  return mistake === 'broadcast' ? broadcast(loss) : loss;
}

/** The gradient of the batch's sum instead of its mean. */
function summed({ isMeanSquare: _, fused: __, ...loss }: Loss): Loss {
  return {
    ...loss,
    sums: true,
    gradients(outputs, targets, rows, outFeatures, gradients) {
      loss.gradients(outputs, targets, rows, outFeatures, gradients);
      const total = countOf(loss, targets, rows, outFeatures);
      for (let i = 0; i < rows * outFeatures; i++) gradients[i] *= total;
    },
  };
}

/**
 * The gradient of the mean, or of the sum, over all pairs of an output and a target of the batch. For losses of one output and one target;
 * a batch has at most `chunkRows` rows, for all of it is needed at once, and takes time by its square.
 */
function broadcast({ isMeanSquare: _, fused: __, ...loss }: Loss): Loss {
  return {
    ...loss,
    gradients(outputs, targets, rows, outFeatures, gradients) {
      const sums = new Float64Array(rows);
      const rotated = new Float32Array(rows);
      for (let shift = 0; shift < rows; shift++) {
        rotated.set(targets.subarray(shift, rows));
        rotated.set(targets.subarray(0, shift), rows - shift);
        loss.gradients(outputs, rotated, rows, outFeatures, gradients);
        for (let i = 0; i < rows; i++) sums[i] += gradients[i];
      }
      for (let i = 0; i < rows; i++) gradients[i] = loss.sums ? sums[i] : sums[i] / rows;
    },
  };
}

/** An optimizer whose gradients are never zeroed: each step follows the sum of all gradients so far. */
class NeverZeroed extends WrappedOptimizer {
  private readonly sums: Float32Array;

  constructor(inner: Optimizer, size: number) {
    super(inner);
    this.sums = new Float32Array(size);
  }

  override get buffers(): readonly Float32Array[] {
    return [...this.inner.buffers, this.sums];
  }

  protected seen(gradients: Float32Array): Float32Array {
    for (let i = 0; i < gradients.length; i++) this.sums[i] += gradients[i];
    return this.sums;
  }
}
