/**
 * A loss of a whole batch: outputs and targets are `rows × width`, row-major, and the value is the mean that PyTorch's
 * `reduction="mean"` takes.
 */
export interface Loss {
  /** `torch.nn.functional` name. */
  name: string;
  /** Whether `gradients` are those of the sum instead of the mean: they do not depend on how many rows there are. */
  sums?: true;
  /** How many numbers the mean of a batch of `rows` is over. */
  count(rows: number, outFeatures: number): number;
  /** Sum of the loss over a batch. */
  sum(outputs: Float32Array, targets: Float32Array, rows: number, outFeatures: number): number;
  /** Writes the derivative of the mean by each output to `gradients`. */
  gradients(
    outputs: Float32Array,
    targets: Float32Array,
    rows: number,
    outFeatures: number,
    gradients: Float32Array,
  ): void;
}

/** A loss of one output and one target at a time: the formula, and beside it its derivative by the output. */
export interface ElementwiseLoss {
  value(output: number, target: number): number;
  derivative(output: number, target: number): number;
}

/** The losses that look at one output at a time. */
export const elementwise = {
  /** Squared difference. */
  mse_loss: {
    value: (output, target) => (output - target) ** 2,
    derivative: (output, target) => 2 * (output - target),
  },
  /** Absolute difference. */
  l1_loss: {
    value: (output, target) => Math.abs(output - target),
    derivative: (output, target) => Math.sign(output - target),
  },
  /** Squared near zero, absolute beyond `beta` = 1. */
  smooth_l1_loss: {
    value: (output, target) => huber(output - target),
    derivative: (output, target) => clamp(output - target),
  },
  /** With `delta` = 1 the same as `smooth_l1_loss`. */
  huber_loss: {
    value: (output, target) => huber(output - target),
    derivative: (output, target) => clamp(output - target),
  },
  /** `-t log σ(o) - (1 - t) log(1 - σ(o))`, written so that no exponential overflows. */
  binary_cross_entropy_with_logits: {
    value: (output, target) => Math.max(output, 0) - output * target + Math.log1p(Math.exp(-Math.abs(output))),
    derivative: (output, target) => 1 / (1 + Math.exp(-output)) - target,
  },
} satisfies Record<string, ElementwiseLoss>;

function huber(difference: number): number {
  const size = Math.abs(difference);
  return size < 1 ? 0.5 * size * size : size - 0.5;
}

function clamp(difference: number): number {
  return Math.max(-1, Math.min(1, difference));
}

/** `-log softmax(o)[t]`, where a row's target is the number of its class; derivative `softmax(o) - onehot(t)`. */
const crossEntropy: Loss = {
  name: 'cross_entropy',
  count: (rows) => rows,
  sum(outputs, targets, rows, outFeatures) {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      sum += logSumExp(outputs, row * outFeatures, outFeatures) - outputs[row * outFeatures + targets[row]];
    }
    return sum;
  },
  gradients(outputs, targets, rows, outFeatures, gradients) {
    for (let row = 0; row < rows; row++) {
      const start = row * outFeatures;
      const total = logSumExp(outputs, start, outFeatures);
      for (let i = 0; i < outFeatures; i++) {
        const probability = Math.exp(outputs[start + i] - total);
        gradients[start + i] = (probability - (i === targets[row] ? 1 : 0)) / rows;
      }
    }
  },
};

/** Logarithm of the sum of exponentials, taken relative to the largest so that none overflows. */
function logSumExp(outputs: Float32Array, start: number, length: number): number {
  let largest = -Infinity;
  for (let i = start; i < start + length; i++) largest = Math.max(largest, outputs[i]);
  let sum = 0;
  for (let i = start; i < start + length; i++) sum += Math.exp(outputs[i] - largest);
  return largest + Math.log(sum);
}

function meanOf(name: string, { value, derivative }: ElementwiseLoss): Loss {
  return {
    name,
    count: (rows, outFeatures) => rows * outFeatures,
    sum(outputs, targets, rows, outFeatures) {
      const count = rows * outFeatures;
      let sum = 0;
      for (let i = 0; i < count; i++) sum += value(outputs[i], targets[i]);
      return sum;
    },
    gradients(outputs, targets, rows, outFeatures, gradients) {
      const count = rows * outFeatures;
      for (let i = 0; i < count; i++) gradients[i] = derivative(outputs[i], targets[i]) / count;
    },
  };
}

/** Name of a loss, as `torch.nn.functional` has it. */
export type LossName = keyof typeof elementwise | 'cross_entropy';

/** Every loss by its name. */
export const losses = {
  ...(Object.fromEntries(Object.entries(elementwise).map(([name, loss]) => [name, meanOf(name, loss)])) as Record<
    keyof typeof elementwise,
    Loss
  >),
  cross_entropy: crossEntropy,
} satisfies Record<LossName, Loss>;
