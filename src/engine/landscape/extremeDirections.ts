import { dot } from '../linear/lanczos';
import type { Spectrum } from '../linear/spectrum';
import type { PlaneAxis } from '../report/lossPlane';
import { parameterIndex, type TrainingRows } from './trainingRows';

/** A direction of the parameters, and what it is. */
export type ExtremeDirection = Pick<PlaneAxis, 'kind' | 'direction'>;

/**
 * The directions in which the loss of a model with several parameters curves most and least, except those in which it does
 * not curve at all; such a direction comes second only if there is no other.
 * @param kernel directions of the inputs in which no output changes.
 * @param slopes the gradient before training, up to a factor: with several outputs an eigenvector of the inputs stands for
 * as many directions that are equally steep, and taken is the one in which the start lies, seen from the minimum.
 */
export function extremeDirections(
  data: TrainingRows,
  { rank = 0, steepest: first, flattest }: Spectrum,
  kernel: readonly Float64Array[],
  slopes: ArrayLike<number>,
): [ExtremeDirection, ExtremeDirection] {
  const along = (vector: Float64Array): Float64Array => lifted(data, vector, sharesOf(data, vector, slopes));
  const steepest = { kind: 'steepest' as const, direction: along(first) };
  if (rank > 1) return [steepest, { kind: 'flattest', direction: along(flattest) }];
  if (kernel.length > 0) return [steepest, { kind: 'flat', direction: along(kernel[0]) }];
  const [share, other] = sharesOf(data, first, slopes);
  const turned = new Float64Array(data.outFeatures);
  turned.set([-other, share]);
  return [steepest, { kind: 'flat', direction: lifted(data, first, turned) }];
}

/** The share of each output, all squares together 1. */
function sharesOf(data: TrainingRows, vector: Float64Array, slopes: ArrayLike<number>): Float64Array {
  const shares = new Float64Array(data.outFeatures);
  shares.forEach((_, output) => {
    vector.forEach((value, column) => (shares[output] += value * slopes[parameterIndex(data, output, column)]));
  });
  const length = Math.sqrt(dot(shares, shares));
  return shares.map((share, output) => (length > 0 ? share / length : Number(output === 0)));
}

/** The direction in which each output's columns change as the vector says, times its share. The largest number is positive. */
function lifted(data: TrainingRows, vector: Float64Array, shares: Float64Array): Float64Array {
  const direction = new Float64Array(vector.length * data.outFeatures);
  shares.forEach((share, output) => {
    vector.forEach((value, column) => (direction[parameterIndex(data, output, column)] = share * value));
  });
  const largest = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
}
