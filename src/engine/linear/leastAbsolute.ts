import { numbersAt } from '../numbers';
import { gramMatrix } from './gramMatrix';
import { dot } from './lanczos';
import { choleskySolver } from './newtonMetric';
import type { RowSource } from './rowSource';

/** Rows in coordinates in which they are uncorrelated and of one size. */
export interface WhitenedRows {
  /** `rows × size`, row-major. */
  values: Float64Array;
  rows: number;
  size: number;
}

/** Where the mean absolute error is smallest. */
export interface LeastAbsolute {
  point: Float64Array;
  /** The mean absolute error there. */
  loss: number;
  /** No point has a smaller one than this, except for rounding. */
  atLeast: number;
  /** The mean absolute error of least squares. */
  scale: number;
}

/** What may be left between the loss and its lower bound, as a share of the mean absolute error of least squares. */
const tolerance = 1e-10;
const mostRounds = 60;
/** Errors of this share of the targets are those of rounding. */
const rounding = 1e-12;
/** How far a step goes towards the first bound that it meets. */
const beforeBound = 0.9995;

/**
 * Least absolute errors, a linear program. Of many rows, most lie so far from the solution of a sample that it is known on
 * which side: these are summed into one row a side, and their sides are verified (Portnoy and Koenker, "The Gaussian Hare and
 * the Laplacian Tortoise", 1997).
 */
export function leastAbsolute(matrix: WhitenedRows, targets: Float64Array): LeastAbsolute {
  const { rows, size } = matrix;
  const wanted = Math.ceil((rows * size) ** (2 / 3));
  if (rows < 4 * wanted) return wholeProgram(matrix, targets);
  const places = Uint32Array.from({ length: wanted }, (_, i) => Math.floor((i * rows) / wanted));
  const guess = wholeProgram(rowsAt(matrix, places), numbersAt(targets, places) as Float64Array);
  const errors = errorsAt(matrix, targets, guess.point);
  const near = errors.map(Math.abs).sort()[wanted];
  const isKept = Uint8Array.from(errors, (error) => (Math.abs(error) <= near ? 1 : 0));
  for (;;) {
    const { reduced, targetValues } = summed(matrix, targets, { errors, isKept });
    const found = wholeProgram(reduced, targetValues);
    const now = errorsAt(matrix, targets, found.point);
    const wrong = now.reduce((count, error, row) => count + (isKept[row] === 0 && error * errors[row] < 0 ? 1 : 0), 0);
    if (wrong === 0) {
      const share = reduced.rows / rows;
      return { ...found, loss: found.loss * share, atLeast: found.atLeast * share, scale: found.scale * share };
    }
    now.forEach((error, row) => (isKept[row] ||= error * errors[row] < 0 ? 1 : 0));
  }
}

/** The rows that are kept, and the sum of the others above the model and of those below it. */
function summed(
  matrix: WhitenedRows,
  targets: Float64Array,
  { errors, isKept }: { errors: Float64Array; isKept: Uint8Array },
): { reduced: WhitenedRows; targetValues: Float64Array } {
  const { values, size } = matrix;
  const places = Uint32Array.from([...isKept.keys()].filter((row) => isKept[row] === 1));
  const kept = rowsAt(matrix, places);
  const reduced = { values: new Float64Array((places.length + 2) * size), rows: places.length + 2, size };
  reduced.values.set(kept.values);
  const targetValues = new Float64Array(reduced.rows);
  targetValues.set(numbersAt(targets, places));
  for (let row = 0; row < errors.length; row++) {
    if (isKept[row] === 1) continue;
    const side = places.length + (errors[row] > 0 ? 1 : 0);
    targetValues[side] += targets[row];
    for (let i = 0; i < size; i++) reduced.values[side * size + i] += values[row * size + i];
  }
  return { reduced, targetValues };
}

function rowsAt({ values, size }: WhitenedRows, places: Uint32Array): WhitenedRows {
  const found = new Float64Array(places.length * size);
  places.forEach((row, i) => found.set(values.subarray(row * size, (row + 1) * size), i * size));
  return { values: found, rows: places.length, size };
}

/**
 * By an interior point method: Newton steps on the program and its dual at once, each with a predictor and a corrector. Its
 * dual gives the lower bound.
 */
function wholeProgram(matrix: WhitenedRows, targets: Float64Array): LeastAbsolute {
  const { rows, size } = matrix;
  const squares = choleskySolver(gramMatrix(weighted(matrix, new Float64Array(rows).fill(1))), size, 1e-14);
  const start = squares(project(matrix, targets));
  const errors = errorsAt(matrix, targets, start);
  const scale = meanAbsolute(errors);
  if (scale <= rounding * meanAbsolute(targets)) return { point: start, loss: scale, scale, atLeast: scale };
  const state = begin(errors, scale);
  const point = start.slice();
  for (let round = 0; round < mostRounds && gapOf(state) > tolerance * rows * scale; round++) {
    const change = step(matrix, state);
    if (!change) break;
    change.forEach((value, i) => (point[i] += value));
  }
  const loss = meanAbsolute(errorsAt(matrix, targets, point));
  return { point, loss, scale, atLeast: loss - (2 * gapOf(state)) / rows };
}

/**
 * Where the method stands: of each row a variable `x` from 0 to 1 and `s`, what it lacks to 1, and how far the model is above
 * the target (`z`) and below it (`w`). At the minimum all `x z` and `s w` are 0.
 */
interface State {
  x: Float64Array;
  s: Float64Array;
  z: Float64Array;
  w: Float64Array;
}

function begin(errors: Float64Array, scale: number): State {
  const least = 1e-3 * scale;
  return {
    x: errors.map(() => 0.5),
    s: errors.map(() => 0.5),
    z: errors.map((error) => Math.max(error, 0) + least),
    w: errors.map((error) => Math.max(-error, 0) + least),
  };
}

function gapOf({ x, s, z, w }: State): number {
  return dot(x, z) + dot(s, w);
}

/** One round, in place; the change of the point, undefined where rounding leaves nothing to gain. */
function step(matrix: WhitenedRows, state: State): Float64Array | undefined {
  const { x, s, z, w } = state;
  const q = x.map((value, i) => 1 / (z[i] / value + w[i] / s[i]));
  const solve = choleskySolver(gramMatrix(weighted(matrix, q)), matrix.size, 1e-14);
  const r = z.map((value, i) => value - w[i]);
  const predicted = direction(matrix, state, { q, r, solve });
  const [far, dualFar] = lengths(state, predicted);
  const mu = gapOf(state);
  const { dx, ds, dz, dw } = predicted;
  let left = 0;
  for (let i = 0; i < x.length; i++) {
    left += (z[i] + dualFar * dz[i]) * (x[i] + far * dx[i]) + (w[i] + dualFar * dw[i]) * (s[i] + far * ds[i]);
  }
  const center = (mu * (left / mu) ** 3) / (2 * x.length);
  const corrected = direction(matrix, state, { q, r, solve, corrector: { ...predicted, center } });
  const [length, dualLength] = lengths(state, corrected);
  if (!(length > 1e-8) || !(dualLength > 1e-8)) return undefined;
  for (let i = 0; i < x.length; i++) {
    x[i] += length * corrected.dx[i];
    s[i] += length * corrected.ds[i];
    z[i] += dualLength * corrected.dz[i];
    w[i] += dualLength * corrected.dw[i];
  }
  return corrected.dy.map((value) => -dualLength * value);
}

interface Direction {
  dy: Float64Array;
  dx: Float64Array;
  ds: Float64Array;
  dz: Float64Array;
  dw: Float64Array;
}

interface Newton {
  q: Float64Array;
  r: Float64Array;
  solve: (vector: Float64Array) => Float64Array;
  /** The predicted direction, and where the products of a row's variables are to go. */
  corrector?: Direction & { center: number };
}

function direction(matrix: WhitenedRows, { x, s, z, w }: State, { q, r, solve, corrector }: Newton): Direction {
  const rows = x.length;
  const aim = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    aim[i] = r[i];
    if (!corrector) continue;
    const { dx, ds, dz, dw, center } = corrector;
    aim[i] += (dx[i] * dz[i] - center) / x[i] - (ds[i] * dw[i] - center) / s[i];
  }
  const dy = solve(
    project(
      matrix,
      aim.map((value, i) => q[i] * value),
    ),
  );
  const moved = outputs(matrix, dy);
  const dx = moved.map((value, i) => q[i] * (value - aim[i]));
  const ds = dx.map((value) => -value);
  const center = corrector?.center ?? 0;
  const dz = dx.map((value, i) => {
    const product = corrector ? corrector.dx[i] * corrector.dz[i] : 0;
    return (center - product - z[i] * value) / x[i] - z[i];
  });
  const dw = ds.map((value, i) => {
    const product = corrector ? corrector.ds[i] * corrector.dw[i] : 0;
    return (center - product - w[i] * value) / s[i] - w[i];
  });
  return { dy, dx, ds, dz, dw };
}

/** How far the variables and those of the dual can go in a direction. */
function lengths({ x, s, z, w }: State, { dx, ds, dz, dw }: Direction): [number, number] {
  const free = (values: Float64Array, changes: Float64Array) => {
    let least = Infinity;
    for (let i = 0; i < values.length; i++) if (changes[i] < 0) least = Math.min(least, -values[i] / changes[i]);
    return least;
  };
  return [
    Math.min(1, beforeBound * Math.min(free(x, dx), free(s, ds))),
    Math.min(1, beforeBound * Math.min(free(z, dz), free(w, dw))),
  ];
}

/** The rows, each times the root of its weight. */
function weighted({ values, rows, size }: WhitenedRows, weights: Float64Array): RowSource {
  return {
    rows,
    columns: size,
    read(start, end, block, rowStep, columnStep) {
      for (let row = start, at = 0; row < end; row++, at += rowStep) {
        const root = Math.sqrt(weights[row]);
        for (let i = 0, to = at; i < size; i++, to += columnStep) block[to] = root * values[row * size + i];
      }
    },
  };
}

function outputs({ values, rows, size }: WhitenedRows, point: Float64Array): Float64Array {
  const found = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++) for (let i = 0; i < size; i++) found[row] += values[at++] * point[i];
  return found;
}

/** The sum of the rows, each times a number. */
function project({ values, rows, size }: WhitenedRows, numbers: Float64Array): Float64Array {
  const sum = new Float64Array(size);
  for (let row = 0, at = 0; row < rows; row++) for (let i = 0; i < size; i++) sum[i] += values[at++] * numbers[row];
  return sum;
}

/** What the model gives too much. */
function errorsAt(matrix: WhitenedRows, targets: Float64Array, point: Float64Array): Float64Array {
  return outputs(matrix, point).map((value, row) => value - targets[row]);
}

function meanAbsolute(values: Float64Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
}
