import { decayed, lerp, type Optimizer, type OptimizerRecord } from './optimizer';
import { adaptive, restless } from './stepStability';

const { fround, sqrt } = Math;

/** Keyword arguments of `torch.optim.RMSprop`. */
export interface RMSpropOptions {
  lr: number;
  alpha: number;
  eps: number;
  weight_decay: number;
  momentum: number;
  centered: boolean;
}

/** `torch.optim.RMSprop`: `s = alpha * s + (1 - alpha) * g²; p -= lr * g / (sqrt(s) + eps)`; centered: `s - mean(g)²` under the root. */
class RMSprop implements Optimizer {
  readonly isPlain = false;
  readonly buffers: Float32Array[];
  lr: number;
  steps = 0;
  private readonly square: Float32Array;
  private readonly mean: Float32Array | undefined;
  private readonly velocity: Float32Array | undefined;

  constructor(
    size: number,
    private readonly options: RMSpropOptions,
  ) {
    this.lr = options.lr;
    this.square = new Float32Array(size);
    if (options.centered) this.mean = new Float32Array(size);
    if (options.momentum > 0) this.velocity = new Float32Array(size);
    this.buffers = [this.square, this.mean, this.velocity].filter((buffer) => buffer !== undefined);
  }

  step(parameters: Float32Array, gradients: Float32Array): void {
    const { alpha, eps, weight_decay, momentum } = this.options;
    const { square, mean, velocity } = this;
    for (let i = 0; i < parameters.length; i++) {
      const gradient = decayed(gradients[i], parameters[i], weight_decay);
      square[i] = fround(square[i] * alpha) + (1 - alpha) * gradient * gradient;
      if (mean) mean[i] = lerp(mean[i], gradient, fround(1 - alpha));
      const variance = mean ? fround(square[i] - mean[i] * mean[i]) : square[i];
      let change = gradient / fround(fround(sqrt(variance)) + eps);
      if (velocity) change = velocity[i] = fround(velocity[i] * momentum) + change;
      parameters[i] -= this.lr * change;
    }
    this.steps++;
  }
}

/** `torch.optim.RMSprop`. */
export const rmsprop: OptimizerRecord<RMSpropOptions> = {
  create: (size, options) => new RMSprop(size, options),
  bufferNames: ({ centered }) => ['square_avg', ...(centered ? ['grad_avg'] : []), 'momentum_buffer'],
  stability: ({ momentum }) => (momentum >= 1 ? restless(momentum) : adaptive('RMSprop')),
  isAdaptive: true,
  travel({ alpha, momentum, centered }, steps) {
    // Where gradients hardly change, their spread about their mean is nearly 0 and steps are of any length.
    if (momentum >= 1 || centered) return Infinity;
    // The average of squares starts at 0, so the first steps are longer: step k is 1 / sqrt(1 - alpha ** k).
    let [sum, kept] = [0, 1];
    for (let step = 0; step < steps; step++) {
      kept *= alpha;
      if (kept < 1e-9) return (sum + steps - step) / (1 - momentum);
      sum += 1 / sqrt(1 - kept);
    }
    return sum / (1 - momentum);
  },
  preconditioning: {
    divisors({ eps, centered }, { buffers: [square, mean] }) {
      const variance = (value: number, i: number) => (centered ? Math.max(0, value - mean[i] ** 2) : value);
      return Float64Array.from(square, (value, i) => sqrt(variance(value, i)) + eps);
    },
    largest: ({ momentum }) => 2 + 2 * momentum,
  },
};
