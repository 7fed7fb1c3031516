import { decayed, lerp, type Optimizer, type OptimizerRecord, type Preconditioning, type StepRule } from './optimizer';
import { adaptive, withDecay } from './stepStability';

const { fround, sqrt } = Math;

/** Keyword arguments of `torch.optim.Adam` and `AdamW`. */
export interface AdamOptions {
  lr: number;
  betas: readonly [number, number] | readonly number[];
  eps: number;
  weight_decay: number;
  amsgrad: boolean;
}

/**
 * `torch.optim.Adam`: `m` and `v` are running means of `g` and `g²`, corrected for their start at zero;
 * `p -= lr * m̂ / (sqrt(v̂) + eps)`. With `amsgrad` the largest `v` so far takes the place of `v`. `AdamW` shrinks the
 * parameter itself instead of adding weight decay to the gradient.
 */
class Adam implements Optimizer {
  readonly isPlain = false;
  readonly buffers: Float32Array[];
  lr: number;
  steps = 0;

  constructor(
    size: number,
    private readonly options: AdamOptions,
    private readonly decaysApart: boolean,
  ) {
    this.lr = options.lr;
    this.buffers = Array.from({ length: options.amsgrad ? 3 : 2 }, () => new Float32Array(size));
  }

  get rule(): StepRule {
    return { ...this.options, type: 'Adam', decaysApart: this.decaysApart };
  }

  step(parameters: Float32Array, gradients: Float32Array): void {
    const { betas, eps, weight_decay } = this.options;
    const [mean, square, largest] = this.buffers;
    this.steps++;
    const stepSize = this.lr / (1 - betas[0] ** this.steps);
    const correction = sqrt(1 - betas[1] ** this.steps);
    const share = fround(1 - betas[0]);
    const decoupled = this.decaysApart;
    for (let i = 0; i < parameters.length; i++) {
      if (decoupled) parameters[i] *= 1 - this.lr * weight_decay;
      const gradient = decayed(gradients[i], parameters[i], decoupled ? 0 : weight_decay);
      mean[i] = lerp(mean[i], gradient, share);
      square[i] = fround(square[i] * betas[1]) + (1 - betas[1]) * gradient * gradient;
      if (largest) largest[i] = Math.max(largest[i], square[i]);
      const denominator = fround(sqrt((largest ?? square)[i]) / correction) + eps;
      parameters[i] -= stepSize * (mean[i] / fround(denominator));
    }
  }
}

const bufferNames = () => ['exp_avg', 'exp_avg_sq', 'max_exp_avg_sq'];

const preconditioning: Preconditioning<AdamOptions> = {
  divisors({ betas, eps }, { steps, buffers: [, square, largest] }) {
    const correction = sqrt(1 - betas[1] ** steps);
    const share = 1 - betas[0] ** steps;
    return Float64Array.from(largest ?? square, (value) => share * (sqrt(value) / correction + eps));
  },
  largest: ({ betas }) => (2 + 2 * betas[0]) / (1 - betas[0]),
};

/** `torch.optim.Adam`. */
export const adam: OptimizerRecord<AdamOptions> = {
  create: (size, options) => new Adam(size, options, false),
  bufferNames,
  stability: () => adaptive('Adam'),
  isAdaptive: true,
  travel: (_, steps) => steps,
  preconditioning,
};

/** `torch.optim.AdamW`. */
export const adamW: OptimizerRecord<AdamOptions> = {
  create: (size, options) => new Adam(size, options, true),
  bufferNames,
  stability({ weight_decay }) {
    const { reason } = adaptive('AdamW');
    // The others put decay into the gradient, which is divided too.
    return weight_decay === 0 ? { reason } : withDecay(reason, 2 / weight_decay);
  },
  isAdaptive: true,
  travel: (_, steps) => steps,
  preconditioning,
  decaysApart: true,
};
