import { logSumExp, sigmoid, softmax, type Link } from './links';

/**
 * A loss of a whole batch: outputs and targets are `rows × width`, row-major, and the value is the mean that PyTorch's
 * `reduction="mean"` takes.
 */
export interface BatchLoss {
  /** Whether `gradients` are those of the sum instead of the mean: they do not depend on how many rows there are. */
  sums?: true;
  /** Value and gradients are those of the mean of squared differences, which least squares and some kernels know. */
  isMeanSquare?: true;
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

/** What targets stand for: numbers, probabilities from 0 to 1, or the number of a row's class. */
export type TargetKind = 'numbers' | 'probabilities' | 'classes';

/** The second derivative of a loss, as far as it bounds the Hessian. */
export interface LossBend {
  /** The largest second derivative by the outputs of a row, before the mean is taken. */
  largest: number;
  /** The second derivative is the same everywhere. */
  isExact: boolean;
}

/** How a loss is written out. `e` is the error: a prediction, or a probability where there is a link, minus its target. */
export interface LossWords {
  formula: string;
  /** A term of the mean is shown as the square of its error; otherwise as its value. */
  showsSquares?: true;
  /** The gradient is `factor / n · Σ e · x`. */
  factor: 1 | 2;
  /** Where the derivative is no multiple of the error: what it is instead, and how it is read aloud. */
  slope?: { formula: string; spoken: string };
}

/** All that there is to know of a loss. */
export interface Loss extends BatchLoss {
  /** `torch.nn.functional` name. */
  name: string;
  /** For a newcomer, in one line. */
  description: string;
  link: Link;
  targets: TargetKind;
  /** PyTorch raises an error where targets have another shape than the outputs, instead of broadcasting them. */
  refusesOtherShapes?: true;
  /** Absent where the slope is the same however near the target is. */
  bend?: LossBend;
  /**
   * The sum of the losses of one row's outputs in float64.
   * @param outputs of the row.
   * @param targets hold the row's from `at` on.
   * @param slopes takes the derivative by each output.
   */
  row(outputs: Float64Array, targets: Float64Array, at: number, slopes: Float64Array): number;
  words: LossWords;
}

/** What `elementwise` makes a loss of: the formula for one output and one target, and beside it its derivative by the output. */
interface ElementwiseLoss extends Omit<Loss, 'name' | 'row' | 'count' | 'sum' | 'gradients'> {
  value(output: number, target: number): number;
  derivative(output: number, target: number): number;
}

/** A loss that looks at one output at a time. */
export function elementwise(name: string, { value, derivative, ...record }: ElementwiseLoss): Loss {
  return {
    ...record,
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
    row(outputs, targets, at, slopes) {
      let sum = 0;
      for (let i = 0; i < outputs.length; i++) {
        sum += value(outputs[i], targets[at + i]);
        slopes[i] = derivative(outputs[i], targets[at + i]);
      }
      return sum;
    },
  };
}

/** `-log softmax(o)[t]`, where a row's target is the number of its class; derivative `softmax(o) - onehot(t)`. */
const crossEntropy: Loss = {
  name: 'cross_entropy',
  description: 'For classes: one target column of names or numbers; the model has one output per class.',
  link: 'softmax',
  targets: 'classes',
  // diag(p) - p pᵀ has no eigenvalue above 1/2.
  bend: { largest: 0.5, isExact: false },
  words: { formula: 'mean(−log p[class of the row])', factor: 1 },
  count: (rows) => rows,
  sum(outputs, targets, rows, outFeatures) {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      sum += logSumExp(outputs, row * outFeatures, outFeatures) - outputs[row * outFeatures + targets[row]];
    }
    return sum;
  },
  gradients(outputs, targets, rows, outFeatures, gradients) {
    const probabilities = new Float64Array(outFeatures);
    for (let row = 0; row < rows; row++) {
      const start = row * outFeatures;
      softmax(outputs, start, outFeatures, probabilities);
      for (let i = 0; i < outFeatures; i++) {
        gradients[start + i] = (probabilities[i] - (i === targets[row] ? 1 : 0)) / rows;
      }
    }
  },
  row(outputs, targets, at, slopes) {
    const width = outputs.length;
    let largest = -Infinity;
    for (let i = 0; i < width; i++) if (outputs[i] > largest) largest = outputs[i];
    let sum = 0;
    // One exponential for each output, because a search for a minimum asks for all rows many times.
    for (let i = 0; i < width; i++) sum += slopes[i] = Math.exp(outputs[i] - largest);
    for (let i = 0; i < width; i++) slopes[i] /= sum;
    slopes[targets[at]] -= 1;
    return largest + Math.log(sum) - outputs[targets[at]];
  },
};

function huber(difference: number): number {
  const size = Math.abs(difference);
  return size < 1 ? 0.5 * size * size : size - 0.5;
}

function clamp(difference: number): number {
  return Math.max(-1, Math.min(1, difference));
}

/** Squared near zero, absolute beyond `beta` = 1. */
const huberLoss = {
  link: 'identity',
  targets: 'numbers',
  value: (output, target) => huber(output - target),
  derivative: (output, target) => clamp(output - target),
  bend: { largest: 1, isExact: false },
  words: {
    formula: 'mean(h(e)),  h(e) = e²/2 where |e| < 1, else |e| − 1/2',
    factor: 1,
    slope: {
      formula: 'clamp(e, −1, 1)',
      spoken: 'The slope of the loss, which is the error but at most 1 in size',
    },
  },
} satisfies Omit<ElementwiseLoss, 'description'>;

/** Every loss by its name; another one is another entry. */
export const losses = {
  /** Squared difference. */
  mse_loss: elementwise('mse_loss', {
    description: 'Mean of the squared differences between prediction and target.',
    link: 'identity',
    targets: 'numbers',
    isMeanSquare: true,
    value: (output, target) => (output - target) ** 2,
    derivative: (output, target) => 2 * (output - target),
    bend: { largest: 2, isExact: true },
    words: { formula: 'mean(e²)', showsSquares: true, factor: 2 },
  }),
  /** Absolute difference. */
  l1_loss: elementwise('l1_loss', {
    description: 'Mean of the absolute differences: outliers count for less.',
    link: 'identity',
    targets: 'numbers',
    value: (output, target) => Math.abs(output - target),
    derivative: (output, target) => Math.sign(output - target),
    words: {
      formula: 'mean(|e|)',
      factor: 1,
      slope: { formula: 'sign(e)', spoken: 'The slope of the loss' },
    },
  }),
  smooth_l1_loss: elementwise('smooth_l1_loss', {
    ...huberLoss,
    description: 'Half the squared difference below 1, the absolute difference beyond.',
  }),
  /** With `delta` = 1 the same as `smooth_l1_loss`. */
  huber_loss: elementwise('huber_loss', {
    ...huberLoss,
    description: 'The same as `smooth_l1_loss`, since both change over at 1 here.',
  }),
  /** `-t log σ(o) - (1 - t) log(1 - σ(o))`, written so that no exponential overflows. */
  binary_cross_entropy_with_logits: elementwise('binary_cross_entropy_with_logits', {
    description: 'For yes or no: targets from 0 to 1; the prediction’s sigmoid is the probability of a 1.',
    link: 'sigmoid',
    targets: 'probabilities',
    refusesOtherShapes: true,
    value: (output, target) => Math.max(output, 0) - output * target + Math.log1p(Math.exp(-Math.abs(output))),
    derivative: (output, target) => sigmoid(output) - target,
    // p (1 - p) is largest at p = 1/2.
    bend: { largest: 0.25, isExact: false },
    words: { formula: 'mean(−y · log p − (1 − y) · log(1 − p))', factor: 1 },
  }),
  cross_entropy: crossEntropy,
} satisfies Record<string, Loss>;

/** Name of a loss, as `torch.nn.functional` has it. */
export type LossName = keyof typeof losses;
