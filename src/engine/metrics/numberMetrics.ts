import type { Numbers } from '../numbers';
import type { NumberMetrics } from '../report/metrics';

/**
 * Metrics of predicted numbers, in the targets' units.
 * @param actual `rows × width`, row-major.
 * @param predicted as `actual`, or `width` numbers that are predicted for every row.
 * @param weights of the rows, where they count differently (scikit-learn's `sample_weight`).
 */
export function numberMetrics(actual: Numbers, predicted: Numbers, width: number, weights?: Numbers): NumberMetrics {
  const rows = actual.length / width;
  const sums = { r2: 0, rmse: 0, mae: 0 };
  const means = columnMeans(actual, width, weights);
  const total = weights ? sumOf(weights) : rows;
  for (let column = 0; column < width; column++) {
    let [squares, sizes, variance] = [0, 0, 0];
    for (let i = column; i < actual.length; i += width) {
      const weight = weights?.[(i - column) / width] ?? 1;
      const error = actual[i] - predicted[i % predicted.length];
      squares += weight * error * error;
      sizes += weight * Math.abs(error);
      variance += weight * (actual[i] - means[column]) ** 2;
    }
    sums.r2 += rows < 2 ? NaN : explained(squares, variance);
    sums.rmse += Math.sqrt(squares / total);
    sums.mae += sizes / total;
  }
  return { r2: sums.r2 / width, rmse: sums.rmse / width, mae: sums.mae / width };
}

/** The mean of each column, its rows weighted where there are weights. From the first number on, so that the mean of equal ones is that number. */
export function columnMeans(values: Numbers, width: number, weights?: Numbers): Float64Array {
  const total = weights ? sumOf(weights) : values.length / width;
  return Float64Array.from({ length: width }, (_, column) => {
    const first = values[column];
    let sum = 0;
    for (let i = column; i < values.length; i += width) {
      sum += (weights?.[(i - column) / width] ?? 1) * (values[i] - first);
    }
    return first + sum / total;
  });
}

/** The sum of all numbers, in double precision. */
export function sumOf(values: Numbers): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Targets without variance are explained wholly or not at all, as in scikit-learn. */
function explained(squares: number, variance: number): number {
  if (variance !== 0) return 1 - squares / variance;
  return squares === 0 ? 1 : 0;
}
