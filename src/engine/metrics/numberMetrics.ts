import type { Numbers } from '../numbers';
import type { NumberMetrics } from '../report/metrics';

/**
 * Metrics of predicted numbers, in the targets' units.
 * @param actual `rows × width`, row-major.
 * @param predicted as `actual`, or `width` numbers that are predicted for every row.
 */
export function numberMetrics(actual: Numbers, predicted: Numbers, width: number): NumberMetrics {
  const rows = actual.length / width;
  const sums = { r2: 0, rmse: 0, mae: 0 };
  const means = columnMeans(actual, width);
  for (let column = 0; column < width; column++) {
    let [squares, sizes, variance] = [0, 0, 0];
    for (let i = column; i < actual.length; i += width) {
      const error = actual[i] - predicted[i % predicted.length];
      squares += error * error;
      sizes += Math.abs(error);
      variance += (actual[i] - means[column]) ** 2;
    }
    sums.r2 += rows < 2 ? NaN : explained(squares, variance);
    sums.rmse += Math.sqrt(squares / rows);
    sums.mae += sizes / rows;
  }
  return { r2: sums.r2 / width, rmse: sums.rmse / width, mae: sums.mae / width };
}

/** The mean of each column. From the first number on, so that the mean of equal ones is that number. */
export function columnMeans(values: Numbers, width: number): Float64Array {
  const rows = values.length / width;
  return Float64Array.from({ length: width }, (_, column) => {
    const first = values[column];
    let sum = 0;
    for (let i = column; i < values.length; i += width) sum += values[i] - first;
    return first + sum / rows;
  });
}

/** Targets without variance are explained wholly or not at all, as in scikit-learn. */
function explained(squares: number, variance: number): number {
  if (variance !== 0) return 1 - squares / variance;
  return squares === 0 ? 1 : 0;
}
