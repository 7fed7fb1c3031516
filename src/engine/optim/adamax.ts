import { decayed, type Optimizer, type OptimizerRecord } from './optimizer';
import { adaptive } from './stepStability';

const { fround } = Math;

/** Keyword arguments of `torch.optim.Adamax`. */
export interface AdamaxOptions {
  lr: number;
  betas: readonly [number, number] | readonly number[];
  eps: number;
  weight_decay: number;
}

/** `torch.optim.Adamax`: `m` is a running mean of `g`, `u = max(beta2 * u, |g| + eps)`; `p -= lr * m̂ / u`. */
class Adamax implements Optimizer {
  readonly isPlain = false;
  readonly buffers: Float32Array[];
  lr: number;
  steps = 0;

  constructor(
    size: number,
    private readonly options: AdamaxOptions,
  ) {
    this.lr = options.lr;
    this.buffers = [new Float32Array(size), new Float32Array(size)];
  }

  step(parameters: Float32Array, gradients: Float32Array): void {
    const { betas, eps, weight_decay } = this.options;
    const [mean, largest] = this.buffers;
    this.steps++;
    const stepSize = this.lr / (1 - betas[0] ** this.steps);
    for (let i = 0; i < parameters.length; i++) {
      const gradient = decayed(gradients[i], parameters[i], weight_decay);
      mean[i] = fround(mean[i] * betas[0]) + (1 - betas[0]) * gradient;
      largest[i] = Math.max(fround(largest[i] * betas[1]), fround(Math.abs(gradient) + eps));
      parameters[i] -= stepSize * (mean[i] / largest[i]);
    }
  }
}

/** `torch.optim.Adamax`. */
export const adamax: OptimizerRecord<AdamaxOptions> = {
  create: (size, options) => new Adamax(size, options),
  bufferNames: () => ['exp_avg', 'exp_inf'],
  stability: () => adaptive('Adamax'),
  isAdaptive: true,
  travel: (_, steps) => steps,
};
