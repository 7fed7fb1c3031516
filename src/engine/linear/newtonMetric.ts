import type { Coordinates } from './coordinates';
import { totalCount } from './lossCurvature';
import type { LossRows } from './meanLoss';
import { forBlocks } from './rowSource';

/** A change of an output by which slopes are differenced. */
const nudge = 1e-4;
/** What is added to the Hessian's diagonal, as a share of its largest entry, where it is singular: of classes it always is. */
const least = 1e-9;
/** Rows whose squares are added at once. */
const together = 4;

/**
 * The inverse of the Hessian of a mean loss at a point, as a map of vectors. A point has a number for each output and each of
 * its coordinates. `decay`: for each column, what weight decay or a penalty adds to the second derivative.
 */
export function newtonMetric(
  rows: LossRows,
  coordinates: Coordinates,
  point: Float64Array,
  decay?: Float64Array,
): (vector: Float64Array) => Float64Array {
  const hessian = hessianAt(rows, coordinates, point, decay);
  return choleskySolver(hessian, coordinates.size * rows.outputs, least);
}

/** The Hessian itself, row-major, of which the part below the diagonal is filled in; otherwise as `newtonMetric`. */
export function hessianAt(
  rows: LossRows,
  { size, gradient, parameters }: Coordinates,
  point: Float64Array,
  decay?: Float64Array,
): Float64Array {
  const { source, targets, loss, outputs, weights } = rows;
  const width = size * outputs;
  const hessian = new Float64Array(width * width);
  const given = new Float64Array(outputs);
  const [above, below] = [new Float64Array(outputs), new Float64Array(outputs)];
  const places = new Float64Array(together * size);
  const bends = new Float64Array(together * outputs * outputs);
  forBlocks(source, (block, count, start) => {
    const targetValues = new Float64Array(count * targets.columns);
    targets.read(start, start + count, targetValues, targets.columns, 1);
    for (let first = 0; first < count; first += together) {
      const end = Math.min(count, first + together);
      // Rows that are missing at the end add nothing.
      if (end < first + together) bends.fill(0);
      for (let row = first; row < end; row++) {
        const place = gradient(block.subarray(row * source.columns, (row + 1) * source.columns));
        places.set(place, (row - first) * size);
        for (let k = 0; k < outputs; k++) {
          given[k] = 0;
          for (let i = 0; i < size; i++) given[k] += place[i] * point[k * size + i];
        }
        for (let k = 0; k < outputs; k++) {
          const output = given[k];
          given[k] = output + nudge;
          loss.row(given, targetValues, row * targets.columns, above);
          given[k] = output - nudge;
          loss.row(given, targetValues, row * targets.columns, below);
          given[k] = output;
          const at = ((row - first) * outputs + k) * outputs;
          for (let l = 0; l <= k; l++)
            bends[at + l] = ((weights?.[start + row] ?? 1) * (above[l] - below[l])) / (2 * nudge);
        }
      }
      for (let k = 0; k < outputs; k++) {
        for (let l = 0; l <= k; l++) addSquares(hessian, { width, size }, places, k, l, bends);
      }
    }
  });
  const count = totalCount(loss, outputs, targets, weights);
  for (let i = 0; i < hessian.length; i++) hessian[i] /= count;
  if (decay) addDecay(hessian, { size, parameters }, outputs, decay);
  return hessian;
}

/**
 * Adds the outer products of four vectors with themselves, each times its factor, to a block, of which the part below the
 * diagonal is kept.
 */
function addSquares(
  to: Float64Array,
  { width, size }: { width: number; size: number },
  places: Float64Array,
  k: number,
  l: number,
  bends: Float64Array,
): void {
  const outputs = width / size;
  const bend = k * outputs + l;
  const [p, q, r, s] = [0, 1, 2, 3].map((row) => bends[row * outputs * outputs + bend]);
  if (p === 0 && q === 0 && r === 0 && s === 0) return;
  const [b, c, d] = [size, 2 * size, 3 * size];
  for (let i = 0; i < size; i++) {
    const at = (k * size + i) * width + l * size;
    const pi = p * places[i];
    const qi = q * places[b + i];
    const ri = r * places[c + i];
    const si = s * places[d + i];
    const end = k === l ? i + 1 : size;
    for (let j = 0; j < end; j++) {
      to[at + j] += pi * places[j] + qi * places[b + j] + ri * places[c + j] + si * places[d + j];
    }
  }
}

function addDecay(
  to: Float64Array,
  { size, parameters }: Pick<Coordinates, 'size' | 'parameters'>,
  outputs: number,
  decay: Float64Array,
): void {
  const width = size * outputs;
  const directions = Array.from({ length: size }, (_, i) => {
    const unit = new Float64Array(size);
    unit[i] = 1;
    return parameters(unit);
  });
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const product = directions[i].reduce((sum, value, at) => sum + decay[at] * value * directions[j][at], 0);
      for (let k = 0; k < outputs; k++) to[(k * size + i) * width + k * size + j] += product;
    }
  }
}

/**
 * Solves equations with a positive matrix, of which the part below the diagonal is given, by Cholesky's decomposition in
 * place. `least`: what is added to its diagonal, as a share of its largest entry.
 */
export function choleskySolver(
  matrix: Float64Array,
  width: number,
  least: number,
): (vector: Float64Array) => Float64Array {
  let largest = 0;
  for (let i = 0; i < width; i++) largest = Math.max(largest, matrix[i * width + i]);
  for (let i = 0; i < width; i++) {
    const row = i * width;
    for (let j = 0; j <= i; j++) {
      const other = j * width;
      let sum = matrix[row + j] + (i === j ? least * largest : 0);
      for (let k = 0; k < j; k++) sum -= matrix[row + k] * matrix[other + k];
      matrix[row + j] = i === j ? Math.sqrt(Math.max(sum, least * largest)) : sum / matrix[other + j];
    }
  }
  return (vector) => {
    const x = vector.slice();
    for (let i = 0; i < width; i++) {
      for (let k = 0; k < i; k++) x[i] -= matrix[i * width + k] * x[k];
      x[i] /= matrix[i * width + i];
    }
    for (let i = width - 1; i >= 0; i--) {
      x[i] /= matrix[i * width + i];
      for (let k = 0; k < i; k++) x[k] -= matrix[i * width + k] * x[i];
    }
    return x;
  };
}
