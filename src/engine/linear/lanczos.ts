import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Numbers } from '../numbers';
import { RowPasses } from './rowPasses';
import type { RowSource } from './rowSource';

/** Both ends of the spectrum of `AᵀA / rows`, as far as they were found. */
export interface Extremes {
  largest: number;
  /** The smallest eigenvalue that was seen; the true one may be smaller. */
  smallest: number;
  /** Of length 1, `columns` numbers each. */
  steepest: Float64Array;
  flattest: Float64Array;
  /** How many eigenvalues differ from zero, where the search came to its end. */
  rank?: number;
}

/**
 * What may be left of the small end's equation, relative to its eigenvalue. The error of an eigenvalue is of the order of the
 * square of what is left.
 */
const smallTolerance = 2e-2;

/** How far to search. */
export interface LanczosOptions {
  /** What may be left of the large end's equation, relative to its eigenvalue. */
  tolerance?: number;
  /** Continues for the small end too. */
  bothEnds?: boolean;
}

const mostSteps = 200;
/** Multiplications that a search may take. */
const mostWork = 4e9;
/** A step that adds less than this, relative to the largest eigenvalue, has seen all there is. */
const nothingLeft = 1e-13;

/** A matrix `M` with as many rows as columns. */
export interface ColumnMap {
  multiply(vector: Float64Array): Float64Array;
  multiplyTransposed(vector: Float64Array): Float64Array;
}

/** Changes nothing. */
export const sameColumns: ColumnMap = { multiply: (vector) => vector, multiplyTransposed: (vector) => vector };

/**
 * Extreme eigenvalues of `AᵀA / rows` by Lanczos iteration with full reorthogonalisation. The matrix is never formed:
 * a step reads the rows once.
 */
export function lanczos(table: RowSource, options: LanczosOptions = {}, passes = new RowPasses(table, 1)): Extremes {
  return lanczosTogether(table, [sameColumns], options, passes)[0];
}

/** The same of several matrices `A M`, by searches that share their passes over the rows of `A`. */
export function lanczosTogether(
  { rows, columns }: RowSource,
  maps: ColumnMap[],
  options: LanczosOptions,
  passes: RowPasses,
): Extremes[] {
  const searches = maps.map((map) => ({ map, steps: search(rows, columns, options) }));
  const found = new Map<ColumnMap, Extremes>();
  let open = searches.map((one) => ({ ...one, asked: one.steps.next() }));
  for (;;) {
    for (const { map, asked } of open) if (asked.done) found.set(map, asked.value);
    const vectors = open.flatMap(({ map, asked }) => (asked.done ? [] : [map.multiply(asked.value)]));
    if (vectors.length === 0) return maps.map((map) => found.get(map)!);
    const products = gramTimes(passes, rows, vectors);
    open = open
      .filter(({ asked }) => !asked.done)
      .map((one, i) => ({ ...one, asked: one.steps.next(one.map.multiplyTransposed(products[i])) }));
  }
}

/** A search that asks for `AᵀA v / rows` of one vector after the other. */
function* search(
  rows: number,
  columns: number,
  { tolerance = 1e-6, bothEnds = false }: LanczosOptions,
): Generator<Float64Array, Extremes, Float64Array> {
  const affordable = Math.max(20, Math.floor(mostWork / (2 * rows * columns)));
  const steps = Math.min(columns, mostSteps, affordable);
  const basis: Float64Array[] = [];
  const [diagonal, beside]: number[][] = [[], []];
  let next = startVector(columns);
  let nextLook = 5;
  for (;;) {
    basis.push(next);
    const product = yield next;
    diagonal.push(dot(product, next));
    orthogonalize(product, basis);
    const length = Math.sqrt(dot(product, product));
    const isDone = basis.length === steps || length <= nothingLeft * Math.max(...diagonal);
    if (isDone || basis.length === nextLook) {
      // Looking takes the third power of the steps.
      nextLook = Math.ceil(1.2 * nextLook);
      const ritz = ritzPairs(diagonal, beside);
      const last = basis.length - 1;
      const unsure = (i: number) => Math.abs(length * ritz.vectors.get(last, i));
      const isSettled =
        unsure(last) <= tolerance * ritz.values[last] && (!bothEnds || unsure(0) <= smallTolerance * ritz.values[0]);
      if (isDone || isSettled) return extremes(basis, ritz, length <= nothingLeft * ritz.values[last]);
    }
    beside.push(length);
    next = product.map((value) => value / length);
  }
}

/** Eigenvalues of a symmetric matrix as a subspace shows them, and their vectors in the coordinates of that subspace. */
export interface RitzPairs {
  /** Ascending. */
  values: number[];
  vectors: Matrix;
}

/** The eigenvalues and eigenvectors of a tridiagonal matrix, from its diagonal and what stands beside it. */
export function ritzPairs(diagonal: number[], beside: number[]): RitzPairs {
  const size = diagonal.length;
  const projected = Matrix.zeros(size, size);
  diagonal.forEach((value, i) => projected.set(i, i, value));
  beside.forEach((value, i) => projected.set(i, i + 1, value).set(i + 1, i, value));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(projected, { assumeSymmetric: true });
  return { values: realEigenvalues, vectors: eigenvectorMatrix };
}

function extremes(basis: Float64Array[], { values, vectors }: RitzPairs, isComplete: boolean): Extremes {
  const last = values.length - 1;
  const first = values.findIndex((value) => value > 1e-12 * values[last]);
  const combined = (ritz: number) => {
    const vector = new Float64Array(basis[0].length);
    basis.forEach((direction, i) => addMultiple(vector, vectors.get(i, ritz), direction));
    return vector;
  };
  return {
    largest: values[last],
    smallest: values[Math.max(0, first)],
    steepest: combined(last),
    flattest: combined(Math.max(0, first)),
    ...(isComplete && { rank: values.length - Math.max(0, first) }),
  };
}

/** `AᵀA v / rows` of each vector, in one pass over the rows. */
function gramTimes(passes: RowPasses, rows: number, vectors: Float64Array[]): Float64Array[] {
  const products = passes.pass(vectors, () => passes.slopes.set(passes.outputs));
  return products.map((product) => product.map((value) => value / rows));
}

/** Takes the part along each direction off a vector. Twice, because one pass leaves rounding errors. */
export function orthogonalize(vector: Float64Array, basis: Float64Array[]): void {
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of basis) addMultiple(vector, -dot(vector, direction), direction);
  }
}

/** A direction of length 1 that favours no column, the same every time. */
function startVector(length: number): Float64Array {
  let state = 1;
  const vector = Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 + 0.5;
  });
  const size = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / size);
}

/** The sum of the products of two vectors of the same length. */
export function dot(a: Numbers, b: Numbers): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Adds `factor` times a vector to another one, in place. */
export function addMultiple(to: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * vector[i];
}
