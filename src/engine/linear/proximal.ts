import { plainCoordinates } from './coordinates';
import { gramMatrix } from './gramMatrix';
import { dot } from './lanczos';
import { lossCurvature } from './lossCurvature';
import { meanLoss, type LossRows } from './meanLoss';
import { hessianAt } from './newtonMetric';
import { heldSquares, type NoOptimum, type Optimum } from './optimum';

/** What holds the parameters: a number for each column. */
export interface Held {
  /** What weight decay and a penalty of squares add to the second derivative. */
  decay: Float64Array;
  /** The factor of the parameter's size. */
  l1: Float64Array;
}

/** Parameters of all outputs that are searched for at most. */
const mostParameters = 600;
/** Multiplications that Hessians may take in all. */
const mostWork = 6e9;
const mostRounds = 200;
const mostSweeps = 2000;
/** A round that promises to gain less than this share of the value is the last. */
const tolerance = 1e-14;
/** Added to the Hessian's diagonal, as a share of its largest entry, because outputs of classes can move together. */
const least = 1e-10;

/**
 * The minimum of a smooth loss with a penalty of sizes (l1), by a proximal Newton method: each round minimizes the parabola
 * through the point together with the sizes, one parameter after another, in which a parameter can become exactly 0
 * (Lee, Sun and Saunders, "Proximal Newton-type methods for minimizing composite functions", 2014).
 * The loss that is returned is without what holds the parameters.
 */
export function proximalOptimum(rows: LossRows, { decay, l1 }: Held): Optimum | NoOptimum {
  const { loss, outputs, source } = rows;
  const { columns } = source;
  const width = columns * outputs;
  if (!loss.bend) return { reason: `the minimum of ${loss.name} with a penalty is not looked for` };
  if (width > mostParameters) {
    return { reason: `the minimum with an l1 penalty is not looked for with more than ${mostParameters} parameters` };
  }
  const work = source.rows * width * width;
  const coordinates = plainCoordinates(columns);
  const split = (point: Float64Array) =>
    Array.from({ length: outputs }, (_, k) => point.slice(k * columns, (k + 1) * columns));
  const evaluate = (point: Float64Array) => {
    const parameters = split(point);
    const { value, gradient } = meanLoss(rows, parameters);
    const slopes = Float64Array.from(gradient.flatMap((slope) => [...slope]));
    const sizes = point.reduce((sum, one, i) => sum + l1[i % columns] * Math.abs(one), 0);
    return {
      value: value + 0.5 * heldSquares(parameters, decay) + sizes,
      gradient: slopes.map((slope, i) => slope + decay[i % columns] * point[i]),
    };
  };
  let point: Float64Array = new Float64Array(width);
  let at = evaluate(point);
  let hessian: Float64Array | undefined;
  let isFound = false;
  const rounds = Math.max(3, Math.min(mostRounds, Math.floor(mostWork / work)));
  for (let round = 0; round < rounds && !isFound; round++) {
    if (!hessian || !loss.bend.isExact) hessian = filled(hessianAt(rows, coordinates, point, decay), width);
    let step = parabolaStep(hessian, { point, slopes: at.gradient, l1 });
    let next = lineSearch(evaluate, at, point, step);
    if (!next) {
      // Far from the minimum the loss may bend far less than it does on the way: nowhere more than this.
      step = parabolaStep(steepest(rows, decay), { point, slopes: at.gradient, l1 });
      next = lineSearch(evaluate, at, point, step);
    }
    isFound = step.promise <= tolerance * Math.abs(at.value) || !next;
    if (next) [point, at] = [next.point, next.at];
    // What rounding leaves is no failure.
    if (!next && step.promise > 1e4 * tolerance * Math.abs(at.value)) {
      return { reason: `the minimum of ${loss.name} with an l1 penalty was not found` };
    }
  }
  if (!isFound) return { reason: `the minimum of ${loss.name} with an l1 penalty was not found in the time given` };
  const parameters = split(point);
  return { loss: meanLoss(rows, parameters).value, isAttained: true, parameters };
}

interface Step {
  change: Float64Array;
  /** By how much it is to fall. */
  promise: number;
}

interface Place {
  point: Float64Array;
  slopes: Float64Array;
  l1: Float64Array;
}

/** Where `slopes · d + d H d / 2 + Σ l1 |point + d|` is smallest, by one parameter after another. */
function parabolaStep(hessian: Float64Array, { point, slopes, l1 }: Place): Step {
  const width = point.length;
  const change = new Float64Array(width);
  const bent = new Float64Array(width);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let most = 0;
    for (let i = 0; i < width; i++) {
      const bend = hessian[i * width + i];
      if (!(bend > 0)) continue;
      const held = l1[i % l1.length];
      const aim = point[i] + change[i] - (slopes[i] + bent[i]) / bend;
      const value = Math.sign(aim) * Math.max(0, Math.abs(aim) - held / bend);
      const moved = value - point[i] - change[i];
      if (moved === 0) continue;
      change[i] += moved;
      for (let j = 0; j < width; j++) bent[j] += moved * hessian[i * width + j];
      most = Math.max(most, bend * moved * moved);
    }
    if (most <= 1e-28 * Math.max(1e-300, Math.abs(dot(change, bent)))) break;
  }
  const sizes = point.reduce((sum, one, i) => sum + l1[i % l1.length] * (Math.abs(one + change[i]) - Math.abs(one)), 0);
  return { change, promise: -(dot(slopes, change) + dot(change, bent) / 2 + sizes) };
}

/** The longest of some ever shorter steps that gains what it should; undefined where none does. */
function lineSearch<T extends { value: number }>(
  evaluate: (point: Float64Array) => T,
  at: T,
  from: Float64Array,
  { change, promise }: Step,
): { point: Float64Array; at: T } | undefined {
  for (let length = 1; length > 1e-3; length /= 2) {
    const point = from.map((value, i) => value + length * change[i]);
    const reached = evaluate(point);
    if (reached.value <= at.value - 1e-4 * length * promise && reached.value < at.value) return { point, at: reached };
  }
  return undefined;
}

/** What the Hessian is at most, wherever the parameters are. */
function steepest({ source, loss, outputs, targets, weights }: LossRows, decay: Float64Array): Float64Array {
  const { columns, rows } = source;
  const curvature = lossCurvature(loss, outputs, targets, weights)!;
  // Rows that count more than the mean bend as much more at most.
  const largest = weights?.reduce((most, weight) => Math.max(most, weight), 0) ?? 1;
  const most = weights ? (rows * largest) / weights.reduce((sum, weight) => sum + weight, 0) : 1;
  const factor = curvature.factor * most;
  const gram = gramMatrix(source);
  const width = columns * outputs;
  const matrix = new Float64Array(width * width);
  for (let k = 0; k < outputs; k++) {
    for (let i = 0; i < columns; i++) {
      const row = (k * columns + i) * width + k * columns;
      for (let j = 0; j < columns; j++) matrix[row + j] = (factor * gram[i * columns + j]) / rows;
      matrix[row + i] += decay[i];
    }
  }
  return matrix;
}

/** A symmetric matrix of which the part below the diagonal was given, with a trace more on its diagonal. */
function filled(matrix: Float64Array, width: number): Float64Array {
  let largest = 0;
  for (let i = 0; i < width; i++) largest = Math.max(largest, matrix[i * width + i]);
  for (let i = 0; i < width; i++) {
    for (let j = i + 1; j < width; j++) matrix[i * width + j] = matrix[j * width + i];
    matrix[i * width + i] += least * largest;
  }
  return matrix;
}
