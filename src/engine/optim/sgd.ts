import { decayed, type Optimizer, type OptimizerRecord, type StepRule } from './optimizer';
import { restless, type NoStability, type StepStability } from './stepStability';

const { fround } = Math;

/** Keyword arguments of `torch.optim.SGD`. */
export interface SGDOptions {
  lr: number;
  momentum: number;
  dampening: number;
  weight_decay: number;
  nesterov: boolean;
}

/** `torch.optim.SGD`: `b = momentum * b + (1 - dampening) * g; p -= lr * b`; the first `b` is `g` itself. */
class SGD implements Optimizer {
  readonly isPlain: boolean;
  readonly buffers: Float32Array[];
  lr: number;
  steps = 0;

  constructor(
    size: number,
    private readonly options: SGDOptions,
  ) {
    this.lr = options.lr;
    this.isPlain = options.momentum === 0 && options.weight_decay === 0;
    this.buffers = options.momentum === 0 ? [] : [new Float32Array(size)];
  }

  get rule(): StepRule {
    return { ...this.options, type: 'SGD' };
  }

  step(parameters: Float32Array, gradients: Float32Array): void {
    const { momentum, dampening, weight_decay, nesterov } = this.options;
    const lr = fround(this.lr);
    // A scheduler may take momentum down to 0 for some steps.
    const buffer = momentum === 0 ? undefined : this.buffers[0];
    for (let i = 0; i < parameters.length; i++) {
      let gradient = decayed(gradients[i], parameters[i], weight_decay);
      if (buffer) {
        buffer[i] = this.steps === 0 ? gradient : fround(fround(buffer[i] * momentum) + (1 - dampening) * gradient);
        gradient = nesterov ? fround(gradient + momentum * buffer[i]) : buffer[i];
      }
      parameters[i] -= lr * gradient;
    }
    this.steps++;
  }
}

function stability(options: SGDOptions): StepStability | NoStability {
  const { momentum, dampening, weight_decay: decay, nesterov } = options;
  const gain = momentum === 0 ? 1 : 1 - dampening;
  if (momentum >= 1) return restless(momentum);
  if (gain <= 0) return { reason: `with dampening ${dampening} momentum takes in no gradient after the first` };
  const largest = nesterov ? (2 * (1 + momentum)) / (1 + 2 * momentum) : (2 * (1 + momentum)) / gain;
  return {
    limit: (lambda) => largest / (lambda + decay),
    shrinkage: (lambda, lr) => largestRoot(options, gain, lr * (lambda + decay)),
    decay,
    isPlain: momentum === 0,
    rolledOutLimit: (lambda) => (2 * (1 - momentum)) / gain / (lambda + decay),
  };
}

/** The larger root's size; `step` is rate times curvature. */
function largestRoot({ momentum, nesterov }: SGDOptions, gain: number, step: number): number {
  if (momentum === 0) return Math.abs(1 - step);
  const trace = nesterov ? 1 + momentum - step * (1 + momentum) : 1 + momentum - gain * step;
  const determinant = nesterov ? momentum * (1 - step) : momentum;
  const discriminant = trace ** 2 / 4 - determinant;
  if (discriminant < 0) return Math.sqrt(determinant);
  return Math.abs(trace) / 2 + Math.sqrt(discriminant);
}

/** `torch.optim.SGD`. */
export const sgd: OptimizerRecord<SGDOptions> = {
  create: (size, options) => new SGD(size, options),
  bufferNames: () => ['momentum_buffer'],
  stability,
};
