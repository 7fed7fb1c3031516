import { decayed, type Optimizer, type OptimizerRecord } from './optimizer';
import { adaptive } from './stepStability';

const { fround, sqrt } = Math;

/** Keyword arguments of `torch.optim.Adagrad`. */
export interface AdagradOptions {
  lr: number;
  lr_decay: number;
  weight_decay: number;
  eps: number;
}

/** `torch.optim.Adagrad`: `s += g²; p -= lr / (1 + step * lr_decay) * g / (sqrt(s) + eps)`. */
class Adagrad implements Optimizer {
  readonly isPlain = false;
  readonly buffers: Float32Array[];
  lr: number;
  steps = 0;

  constructor(
    size: number,
    private readonly options: AdagradOptions,
  ) {
    this.lr = options.lr;
    this.buffers = [new Float32Array(size)];
  }

  step(parameters: Float32Array, gradients: Float32Array): void {
    const { lr_decay, weight_decay, eps } = this.options;
    const [sum] = this.buffers;
    const rate = this.lr / (1 + this.steps * lr_decay);
    for (let i = 0; i < parameters.length; i++) {
      const gradient = decayed(gradients[i], parameters[i], weight_decay);
      sum[i] += gradient * gradient;
      parameters[i] -= rate * (gradient / fround(fround(sqrt(sum[i])) + eps));
    }
    this.steps++;
  }
}

/** `torch.optim.Adagrad`. */
export const adagrad: OptimizerRecord<AdagradOptions> = {
  create: (size, options) => new Adagrad(size, options),
  bufferNames: () => ['sum'],
  stability: () => adaptive('Adagrad'),
  isAdaptive: true,
  // Step k is 1 / sqrt(k) long.
  travel: (_, steps) => 2 * Math.sqrt(steps),
  preconditioning: {
    divisors: ({ lr_decay, eps }, { steps, buffers: [sum] }) =>
      Float64Array.from(sum, (value) => (1 + steps * lr_decay) * (sqrt(value) + eps)),
    largest: () => 2,
  },
};
