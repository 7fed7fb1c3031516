import { decayed, type Optimizer, type OptimizerRecord } from './optimizer';
import { adaptive } from './stepStability';

const { fround, sqrt } = Math;

/** Keyword arguments of `torch.optim.NAdam`. */
export interface NAdamOptions {
  lr: number;
  betas: readonly [number, number] | readonly number[];
  eps: number;
  weight_decay: number;
  momentum_decay: number;
}

/** How much NAdam's momentum counts at a step, counted from 1. */
export function nadamMomentum({ betas, momentum_decay }: NAdamOptions, step: number): number {
  return betas[0] * (1 - 0.5 * 0.96 ** (step * momentum_decay));
}

/** What a gradient and its running mean are multiplied by at some step, before both are divided by the root of the squares. */
export interface NAdamShares {
  gradient: number;
  mean: number;
}

/** The shares of each step one after the other, with PyTorch's roundings. */
export class NAdamSchedule {
  private steps = 0;
  private product = 1;

  constructor(private readonly options: NAdamOptions) {}

  /** @param step counted from 1; steps in their order cost the least. */
  at(step: number): NAdamShares {
    if (step <= this.steps) [this.steps, this.product] = [0, 1];
    while (this.steps < step) this.product = fround(this.product * nadamMomentum(this.options, ++this.steps));
    const momentum = nadamMomentum(this.options, step);
    const next = nadamMomentum(this.options, step + 1);
    const following = fround(fround(this.product * momentum) * next);
    return { gradient: (1 - momentum) / (1 - this.product), mean: next / (1 - following) };
  }
}

/** `torch.optim.NAdam`: Adam that looks one step of its momentum ahead. */
class NAdam implements Optimizer {
  readonly isPlain = false;
  readonly buffers: Float32Array[];
  lr: number;
  steps = 0;
  private readonly schedule: NAdamSchedule;

  constructor(
    size: number,
    private readonly options: NAdamOptions,
  ) {
    this.lr = options.lr;
    this.buffers = [new Float32Array(size), new Float32Array(size)];
    this.schedule = new NAdamSchedule(options);
  }

  step(parameters: Float32Array, gradients: Float32Array): void {
    const { betas, eps, weight_decay } = this.options;
    const [mean, square] = this.buffers;
    this.steps++;
    const shares = this.schedule.at(this.steps);
    const correction = 1 - betas[1] ** this.steps;
    for (let i = 0; i < parameters.length; i++) {
      const gradient = decayed(gradients[i], parameters[i], weight_decay);
      mean[i] = fround(mean[i] * betas[0]) + (1 - betas[0]) * gradient;
      square[i] = fround(square[i] * betas[1]) + (1 - betas[1]) * gradient * gradient;
      const denominator = fround(fround(sqrt(fround(square[i] / correction))) + eps);
      parameters[i] -= this.lr * shares.gradient * (gradient / denominator);
      parameters[i] -= this.lr * shares.mean * (mean[i] / denominator);
    }
  }
}

/** `torch.optim.NAdam`. */
export const nadam: OptimizerRecord<NAdamOptions> = {
  create: (size, options) => new NAdam(size, options),
  bufferNames: () => ['exp_avg', 'exp_avg_sq'],
  stability: () => adaptive('NAdam'),
  isAdaptive: true,
  // Looking ahead makes the first steps a little longer, all together by less than one.
  travel: (_, steps) => steps + 1,
};
