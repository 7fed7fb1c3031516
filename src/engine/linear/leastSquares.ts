import { independentColumns, type IndependentColumns } from './independentColumns';
import { addMultiple, dot } from './lanczos';
import { refine } from './refine';
import { columnNorms, TableRows, type RowSource } from './rowSource';
import { triangularFactor, type TriangularFactor } from './triangularFactor';

/** How `leastSquares` reads its arrays. */
export interface LeastSquaresOptions {
  /** Input columns. */
  columns: number;
  /** Target columns. */
  targets?: number;
  /** With a constant besides the inputs. */
  intercept?: boolean;
  /** A column of which less than this share is new is dependent on earlier ones. */
  tolerance?: number;
  /** Leaves the last rounding errors in, which takes a fraction of the time. */
  isRough?: boolean;
}

/** The smallest sum of squares that a linear model can have. */
export interface LeastSquares {
  /** `targets × columns`: each target's weights. */
  weight: number[][];
  /** Each target's constant; empty without an intercept. */
  bias: number[];
  /** How many columns, the constant included, are no combination of others. */
  rank: number;
  /** Input columns that are a combination of earlier ones, or of the constant. */
  dependent: number[];
  /** Each target's sum of squares that is left. */
  squares: number[];
}

/** What is dependent beyond the rounding of float64. */
const doubleTolerance = 1e-13;
/** Up to this many numbers, iterative refinement removes rounding errors. */
const mostRefined = 300_000;

/**
 * The exact minimum of `‖X W + b - Y‖²`, by Householder QR of the scaled columns themselves, never by the normal
 * equations. Where columns are dependent, the solution of the smallest norm, the constant counted in.
 * @param inputs `rows × columns`, row-major.
 * @param targets `rows × targets`, row-major.
 */
export function leastSquares(
  inputs: Float64Array,
  targets: Float64Array,
  { columns, targets: width = 1, intercept = true, tolerance = doubleTolerance, isRough = false }: LeastSquaresOptions,
): LeastSquares {
  const rows = Uint32Array.from({ length: inputs.length / columns }, (_, row) => row);
  const source = new TableRows({ values: inputs, width: columns, rows, ones: intercept });
  const solved = solveLeastSquares(source, new TableRows({ values: targets, width, rows }), {
    hasOnes: intercept,
    tolerance,
    isRough,
  });
  return {
    weight: solved.parameters.map((values) => [...values.subarray(0, columns)]),
    bias: intercept ? solved.parameters.map((values) => values[columns]) : [],
    rank: solved.rank,
    dependent: solved.dependent,
    squares: solved.squares,
  };
}

/** What `solveLeastSquares` found. */
export interface SolvedLeastSquares {
  /** For each target, a number for each column. */
  parameters: Float64Array[];
  rank: number;
  dependent: number[];
  squares: number[];
  /** `R` of the columns divided by `scale`. */
  factor: TriangularFactor;
  scale: Float64Array;
  independent: IndependentColumns;
  /** Directions in which no output changes, of length 1 and at right angles. */
  kernel: Float64Array[];
}

/** The least squares of a matrix whose last column is the constant, if `hasOnes`. */
export function solveLeastSquares(
  source: RowSource,
  targets: RowSource,
  { hasOnes, tolerance, isRough }: { hasOnes: boolean; tolerance: number; isRough?: boolean },
): SolvedLeastSquares {
  const scale = columnScale(source);
  const factor = triangularFactor(source, targets, scale);
  const order = columnOrder(source.columns, hasOnes);
  const independent = independentColumns(factor, order, tolerance);
  const { basis } = independent;
  const parameters = independent.rotated.map((rotated) => {
    const values = new Float64Array(source.columns);
    independent.solve(rotated).forEach((value, i) => (values[basis[i]] = value / scale[basis[i]]));
    return values;
  });
  if (!isRough && source.rows * source.columns <= mostRefined) {
    refine({ source, targets, scale, independent, order, tolerance }, parameters);
  }
  const kernel = kernelBasis(independent, scale);
  for (const values of parameters) removeDirections(values, kernel);
  const squares = independent.rotated.map(
    (rotated, target) => factor.unreached[target] + rotated.subarray(basis.length).reduce((sum, v) => sum + v * v, 0),
  );
  const dependent = [...independent.dependent].sort((a, b) => a - b);
  return { parameters, rank: basis.length, dependent, squares, factor, scale, independent, kernel };
}

/** Takes what lies along some directions out of a vector, in place. */
export function removeDirections(vector: Float64Array, directions: Float64Array[]): void {
  for (const direction of directions) addMultiple(vector, -dot(vector, direction), direction);
}

/** Powers of two, by which dividing rounds nothing, near each column's length. */
function columnScale(source: RowSource): Float64Array {
  return columnNorms(source).map((norm) => (norm > 0 ? 2 ** Math.round(Math.log2(norm) / 2) : 1));
}

/** The constant first, so that it is a constant input that is found to be dependent. */
function columnOrder(columns: number, hasOnes: boolean): number[] {
  const all = Array.from({ length: columns }, (_, column) => column);
  return hasOnes ? [columns - 1, ...all.slice(0, -1)] : all;
}

/** Directions of length 1, at right angles to each other, in which the parameters can change and no output does. */
function kernelBasis({ basis, dependent, combinations }: IndependentColumns, scale: Float64Array): Float64Array[] {
  const directions: Float64Array[] = [];
  dependent.forEach((column, i) => {
    const direction = new Float64Array(scale.length);
    direction[column] = 1 / scale[column];
    combinations[i].forEach((share, j) => (direction[basis[j]] = -share / scale[basis[j]]));
    const length = Math.sqrt(dot(direction, direction));
    direction.forEach((value, j) => (direction[j] = value / length));
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of directions) addMultiple(direction, -dot(direction, earlier), earlier);
    }
    const left = Math.sqrt(dot(direction, direction));
    directions.push(direction.map((value) => value / left));
  });
  return directions;
}
