import { crossEntropy } from './crossEntropy';
import { elementwise } from './elementwise';
import { sigmoid, type Link } from './links';

/** A loss as kernels know it. */
export interface FusedLoss {
  name: LossName;
  /** `beta`, `delta` or `pos_weight`. */
  option: number;
  /** The sum instead of the mean. */
  sums?: true;
}

/** A loss of a whole batch: outputs and targets are `rows × width`, row-major. */
export interface BatchLoss {
  /** `gradients` are those of the sum instead of the mean: they do not depend on how many rows there are. */
  sums?: true;
  /** What a row with this target counts in the mean; absent where every row counts the same. */
  weightOf?(target: number): number;
  /** Value and gradients are those of the mean of squared differences, which least squares and some kernels know. */
  isMeanSquare?: true;
  /** Values and gradients are those that kernels of nets know. */
  fused?: FusedLoss;
  /** What the sum of a batch of `rows` is divided by, where all of them count the same: how many numbers the mean is over, or 1. */
  count(rows: number, outFeatures: number): number;
  /** Sum of the loss over a batch, each row times its weight where there are weights. */
  sum(
    outputs: Float32Array,
    targets: Float32Array,
    rows: number,
    outFeatures: number,
    weights?: ArrayLike<number>,
  ): number;
  /** Writes the derivative of the sum over these rows, divided by what they count, by each output to `gradients`. */
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

/** Keyword arguments of `torch.nn.functional`; each loss takes some of them. */
export interface LossOptions {
  reduction?: 'mean' | 'sum';
  /** Of `smooth_l1_loss`: where it changes from squared to absolute. */
  beta?: number;
  /** Of `huber_loss`: the same. */
  delta?: number;
  /** Of `binary_cross_entropy_with_logits`: how many times the share of a 1 counts. */
  pos_weight?: number;
  /** Of `cross_entropy`: what each class counts. */
  weight?: readonly number[];
  /** Of `cross_entropy`: the share of a target that goes to all classes alike. */
  label_smoothing?: number;
}

/** All that there is to know of a loss. */
export interface Loss extends BatchLoss {
  /** `torch.nn.functional` name. */
  name: LossName;
  /** For a newcomer, in one line. */
  description: string;
  link: Link;
  targets: TargetKind;
  /** PyTorch raises an error where targets have another shape than the outputs, instead of broadcasting them. */
  refusesOtherShapes?: true;
  /** Absent where the slope is the same however near the target is. */
  bend?: LossBend;
  /** Its keyword arguments, where some are not PyTorch's defaults. */
  options?: LossOptions;
  /** Of classes and probabilities: the loss has a minimum also where all rows can be told apart. */
  hasFloor?: true;
  /**
   * The sum of the losses of one row's outputs in float64.
   * @param outputs of the row.
   * @param targets hold the row's from `at` on.
   * @param slopes takes the derivative by each output.
   */
  row(outputs: Float64Array, targets: Float64Array, at: number, slopes: Float64Array): number;
  words: LossWords;
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}

/** The words of a loss that is `mean(…)`, for its reduction. */
function reduced(words: LossWords, { reduction }: LossOptions): LossWords {
  return reduction === 'sum' ? { ...words, formula: words.formula.replace('mean', 'sum') } : words;
}

/** Every loss by its name, with its keyword arguments; another one is another entry. */
export const lossMakers = {
  /** Squared difference. */
  mse_loss: (options: LossOptions): Loss =>
    elementwise(
      'mse_loss',
      {
        description: 'Mean of the squared differences between prediction and target.',
        link: 'identity',
        targets: 'numbers',
        ...(options.reduction !== 'sum' && { isMeanSquare: true }),
        option: 1,
        value: (output, target) => (output - target) ** 2,
        derivative: (output, target) => 2 * (output - target),
        bend: { largest: 2, isExact: true },
        words: reduced({ formula: 'mean(e²)', showsSquares: true, factor: 2 }, options),
      },
      options,
    ),
  /** Absolute difference. */
  l1_loss: (options: LossOptions): Loss =>
    elementwise(
      'l1_loss',
      {
        description: 'Mean of the absolute differences: outliers count for less.',
        link: 'identity',
        targets: 'numbers',
        option: 1,
        value: (output, target) => Math.abs(output - target),
        derivative: (output, target) => Math.sign(output - target),
        words: reduced(
          { formula: 'mean(|e|)', factor: 1, slope: { formula: 'sign(e)', spoken: 'The slope of the loss' } },
          options,
        ),
      },
      options,
    ),
  /** Squared near zero, absolute beyond `beta`; with `beta` 0 that of `l1_loss`. */
  smooth_l1_loss(options: LossOptions): Loss {
    const { beta = 1 } = options;
    if (beta === 0) return { ...lossMakers.l1_loss(options), name: 'smooth_l1_loss' };
    const condition = `|e| < ${beta}`;
    return elementwise(
      'smooth_l1_loss',
      {
        description:
          'Half the squared difference below 1, the absolute difference beyond; `beta` says where it changes.',
        link: 'identity',
        targets: 'numbers',
        option: beta,
        value(output, target) {
          const size = Math.abs(output - target);
          return size < beta ? (0.5 * size * size) / beta : size - 0.5 * beta;
        },
        derivative: (output, target) => clamp((output - target) / beta, 1),
        bend: { largest: 1 / beta, isExact: false },
        words: reduced(
          {
            formula: `mean(h(e)),  h(e) = e²/${beta === 1 ? 2 : 2 * beta} where ${condition}, else |e| − ${beta === 1 ? '1/2' : beta / 2}`,
            factor: 1,
            slope: {
              formula: beta === 1 ? 'clamp(e, −1, 1)' : `clamp(e / ${beta}, −1, 1)`,
              spoken: `The slope of the loss, which is the error${beta === 1 ? '' : ` divided by ${beta}`} but at most 1 in size`,
            },
          },
          options,
        ),
      },
      options,
    );
  },
  /** Squared near zero, absolute beyond `delta`: that many times as steep. */
  huber_loss(options: LossOptions): Loss {
    const { delta = 1 } = options;
    const beyond = delta === 1 ? '|e| − 1/2' : `${delta} · (|e| − ${delta / 2})`;
    return elementwise(
      'huber_loss',
      {
        description: 'The same as `smooth_l1_loss` unless `delta` says where it changes.',
        link: 'identity',
        targets: 'numbers',
        option: delta,
        value(output, target) {
          const size = Math.abs(output - target);
          return size < delta ? 0.5 * size * size : delta * (size - 0.5 * delta);
        },
        derivative: (output, target) => clamp(output - target, delta),
        bend: { largest: 1, isExact: false },
        words: reduced(
          {
            formula: `mean(h(e)),  h(e) = e²/2 where |e| < ${delta}, else ${beyond}`,
            factor: 1,
            slope: {
              formula: `clamp(e, −${delta}, ${delta})`,
              spoken: `The slope of the loss, which is the error but at most ${delta} in size`,
            },
          },
          options,
        ),
      },
      options,
    );
  },
  /** `-w t log σ(o) - (1 - t) log(1 - σ(o))`, written so that no exponential overflows. */
  binary_cross_entropy_with_logits(options: LossOptions): Loss {
    const { pos_weight: weight = 1 } = options;
    const weightOf = (target: number) => 1 + (weight - 1) * target;
    const isWeighted = weight !== 1;
    return elementwise(
      'binary_cross_entropy_with_logits',
      {
        description: 'For yes or no: targets from 0 to 1; the prediction’s sigmoid is the probability of a 1.',
        link: 'sigmoid',
        targets: 'probabilities',
        refusesOtherShapes: true,
        option: weight,
        value: isWeighted
          ? (output, target) =>
              (1 - target) * output +
              weightOf(target) * (Math.max(-output, 0) + Math.log1p(Math.exp(-Math.abs(output))))
          : (output, target) => Math.max(output, 0) - output * target + Math.log1p(Math.exp(-Math.abs(output))),
        derivative: isWeighted
          ? (output, target) => weightOf(target) * sigmoid(output) - weight * target
          : (output, target) => sigmoid(output) - target,
        // p (1 - p) is largest at p = 1/2.
        bend: { largest: 0.25 * Math.max(1, weight), isExact: false },
        words: reduced(
          isWeighted
            ? {
                formula: `mean(−${weight} · y · log p − (1 − y) · log(1 − p))`,
                factor: 1,
                slope: {
                  formula: `(1 − y) · p − ${weight} · y · (1 − p)`,
                  spoken: `The slope of the loss, in which a 1 counts ${weight} times`,
                },
              }
            : { formula: 'mean(−y · log p − (1 − y) · log(1 − p))', factor: 1 },
          options,
        ),
      },
      options,
    );
  },
  cross_entropy: (options: LossOptions): Loss => ({
    ...crossEntropy(options),
    name: 'cross_entropy',
    description: 'For classes: one target column of names or numbers; the model has one output per class.',
  }),
} satisfies Record<string, (options: LossOptions) => Loss>;

/** Name of a loss, as `torch.nn.functional` has it. */
export type LossName = keyof typeof lossMakers;

/** A loss with its keyword arguments, as far as they are not PyTorch's defaults. */
export function createLoss(name: LossName, options: LossOptions = {}): Loss {
  return { ...lossMakers[name](options), ...(Object.keys(options).length > 0 && { options }) };
}

/** What the sum of a loss over rows with these targets is divided by. `weights`: of the rows, where they have some. */
export function countOf(
  loss: BatchLoss,
  targets: ArrayLike<number>,
  rows: number,
  outFeatures: number,
  weights?: ArrayLike<number>,
): number {
  if (!loss.weightOf && (!weights || isOfSums(loss))) return loss.count(rows, outFeatures);
  const each = loss.count(1, outFeatures);
  let count = 0;
  for (let row = 0; row < rows; row++) count += each * (loss.weightOf?.(targets[row]) ?? 1) * (weights?.[row] ?? 1);
  return count;
}

/** Whether the value of a loss is a sum, which is divided by 1 however many rows there are. */
export function isOfSums(loss: BatchLoss): boolean {
  return loss.count(2, 1) === 1;
}

/** Every loss by its name, without keyword arguments. */
export const losses = Object.fromEntries(
  (Object.keys(lossMakers) as LossName[]).map((name) => [name, createLoss(name)]),
) as Record<LossName, Loss>;
