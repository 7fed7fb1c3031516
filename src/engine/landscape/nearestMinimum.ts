import { addMultiple, dot } from '../linear/lanczos';
import type { SolvedLeastSquares } from '../linear/leastSquares';
import { parameterIndex, type TrainingRows } from './trainingRows';

/**
 * The parameters nearest to `start` at which mse_loss is smallest: where gradient descent from there ends. They differ from
 * the solution only in directions in which no output changes.
 */
export function nearestMinimum(
  data: TrainingRows,
  { parameters, kernel }: SolvedLeastSquares,
  start: Float32Array,
): Float64Array {
  const nearest = new Float64Array(start.length);
  parameters.forEach((solved, output) => {
    const way = solved.map((value, column) => start[parameterIndex(data, output, column)] - value);
    const found = solved.slice();
    for (const direction of kernel) addMultiple(found, dot(direction, way), direction);
    found.forEach((value, column) => (nearest[parameterIndex(data, output, column)] = value));
  });
  return nearest;
}
