/** Changes flat parameters by flat gradients, in place. */
export interface Optimizer {
  /** `torch.optim` name. */
  readonly name: string;
  /** The rate of the next step; schedulers change it. */
  lr: number;
  /** What is kept from step to step, each as long as the parameters; part of a checkpoint. */
  readonly buffers: readonly Float32Array[];
  /** Steps taken; part of a checkpoint. */
  steps: number;
  step(parameters: Float32Array, gradients: Float32Array): void;
}

const { fround, sqrt } = Math;

/** Keyword arguments of `torch.optim.SGD`. */
export interface SGDOptions {
  lr: number;
  momentum: number;
  dampening: number;
  weight_decay: number;
  nesterov: boolean;
}

/** `torch.optim.SGD`: `b = momentum * b + (1 - dampening) * g; p -= lr * b`; the first `b` is `g` itself. */
export class SGD implements Optimizer {
  readonly name = 'SGD';
  readonly buffers: Float32Array[];
  lr: number;
  steps = 0;

  constructor(
    size: number,
    readonly options: SGDOptions,
  ) {
    this.lr = options.lr;
    this.buffers = options.momentum === 0 ? [] : [new Float32Array(size)];
  }

  step(parameters: Float32Array, gradients: Float32Array): void {
    const { momentum, dampening, weight_decay, nesterov } = this.options;
    const lr = fround(this.lr);
    const [buffer] = this.buffers;
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

/** Whether a step is nothing but `p -= lr * g`. */
export function isPlainSgd(optimizer: Optimizer): boolean {
  return optimizer instanceof SGD && optimizer.options.momentum === 0 && optimizer.options.weight_decay === 0;
}

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
export class Adam implements Optimizer {
  readonly buffers: Float32Array[];
  lr: number;
  steps = 0;

  constructor(
    size: number,
    readonly options: AdamOptions,
    readonly name: 'Adam' | 'AdamW' = 'Adam',
  ) {
    this.lr = options.lr;
    this.buffers = Array.from({ length: options.amsgrad ? 3 : 2 }, () => new Float32Array(size));
  }

  step(parameters: Float32Array, gradients: Float32Array): void {
    const { betas, eps, weight_decay } = this.options;
    const [mean, square, largest] = this.buffers;
    this.steps++;
    const stepSize = this.lr / (1 - betas[0] ** this.steps);
    const correction = sqrt(1 - betas[1] ** this.steps);
    const decoupled = this.name === 'AdamW';
    for (let i = 0; i < parameters.length; i++) {
      if (decoupled) parameters[i] *= 1 - this.lr * weight_decay;
      const gradient = decayed(gradients[i], parameters[i], decoupled ? 0 : weight_decay);
      mean[i] = fround(mean[i] * betas[0]) + (1 - betas[0]) * gradient;
      square[i] = fround(square[i] * betas[1]) + (1 - betas[1]) * gradient * gradient;
      if (largest) largest[i] = Math.max(largest[i], square[i]);
      const denominator = fround(sqrt((largest ?? square)[i]) / correction) + eps;
      parameters[i] -= stepSize * (mean[i] / fround(denominator));
    }
  }
}

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
export class RMSprop implements Optimizer {
  readonly name = 'RMSprop';
  readonly buffers: Float32Array[];
  lr: number;
  steps = 0;
  private readonly square: Float32Array;
  private readonly mean: Float32Array | undefined;
  private readonly velocity: Float32Array | undefined;

  constructor(
    size: number,
    readonly options: RMSpropOptions,
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
      if (mean) mean[i] = fround(mean[i] * alpha) + (1 - alpha) * gradient;
      const variance = mean ? fround(square[i] - mean[i] * mean[i]) : square[i];
      let change = gradient / fround(fround(sqrt(variance)) + eps);
      if (velocity) change = velocity[i] = fround(velocity[i] * momentum) + change;
      parameters[i] -= this.lr * change;
    }
    this.steps++;
  }
}

/** Keyword arguments of `torch.optim.Adagrad`. */
export interface AdagradOptions {
  lr: number;
  lr_decay: number;
  weight_decay: number;
  eps: number;
}

/** `torch.optim.Adagrad`: `s += g²; p -= lr / (1 + step * lr_decay) * g / (sqrt(s) + eps)`. */
export class Adagrad implements Optimizer {
  readonly name = 'Adagrad';
  readonly buffers: Float32Array[];
  lr: number;
  steps = 0;

  constructor(
    size: number,
    readonly options: AdagradOptions,
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

/** The gradient with an L2 penalty's share added. */
function decayed(gradient: number, parameter: number, weightDecay: number): number {
  return weightDecay === 0 ? gradient : fround(gradient + weightDecay * parameter);
}

/** An optimizer by its `torch.optim` name, with its keyword arguments. */
export type OptimizerChoice =
  | ({ type: 'SGD' } & SGDOptions)
  | ({ type: 'Adam' | 'AdamW' } & AdamOptions)
  | ({ type: 'RMSprop' } & RMSpropOptions)
  | ({ type: 'Adagrad' } & AdagradOptions);

/** @param size how many parameters there are. */
export function createOptimizer(choice: OptimizerChoice, size: number): Optimizer {
  switch (choice.type) {
    case 'SGD':
      return new SGD(size, choice);
    case 'Adam':
    case 'AdamW':
      return new Adam(size, choice, choice.type);
    case 'RMSprop':
      return new RMSprop(size, choice);
    case 'Adagrad':
      return new Adagrad(size, choice);
  }
}
