import type { Optimizer } from './optimizer';

/** An optimizer that lets another one take its steps, and changes what that sees or keeps more. */
export abstract class WrappedOptimizer implements Optimizer {
  readonly isPlain = false;

  constructor(protected readonly inner: Optimizer) {}

  get lr(): number {
    return this.inner.lr;
  }

  set lr(lr: number) {
    this.inner.lr = lr;
  }

  get steps(): number {
    return this.inner.steps;
  }

  set steps(steps: number) {
    this.inner.steps = steps;
  }

  get buffers(): readonly Float32Array[] {
    return this.inner.buffers;
  }

  abstract step(parameters: Float32Array, gradients: Float32Array): void;
}
