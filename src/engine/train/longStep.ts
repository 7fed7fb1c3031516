import type { Penalty } from '../nn/penalty';
import { ClippedOptimizer } from '../optim/clipped';
import type { Optimizer, Reevaluations } from '../optim/optimizer';

/** What a step changes. */
interface SteppedParts {
  model: { parameters: Float32Array; gradients: Float32Array };
  optimizer: Optimizer;
  penalty?: Penalty;
}

/**
 * A step that works out the loss of its batch several times. Between two calls, and when it is over, everything but the
 * parameters is as the first loss left it: that is the one that the step is shown with.
 */
export class LongStep {
  private readonly start: Float32Array;
  /** Parameters that the step has come to. */
  private reached: Float32Array;
  /** Arrays that each loss fills, and what the first one left there. */
  private readonly shown: [Float32Array, Float32Array][];
  private next: IteratorResult<void, void>;

  /** @param rest of the step, right after its first loss. */
  constructor(
    private readonly parts: SteppedParts,
    private readonly rest: Reevaluations,
  ) {
    const { model, optimizer, penalty } = parts;
    const filled = [model.gradients, penalty?.without, optimizer instanceof ClippedOptimizer && optimizer.unclipped];
    this.shown = filled.filter((array) => array instanceof Float32Array).map((array) => [array, array.slice()]);
    this.start = model.parameters.slice();
    this.reached = this.start;
    this.next = this.following(() => this.rest.next());
  }

  /** Goes on to the next loss, or to the end. The parameters are those of the end, or those before the step. @param work works out loss and gradients. @returns whether it is over. */
  goOn(work: () => number): boolean {
    if (!this.next.done) {
      this.next = this.following(() => this.rest.next(work()));
      for (const [array, first] of this.shown) array.set(first);
    }
    if (this.next.done) this.parts.model.parameters.set(this.reached);
    return this.next.done === true;
  }

  /** Does a part of the step where it stands, and steps back. */
  private following(part: () => IteratorResult<void, void>): IteratorResult<void, void> {
    const { parameters } = this.parts.model;
    parameters.set(this.reached);
    const next = part();
    this.reached = parameters.slice();
    parameters.set(this.start);
    return next;
  }
}
