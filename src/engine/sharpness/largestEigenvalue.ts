import { addMultiple, dot, orthogonalize, ritzPairs } from '../linear/lanczos';

/** The largest eigenvalue of a symmetric matrix, and its direction of length 1. */
export interface Eigenpair {
  value: number;
  vector: Float64Array;
}

/** How a search for an eigenvalue goes. */
export interface SearchOptions {
  /** Of the matrix: numbers along a side. */
  size: number;
  times(vector: Float64Array): Float64Array;
  /** A direction near the one that is looked for. */
  near?: Float64Array | undefined;
  /** Called between two products, so that others get a turn. */
  turn?(): Promise<void>;
}

/** What may be left of the eigenvalue's equation, relative to it: no eigenvalue is farther away than that. */
const tolerance = 0.004;
const mostSteps = 60;
/** Steps before a search may be settled: a start that hardly knows the steepest direction looks settled on another one. */
const leastSteps = 8;
/** Share of a direction that favours nothing in the start: what was steepest before may be steepest no longer. */
const doubt = 0.3;
/** A step that adds less than this, relative to the largest eigenvalue, has seen all there is. */
const nothingLeft = 1e-12;

/** The algebraically largest eigenvalue by Lanczos iteration with full reorthogonalisation. */
export async function largestEigenvalue({ size, times, near, turn }: SearchOptions): Promise<Eigenpair> {
  const basis: Float64Array[] = [];
  const [diagonal, beside]: number[][] = [[], []];
  let next = startNear(near, size);
  for (;;) {
    basis.push(next);
    const product = times(next);
    diagonal.push(dot(product, next));
    orthogonalize(product, basis);
    const length = Math.sqrt(dot(product, product));
    const { values, vectors } = ritzPairs(diagonal, beside);
    const last = basis.length - 1;
    const size = Math.max(Math.abs(values[0]), Math.abs(values[last]));
    const isWhole = !(length > nothingLeft * size) || basis.length === Math.min(next.length, mostSteps);
    const isSettled =
      basis.length >= leastSteps && Math.abs(length * vectors.get(last, last)) <= tolerance * Math.abs(values[last]);
    if (isWhole || isSettled) {
      const vector = new Float64Array(next.length);
      basis.forEach((direction, i) => addMultiple(vector, vectors.get(i, last), direction));
      return { value: values[last], vector };
    }
    beside.push(length);
    next = product.map((value) => value / length);
    await turn?.();
  }
}

/** Of length 1. */
function startNear(near: Float64Array | undefined, size: number): Float64Array {
  const start = anyDirection(size);
  if (near?.length !== size) return start;
  return withLength1(near.map((value, i) => value + doubt * start[i]));
}

/** A direction of length 1 that favours nothing, the same every time. */
function anyDirection(length: number): Float64Array {
  let state = 1;
  const vector = Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
  return withLength1(vector);
}

function withLength1(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}
