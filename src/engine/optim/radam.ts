import { decayed, type Optimizer, type OptimizerRecord } from './optimizer';

const { fround, sqrt } = Math;

/** Keyword arguments of `torch.optim.RAdam`. */
export interface RAdamOptions {
  lr: number;
  betas: readonly [number, number] | readonly number[];
  eps: number;
  weight_decay: number;
}

/** By how much RAdam shortens a step, counted from 1; undefined of the first ones, which are not divided by the gradient's size. */
export function rectification({ betas }: RAdamOptions, step: number): number | undefined {
  const most = 2 / (1 - betas[1]) - 1;
  const length = most - (2 * step * betas[1] ** step) / (1 - betas[1] ** step);
  if (!(length > 5)) return undefined;
  return sqrt(((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length));
}

/** `torch.optim.RAdam`: Adam whose first steps follow the mean gradient alone, and whose next ones are shortened. */
class RAdam implements Optimizer {
  readonly isPlain = false;
  readonly buffers: Float32Array[];
  lr: number;
  steps = 0;

  constructor(
    size: number,
    private readonly options: RAdamOptions,
  ) {
    this.lr = options.lr;
    this.buffers = [new Float32Array(size), new Float32Array(size)];
  }

  step(parameters: Float32Array, gradients: Float32Array): void {
    const { betas, eps, weight_decay } = this.options;
    const [mean, square] = this.buffers;
    this.steps++;
    const correction = 1 - betas[0] ** this.steps;
    const root = sqrt(1 - betas[1] ** this.steps);
    const shortened = rectification(this.options, this.steps);
    for (let i = 0; i < parameters.length; i++) {
      const gradient = decayed(gradients[i], parameters[i], weight_decay);
      mean[i] = fround(mean[i] * betas[0]) + (1 - betas[0]) * gradient;
      square[i] = fround(square[i] * betas[1]) + (1 - betas[1]) * gradient * gradient;
      const way = fround(fround(mean[i] / correction) * this.lr);
      if (shortened === undefined) parameters[i] -= way;
      else {
        const adaptiveRate = fround(root / fround(fround(sqrt(square[i])) + eps));
        parameters[i] -= fround(fround(way * adaptiveRate) * shortened);
      }
    }
  }
}

/** `torch.optim.RAdam`. */
export const radam: OptimizerRecord<RAdamOptions> = {
  create: (size, options) => new RAdam(size, options),
  bufferNames: () => ['exp_avg', 'exp_avg_sq'],
  stability: () => ({
    reason:
      'RAdam divides each step but the first ones by the size of recent gradients, so curvature sets no limit to lr: ' +
      'too large a rate makes the loss hover, or leap in the first steps',
  }),
  isAdaptive: true,
  // The longer it steps, the less are steps shortened.
  travel(options, steps, gradient) {
    const shortened = rectification(options, steps);
    if (shortened === undefined) return steps * gradient;
    let undivided = 1;
    while (rectification(options, undivided + 1) === undefined) undivided++;
    return undivided * gradient + (steps - undivided) * shortened;
  },
};
