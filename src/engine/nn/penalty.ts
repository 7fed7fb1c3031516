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

/** The same of one linear layer, whose parameters are, for each output, a number for each column; the bias's is the last. */
export class ColumnPenalty {
  readonly l1: number;
  readonly l2: number;
  /** Every column is penalized. */
  readonly isOnAll: boolean;
  private readonly isHeld: Float64Array;

  constructor({ l1, l2, bias }: PenaltyOptions, columns: number, hasBias: boolean) {
    this.l1 = l1;
    this.l2 = l2;
    this.isOnAll = bias || !hasBias;
    this.isHeld = new Float64Array(columns).fill(1);
    if (!this.isOnAll) this.isHeld[columns - 1] = 0;
  }

  /** One of its factors for each column; 0 of one that is not penalized. */
  factors(name: 'l1' | 'l2'): Float64Array {
    return this.isHeld.map((held) => held * this[name]);
  }

  /** The penalty at some parameters. */
  at(parameters: Float64Array[]): number {
    const { l1, l2, isHeld } = this;
    const ofOne = (value: number, column: number) => isHeld[column] * (l1 * Math.abs(value) + l2 * value ** 2);
    return parameters.reduce((sum, values) => sum + values.reduce((all, one, i) => all + ofOne(one, i), 0), 0);
  }

  /** Its derivative by a parameter of a column. */
  slope(value: number, column: number): number {
    return this.isHeld[column] * (this.l1 * Math.sign(value) + 2 * this.l2 * value);
  }
}
