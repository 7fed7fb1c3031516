import { addMultiple, dot } from './lanczos';

/** A smooth convex function at a point. */
export interface Slope {
  value: number;
  gradient: Float64Array;
}

/** Where a search for a minimum ended. */
export interface Minimum {
  point: Float64Array;
  value: number;
  /** Whether what is left to gain is below the tolerance. */
  isFound: boolean;
  /** The point when what was left to gain fell below the root of the tolerance. */
  midway: Float64Array;
}

/** How far to search. */
export interface MinimizeOptions {
  /** An upper bound of the function's second derivative in any direction. */
  curvature: number;
  /** Stop when a step promises to gain less than this share of the value. */
  tolerance: number;
  mostEvaluations: number;
  /** Without one, 0. */
  start?: Float64Array;
  /** About the inverse of the second derivative near the minimum: steps go by it. */
  metric?: (vector: Float64Array) => Float64Array;
  /** Asked at each new point whether to stop there. */
  isEnough?(point: Float64Array): boolean;
}

const memory = 12;

/** The minimum of a smooth convex function by L-BFGS. */
export function minimize(
  size: number,
  evaluate: (point: Float64Array) => Slope,
  { curvature, tolerance, mostEvaluations, start, metric, isEnough }: MinimizeOptions,
): Minimum {
  const pairs: Pair[] = [];
  let point: Float64Array = start ?? new Float64Array(size);
  let at = evaluate(point);
  let midway: Float64Array | undefined;
  let evaluations = 1;
  for (;;) {
    const direction = descent(at.gradient, pairs, metric ?? scaledBy(pairs, curvature));
    const promise = -dot(direction, at.gradient) / 2;
    if (promise <= Math.sqrt(tolerance) * Math.abs(at.value)) midway ??= point;
    const isFound = promise <= tolerance * Math.abs(at.value) || promise === 0;
    if (isFound || evaluations >= mostEvaluations || isEnough?.(point)) {
      return { point, value: at.value, isFound, midway: midway ?? point };
    }
    let length = 1;
    for (;;) {
      const next = point.slice();
      addMultiple(next, length, direction);
      const reached = evaluate(next);
      evaluations++;
      // Where values differ by rounding alone, slopes still tell.
      const isLower = reached.value <= at.value - 1e-4 * length * 2 * promise;
      const isLevel = reached.value <= at.value && Math.abs(dot(reached.gradient, direction)) < promise;
      if (isLower || isLevel) {
        remember(pairs, point, at, next, reached);
        [point, at] = [next, reached];
        break;
      }
      // The lowest point of the parabola through both values and the first slope.
      const bend = reached.value - at.value + 2 * promise * length;
      length *= Number.isFinite(bend) ? Math.min(0.5, Math.max(0.1, (promise * length) / bend)) : 0.1;
      if (length < 1e-12 || evaluations >= mostEvaluations) {
        return {
          point,
          value: at.value,
          isFound: promise <= 1e3 * tolerance * Math.abs(at.value),
          midway: midway ?? point,
        };
      }
    }
  }
}

/** A step and how the gradient changed over it. */
interface Pair {
  step: Float64Array;
  change: Float64Array;
  product: number;
}

function remember(pairs: Pair[], from: Float64Array, before: Slope, to: Float64Array, after: Slope): void {
  const step = to.map((value, i) => value - from[i]);
  const change = after.gradient.map((value, i) => value - before.gradient[i]);
  const product = dot(step, change);
  if (product <= 1e-300) return;
  pairs.push({ step, change, product });
  if (pairs.length > memory) pairs.shift();
}

/** The two-loop recursion: the gradient times minus an estimate of the inverse Hessian. */
function descent(gradient: Float64Array, pairs: Pair[], metric: (vector: Float64Array) => Float64Array): Float64Array {
  let direction: Float64Array = gradient.map((value) => -value);
  const shares: number[] = [];
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change, product } = pairs[i];
    shares[i] = dot(step, direction) / product;
    addMultiple(direction, -shares[i], change);
  }
  direction = metric(direction);
  pairs.forEach(({ step, change, product }, i) => {
    addMultiple(direction, shares[i] - dot(change, direction) / product, step);
  });
  return direction;
}

/** A multiple of the vector, by how much the last step changed the gradient. */
function scaledBy(pairs: Pair[], curvature: number): (vector: Float64Array) => Float64Array {
  const last = pairs.at(-1);
  const scale = last ? last.product / dot(last.change, last.change) : 1 / curvature;
  return (vector) => vector.map((value) => value * scale);
}
