import { sizeOf, type ParameterSpec } from './layers';

/** A penalty that is part of the loss: `l1 * sum(abs(w)) + l2 * sum(w**2)`. */
export interface PenaltyOptions {
  l1: number;
  l2: number;
  /** Of biases too, not of weights alone. */
  bias: boolean;
}

/** The penalty on a model's parameters. */
export class Penalty {
  /** The gradients of the last batch as they were before the penalty's were added. */
  readonly without: Float32Array;
  /** 1 for each parameter that is penalized. */
  private readonly isHeld: Uint8Array;

  constructor(
    readonly options: PenaltyOptions,
    specs: ParameterSpec[],
    size: number,
  ) {
    this.without = new Float32Array(size);
    this.isHeld = new Uint8Array(size);
    for (const spec of specs) {
      const isBias = spec.shape.length === 1;
      if (!isBias || options.bias) this.isHeld.fill(1, spec.start, spec.start + sizeOf(spec));
    }
  }

  /** The penalty at some parameters. */
  value(parameters: ArrayLike<number>): number {
    const { l1, l2 } = this.options;
    let [sizes, squares] = [0, 0];
    for (let i = 0; i < parameters.length; i++) {
      if (!this.isHeld[i]) continue;
      sizes += Math.abs(parameters[i]);
      squares += parameters[i] ** 2;
    }
    return l1 * sizes + l2 * squares;
  }

  /** Adds the penalty's derivative to the gradients of a batch. */
  addGradient(parameters: Float32Array, gradients: Float32Array): void {
    const { l1, l2 } = this.options;
    this.without.set(gradients);
    for (let i = 0; i < gradients.length; i++) {
      if (this.isHeld[i]) gradients[i] += l1 * Math.sign(parameters[i]) + 2 * l2 * parameters[i];
    }
  }

  /** What the penalty adds to the second derivative by each parameter. */
  curvature(): Float64Array {
    return Float64Array.from(this.isHeld, (held) => 2 * this.options.l2 * held);
  }
}
