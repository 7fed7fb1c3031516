import { removeDirections, type SolvedLeastSquares } from './leastSquares';

/** Coordinates in which a minimum is searched for, and how the parameters of one output depend on them: linearly. */
export interface Coordinates {
  size: number;
  /** One output's parameters, a number for each column. */
  parameters(point: Float64Array): Float64Array;
  /** The gradient by the coordinates, from that by the parameters; also a row of inputs in these coordinates. */
  gradient(slope: Float64Array): Float64Array;
}

/** The parameters themselves. */
export function plainCoordinates(columns: number): Coordinates {
  return { size: columns, parameters: (point) => point.slice(), gradient: (slope) => slope };
}

/**
 * Outputs are `sqrt(rows) Q` times the coordinates: they are uncorrelated and of one size, so that the columns' own sizes and
 * correlations do not matter. Of parameters that give the same outputs, the smallest ones.
 */
export function whitened({ independent, scale, kernel }: SolvedLeastSquares, rows: number): Coordinates {
  const { basis, solve, solveTransposed } = independent;
  const root = Math.sqrt(rows);
  return {
    size: basis.length,
    parameters(point) {
      const values = new Float64Array(scale.length);
      solve(point).forEach((value, i) => (values[basis[i]] = (value * root) / scale[basis[i]]));
      removeDirections(values, kernel);
      return values;
    },
    gradient: (slope) => solveTransposed(Float64Array.from(basis, (column) => (slope[column] * root) / scale[column])),
  };
}
