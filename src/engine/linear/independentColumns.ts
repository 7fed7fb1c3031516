import type { TriangularFactor } from './triangularFactor';

/** A triangle whose columns are sorted into those that stand for themselves and those that others make up. */
export interface IndependentColumns {
  /** Columns that are no combination of earlier ones, in the order they were taken. */
  basis: number[];
  /** The others. */
  dependent: number[];
  /** Solves `R_B x = v` by the basis columns' triangle; `v` has at least `basis.length` numbers. */
  solve(right: Float64Array): Float64Array;
  /** Solves `R_Bᵀ x = v`. */
  solveTransposed(right: Float64Array): Float64Array;
  /** For each target, the first `columns` numbers of `QᵀY`, turned as the triangle was. */
  rotated: Float64Array[];
  /** For each dependent column, how the basis makes it up. */
  combinations: Float64Array[];
}

/**
 * Takes one column after another; one of which, after the earlier ones are taken away, less than `tolerance` of its length
 * is left is dependent on them.
 * @param order the columns, in the order in which they are to be taken.
 */
export function independentColumns(
  { columns, r, rotated, unreached }: TriangularFactor,
  order: number[],
  tolerance: number,
): IndependentColumns {
  const vectors = Array.from({ length: columns }, (_, column) => columnOf(r, columns, column));
  const targets = unreached.length;
  const turned = Array.from({ length: targets }, (_, target) => columnOf(rotated, targets, target));
  if (order[0] === columns - 1) liftLast(vectors, turned);
  const [basis, dependent]: number[][] = [[], []];
  order.forEach((column, at) => {
    const vector = vectors[column];
    const place = basis.length;
    const left = Math.sqrt(squares(vector, place));
    if (left <= tolerance * Math.sqrt(squares(vector, 0))) {
      dependent.push(column);
      return;
    }
    basis.push(column);
    const others = [...dependent, ...order.slice(at + 1)].map((other) => vectors[other]);
    reflect(vector, place, left, [...others, ...turned]);
  });
  const triangle = basis.map((column) => vectors[column]);
  return {
    basis,
    dependent,
    solve: (right) => solveUpper(triangle, right),
    solveTransposed: (right) => solveLower(triangle, right),
    rotated: turned,
    combinations: dependent.map((column) => solveUpper(triangle, vectors[column])),
  };
}

/**
 * Turns pairs of rows, from the lowest up, until of the last column only its first number is left: with that column first,
 * the triangle is one again.
 */
function liftLast(vectors: Float64Array[], turned: Float64Array[]): void {
  const last = vectors[vectors.length - 1];
  for (let row = last.length - 2; row >= 0; row--) {
    if (last[row + 1] === 0) continue;
    const length = Math.hypot(last[row], last[row + 1]);
    const [cos, sin] = [last[row] / length, last[row + 1] / length];
    for (const vector of [...vectors.slice(row), ...turned]) {
      const [upper, lower] = [vector[row], vector[row + 1]];
      vector[row] = cos * upper + sin * lower;
      vector[row + 1] = cos * lower - sin * upper;
    }
    last[row + 1] = 0;
  }
}

function columnOf(matrix: Float64Array, width: number, column: number): Float64Array {
  return Float64Array.from({ length: matrix.length / width }, (_, row) => matrix[row * width + column]);
}

function squares(vector: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < vector.length; i++) sum += vector[i] ** 2;
  return sum;
}

/** Reflects a vector's part from `place` on into its first number, and the others with it. */
function reflect(vector: Float64Array, place: number, length: number, others: Float64Array[]): void {
  const diagonal = vector[place] > 0 ? -length : length;
  // What is zero below its first number needs no mirror; of others only the part down to their last number is one.
  let end = vector.length;
  while (end > place && vector[end - 1] === 0) end--;
  if (end <= place + 1) return;
  const mirror = vector.slice(place, end);
  mirror[0] -= diagonal;
  const size = squares(mirror, 0);
  vector.fill(0, place);
  vector[place] = diagonal;
  if (size === 0) return;
  for (const other of others) {
    let product = 0;
    for (let i = 0; i < mirror.length; i++) product += mirror[i] * other[place + i];
    product *= 2 / size;
    for (let i = 0; i < mirror.length; i++) other[place + i] -= product * mirror[i];
  }
}

/** `triangle[j][i]` is row `i` of column `j`. */
function solveUpper(triangle: Float64Array[], right: Float64Array): Float64Array {
  const x = right.slice(0, triangle.length);
  for (let j = triangle.length - 1; j >= 0; j--) {
    x[j] /= triangle[j][j];
    for (let i = 0; i < j; i++) x[i] -= triangle[j][i] * x[j];
  }
  return x;
}

function solveLower(triangle: Float64Array[], right: Float64Array): Float64Array {
  const x = right.slice(0, triangle.length);
  for (let j = 0; j < triangle.length; j++) {
    for (let i = 0; i < j; i++) x[j] -= triangle[j][i] * x[i];
    x[j] /= triangle[j][j];
  }
  return x;
}
