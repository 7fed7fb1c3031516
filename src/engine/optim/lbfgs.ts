import type { Optimizer, OptimizerRecord, Reevaluations } from './optimizer';
import { strongWolfe, type LinePoint } from './strongWolfe';

const { abs, floor, fround, min } = Math;

/** Keyword arguments of `torch.optim.LBFGS`. */
export interface LBFGSOptions {
  lr: number;
  /** Moves of a step at most. */
  max_iter: number;
  /** How often a step works out the loss, about; absent: 5/4 of `max_iter`. */
  max_eval?: number;
  /** A step ends where no gradient is larger. */
  tolerance_grad: number;
  /** A step ends where loss or parameters change less. */
  tolerance_change: number;
  /** Moves whose change of the gradient is remembered. */
  history_size: number;
  /** Absent: each move has the length `lr`. */
  line_search_fn?: 'strong_wolfe';
}

/** A move that is remembered, and how it changed the gradient. Nothing of it is ever changed. */
interface Move {
  change: Float32Array;
  way: Float32Array;
  /** 1 / (change · way). */
  ro: number;
}

/** What is kept from step to step. A step replaces it when it is over, and changes nothing in it. */
interface Kept {
  moves: readonly Move[];
  /** Direction and length of the last move. */
  direction: Float32Array;
  t: number;
  /** Scale of the first guess at the inverse Hessian. */
  scale: number;
  gradients: Float32Array;
  iterations: number;
  evaluations: number;
}

/** From here on a float32 has no room for each whole number. */
const wordSize = 2 ** 24;

/**
 * `torch.optim.LBFGS`: moves by Newton's method with an inverse Hessian that is guessed from how gradients changed along the
 * last moves. Each step makes up to `max_iter` moves and works out the loss after each.
 */
class LBFGS implements Optimizer {
  readonly isPlain = false;
  lr: number;
  steps = 0;
  private kept: Kept | undefined;

  constructor(private readonly options: LBFGSOptions) {
    this.lr = options.lr;
  }

  /** Six numbers, the last direction, the last gradients, then of each move change and way. None before the first move. */
  get buffers(): readonly Float32Array[] {
    if (!this.kept) return [];
    const { moves, direction, t, scale, gradients, iterations, evaluations } = this.kept;
    const numbers = Float32Array.of(t, scale, ...words(iterations), ...words(evaluations));
    return [numbers, direction, gradients, ...moves.flatMap(({ change, way }) => [change, way])];
  }

  resume(buffers: readonly Float32Array[]): void {
    if (buffers.length === 0) {
      this.kept = undefined;
      return;
    }
    const [numbers, direction, gradients, ...pairs] = buffers.map((buffer) => buffer.slice());
    const [t, scale, ...counts] = numbers;
    const moves = Array.from({ length: pairs.length / 2 }, (_, i) => moveOf(pairs[2 * i], pairs[2 * i + 1]));
    const [iterations, evaluations] = [counts[0] + wordSize * counts[1], counts[2] + wordSize * counts[3]];
    this.kept = { moves, direction, t, scale, gradients, iterations, evaluations };
  }

  *step(parameters: Float32Array, gradients: Float32Array, loss = NaN): Reevaluations {
    // A step that is left half done changes nothing of the optimizer.
    this.kept = yield* this.moves(parameters, gradients, loss);
    this.steps++;
  }

  /** Makes the moves of a step; returns what is kept of them. */
  private *moves(
    parameters: Float32Array,
    gradients: Float32Array,
    loss: number,
  ): Generator<void, Kept | undefined, number> {
    const { max_iter, tolerance_grad, tolerance_change, line_search_fn } = this.options;
    const { max_eval = floor((max_iter * 5) / 4) } = this.options;
    let here: Float32Array = gradients.slice();
    let { kept } = this;
    if (largest(here) <= tolerance_grad) return kept;
    let evaluations = 1;
    for (let moved = 1; moved <= max_iter; moved++) {
      kept = this.nextMove(kept, here);
      const { direction, t } = kept;
      const slope = dot(here, direction);
      if (slope > -tolerance_change) break;
      const before = loss;
      if (line_search_fn) {
        const start: LinePoint = { t: 0, loss, gradients: here, slope };
        const origin = parameters.slice();
        const probe = function* (length: number): Generator<void, LinePoint, number> {
          move(parameters, length, direction);
          const found = yield;
          parameters.set(origin);
          const there = gradients.slice();
          return { t: length, loss: found, gradients: there, slope: dot(there, direction) };
        };
        const { point, probes } = yield* strongWolfe(probe, start, t, largest(direction), tolerance_change);
        ({ loss, gradients: here } = point);
        kept = { ...kept, t: fround(point.t) };
        evaluations += probes;
        move(parameters, point.t, direction);
      } else {
        move(parameters, t, direction);
        if (moved < max_iter) {
          loss = yield;
          here = gradients.slice();
          evaluations++;
        }
      }
      const isFlat = largest(here) <= tolerance_grad;
      const stays = largest(scaled(direction, kept.t)) <= tolerance_change;
      if (evaluations >= max_eval || isFlat || stays || abs(loss - before) < tolerance_change) break;
    }
    return kept && { ...kept, evaluations: kept.evaluations + evaluations };
  }

  /** The direction and first length of the next move, from gradients `here`, after which it remembers the last one. */
  private nextMove(last: Kept | undefined, here: Float32Array): Kept {
    if (!last) {
      const size = fround(here.reduce((sum, value) => sum + abs(value), 0));
      const t = fround(min(1, fround(1 / size)) * this.lr);
      return { moves: [], direction: scaled(here, -1), t, scale: 1, gradients: here, iterations: 1, evaluations: 0 };
    }
    const change = here.map((value, i) => value - last.gradients[i]);
    const move = moveOf(change, scaled(last.direction, last.t));
    let { moves, scale } = last;
    const along = dot(move.change, move.way);
    if (along > 1e-10) {
      const { history_size: most } = this.options;
      moves = [...(moves.length >= most ? moves.slice(1) : moves), move];
      scale = fround(along / dot(change, change));
    }
    const direction = newtonDirection(moves, scale, here);
    return { ...last, moves, scale, direction, t: fround(this.lr), gradients: here, iterations: last.iterations + 1 };
  }
}

/** Minus the guessed inverse Hessian times the gradients, by the two loops of L-BFGS. */
function newtonDirection(moves: readonly Move[], scale: number, gradients: Float32Array): Float32Array {
  const left = scaled(gradients, -1);
  const shares = new Float32Array(moves.length);
  for (let i = moves.length - 1; i >= 0; i--) {
    const { change, way, ro } = moves[i];
    shares[i] = dot(way, left) * ro;
    move(left, -shares[i], change);
  }
  const direction = scaled(left, scale);
  moves.forEach(({ change, way, ro }, i) => move(direction, shares[i] - fround(dot(change, direction) * ro), way));
  return direction;
}

function moveOf(change: Float32Array, way: Float32Array): Move {
  return { change, way, ro: fround(1 / dot(change, way)) };
}

/** Adds a direction, `t` times. */
function move(values: Float32Array, t: number, direction: Float32Array): void {
  const factor = fround(t);
  for (let i = 0; i < values.length; i++) values[i] += factor * direction[i];
}

function scaled(values: Float32Array, factor: number): Float32Array {
  return values.map((value) => value * factor);
}

function largest(values: Float32Array): number {
  let most = 0;
  // NaN is larger than everything.
  for (const value of values) most = Math.max(most, abs(value));
  return most;
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return fround(sum);
}

/** A whole number as two that are exact in float32. */
function words(value: number): [number, number] {
  return [value % wordSize, floor(value / wordSize)];
}

/** `torch.optim.LBFGS`. */
export const lbfgs: OptimizerRecord<LBFGSOptions> = {
  create: (_, options) => new LBFGS(options),
  // Pairs of vectors, not a number for each parameter.
  bufferNames: () => [],
  stability: () => ({
    reason: 'LBFGS fits each step to the curvature that it measures as it goes, so curvature sets no limit to lr',
  }),
  isAdaptive: true,
  needsFullBatch: true,
};
