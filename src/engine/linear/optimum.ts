import { losses } from '../nn/losses';
import { removeDirections, type SolvedLeastSquares } from './leastSquares';
import { lossCurvature } from './lossCurvature';
import { fallsForever, meanLoss, separates, type LossRows } from './meanLoss';
import { minimize } from './minimize';

/** The smallest possible training loss. */
export interface Optimum {
  loss: number;
  /** False: the loss falls towards this as parameters grow for ever, so there are no best parameters. */
  isAttained: boolean;
  /** For each output, a number for each column; the smallest ones where several do. */
  parameters?: Float64Array[];
}

/** Why there is no optimum to show. */
export interface NoOptimum {
  reason: string;
}

const tolerance = 1e-13;
/** Multiplications that the search may take. */
const mostWork = 6e9;

/** Of mse_loss, from its least squares. */
export function squaredOptimum({ parameters, squares, scale }: SolvedLeastSquares, rows: number): Optimum {
  const loss = squares.reduce((sum, value) => sum + value, 0) / (rows * squares.length);
  return { loss, isAttained: true, parameters: parameters.map((values) => withoutRounding(values, scale)) };
}

/** The parameters with 0 for those that change outputs by less than the rounding of what others add. `scale`: the columns' sizes. */
function withoutRounding(parameters: Float64Array, scale: Float64Array): Float64Array {
  const shares = parameters.map((value, column) => Math.abs(value) * scale[column]);
  const least = shares.reduce((most, share) => Math.max(most, share), 0) * 2 ** -50;
  return parameters.map((value, column) => (shares[column] < least ? 0 : value));
}

/**
 * Of a smooth convex loss, by L-BFGS. With a least squares decomposition of the rows it searches among outputs that are
 * uncorrelated and of one size, so that the columns' own sizes and correlations do not matter.
 */
export function convexOptimum(rows: LossRows, solved: SolvedLeastSquares | undefined): Optimum | NoOptimum {
  const { loss, outputs, source } = rows;
  const bend = lossCurvature(loss, outputs);
  if (!bend) return { reason: `${loss} has corners, where this search for its minimum would stop short` };
  const coordinates = solved ? whitened(solved, source.rows) : plainCoordinates(source.columns);
  const { size } = coordinates;
  const unpack = (point: Float64Array) =>
    Array.from({ length: outputs }, (_, i) => coordinates.parameters(point.subarray(i * size, (i + 1) * size)));
  const isClassified = losses[loss].targets !== 'numbers';
  const found = minimize(
    size * outputs,
    (point) => {
      const { value, gradient } = meanLoss(rows, unpack(point));
      return { value, gradient: Float64Array.from(gradient.flatMap((slope) => [...coordinates.gradient(slope)])) };
    },
    {
      curvature: bend.factor,
      tolerance,
      mostEvaluations: Math.max(50, Math.min(500, mostWork / (2 * source.rows * source.columns * outputs))),
      ...(isClassified && { isEnough: (point: Float64Array) => separates(rows, unpack(point)) }),
    },
  );
  const parameters = unpack(found.point);
  if (isClassified && separates(rows, parameters)) return { loss: 0, isAttained: false };
  if (isClassified && fallsForever(rows, unpack(found.point.map((value, i) => value - found.midway[i])))) {
    return { loss: found.value, isAttained: false };
  }
  if (!found.isFound) return { reason: `the minimum of ${loss} was not found in the time given` };
  if (solved) for (const values of parameters) removeDirections(values, solved.kernel);
  return { loss: found.value, isAttained: true, parameters };
}

/** Coordinates to search in. */
interface Coordinates {
  size: number;
  /** One output's parameters, a number for each column. */
  parameters(point: Float64Array): Float64Array;
  /** The gradient by the coordinates, from that by the parameters. */
  gradient(slope: Float64Array): Float64Array;
}

function plainCoordinates(columns: number): Coordinates {
  return { size: columns, parameters: (point) => point.slice(), gradient: (slope) => slope };
}

/** Outputs are `sqrt(rows) Q` times the coordinates. */
function whitened({ independent, scale }: SolvedLeastSquares, rows: number): Coordinates {
  const { basis, solve, solveTransposed } = independent;
  const root = Math.sqrt(rows);
  return {
    size: basis.length,
    parameters(point) {
      const values = new Float64Array(scale.length);
      solve(point).forEach((value, i) => (values[basis[i]] = (value * root) / scale[basis[i]]));
      return values;
    },
    gradient: (slope) => solveTransposed(Float64Array.from(basis, (column) => (slope[column] * root) / scale[column])),
  };
}
