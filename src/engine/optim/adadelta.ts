import { decayed, type Optimizer, type OptimizerRecord } from './optimizer';
import { adaptive } from './stepStability';

const { fround, sqrt } = Math;

/** Keyword arguments of `torch.optim.Adadelta`. */
export interface AdadeltaOptions {
  lr: number;
  rho: number;
  eps: number;
  weight_decay: number;
}

/** `torch.optim.Adadelta`: `s` and `d` are running means of the squares of gradients and changes; `p -= lr * sqrt(d + eps) / sqrt(s + eps) * g`. */
class Adadelta implements Optimizer {
  readonly isPlain = false;
  readonly buffers: Float32Array[];
  lr: number;
  steps = 0;

  constructor(
    size: number,
    private readonly options: AdadeltaOptions,
  ) {
    this.lr = options.lr;
    this.buffers = [new Float32Array(size), new Float32Array(size)];
  }

  step(parameters: Float32Array, gradients: Float32Array): void {
    const { rho, eps, weight_decay } = this.options;
    const [square, changes] = this.buffers;
    for (let i = 0; i < parameters.length; i++) {
      const gradient = decayed(gradients[i], parameters[i], weight_decay);
      square[i] = fround(square[i] * rho) + (1 - rho) * gradient * gradient;
      const size = fround(sqrt(fround(square[i] + eps)));
      const change = fround(fround(fround(sqrt(fround(changes[i] + eps))) / size) * gradient);
      changes[i] = fround(changes[i] * rho) + (1 - rho) * change * change;
      parameters[i] -= this.lr * change;
    }
    this.steps++;
  }
}

/** `torch.optim.Adadelta`. */
export const adadelta: OptimizerRecord<AdadeltaOptions> = {
  create: (size, options) => new Adadelta(size, options),
  bufferNames: () => ['square_avg', 'acc_delta'],
  stability: () => adaptive('Adadelta'),
  isAdaptive: true,
};
