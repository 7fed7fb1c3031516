import type { Optimizer, OptimizerRecord } from './optimizer';

/** Keyword arguments of `torch.optim.Rprop`. */
export interface RpropOptions {
  /** The length of each first step. */
  lr: number;
  /** What a step's length is multiplied by where the gradient has turned round, and where it has not. */
  etas: readonly [number, number] | readonly number[];
  /** The shortest and the longest step. */
  step_sizes: readonly [number, number] | readonly number[];
}

/** `torch.optim.Rprop`: a step's length grows while the gradient keeps its sign and shrinks where it turns; its size does not matter. */
class Rprop implements Optimizer {
  readonly isPlain = false;
  readonly buffers: Float32Array[];
  lr: number;
  steps = 0;

  constructor(
    size: number,
    private readonly options: RpropOptions,
  ) {
    this.lr = options.lr;
    this.buffers = [new Float32Array(size), new Float32Array(size)];
  }

  step(parameters: Float32Array, gradients: Float32Array): void {
    const { etas, step_sizes: range } = this.options;
    const [before, lengths] = this.buffers;
    if (this.steps === 0) lengths.fill(this.lr);
    for (let i = 0; i < parameters.length; i++) {
      const turn = Math.fround(gradients[i] * before[i]);
      const factor = turn > 0 ? etas[1] : turn < 0 ? etas[0] : 1;
      lengths[i] = Math.max(range[0], Math.min(range[1], Math.fround(lengths[i] * Math.fround(factor))));
      const gradient = turn < 0 ? 0 : gradients[i];
      parameters[i] -= Math.sign(gradient) * lengths[i];
      before[i] = gradient;
    }
    this.steps++;
  }
}

/** `torch.optim.Rprop`. */
export const rprop: OptimizerRecord<RpropOptions> = {
  create: (size, options) => new Rprop(size, options),
  bufferNames: () => ['prev', 'step_size'],
  stability: () => ({
    reason:
      'Rprop looks at the signs of gradients alone and finds the length of its steps by itself, so curvature sets no limit to lr',
  }),
  isAdaptive: true,
};
