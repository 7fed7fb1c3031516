import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { addMultiple, dot } from '../linear/lanczos';
import type { Numbers } from '../numbers';

/** A direction in which a path leads. */
export interface PathDirection {
  /** Of length 1, laid out as the parameters; the path's end is not before its start along it. */
  direction: Float64Array;
  /** Part of all squared distances from the path's end that lies along it, 0…1. */
  share: number;
}

/** Relative to the largest one, an eigenvalue that rounding alone may leave. */
const negligible = 1e-10;

/**
 * The two directions in which a path leads most, as Li et al. (2018) take them for their pictures: the principal components
 * of its points as seen from the last one. One where the points are on a line, none where there is a single point.
 * @param path at least one point, all of the same length. Points that are not finite are left out.
 */
export function pathDirections(path: readonly Numbers[]): PathDirection[] {
  const points = path.filter((point) => point.every(Number.isFinite));
  const last = points.at(-1);
  if (!last) return [];
  const offsets = points.slice(0, -1).map((point) => Float64Array.from(point, (value, i) => value - last[i]));
  if (offsets.length === 0) return [];
  // The points are few and the parameters many, so the products of the points are what is decomposed.
  const products = new Matrix(offsets.map((one) => offsets.map((other) => dot(one, other))));
  const { realEigenvalues: values, eigenvectorMatrix } = new EigenvalueDecomposition(products, {
    assumeSymmetric: true,
  });
  const order = Array.from(values.keys()).sort((i, j) => values[j] - values[i]);
  const most = Math.max(0, values[order[0]]);
  const all = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  return order
    .slice(0, 2)
    .filter((index) => values[index] > negligible * most)
    .map((index) => {
      const direction = new Float64Array(last.length);
      offsets.forEach((offset, i) => addMultiple(direction, eigenvectorMatrix.get(i, index), offset));
      const length = Math.sqrt(dot(direction, direction)) * (dot(direction, offsets[0]) > 0 ? -1 : 1);
      return { direction: direction.map((value) => value / length), share: values[index] / all };
    });
}
