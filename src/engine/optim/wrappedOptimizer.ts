import type { Optimizer, Reevaluations } from './optimizer';

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

  get resume(): Optimizer['resume'] {
    return this.inner.resume?.bind(this.inner);
  }

  step(parameters: Float32Array, gradients: Float32Array, loss?: number): Reevaluations | void {
    const rest = this.inner.step(parameters, this.seen(gradients), loss);
    return rest && this.wrapped(rest, gradients);
  }

  /** What the other one sees of gradients; the same array for each step's. */
  protected abstract seen(gradients: Float32Array): Float32Array;

  private *wrapped(rest: Reevaluations, gradients: Float32Array): Reevaluations {
    for (let next = rest.next(); !next.done;) {
      const loss = yield;
      this.seen(gradients);
      next = rest.next(loss);
    }
  }
}
