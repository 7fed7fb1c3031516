import type { Numbers } from '../numbers';

/** How a model's outputs become predictions: as they are, each as a probability, or all of a row as those of its classes. */
export type Link = 'identity' | 'sigmoid' | 'softmax';

/** `1 / (1 + exp(-z))`. */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/**
 * Writes `exp(z) / Σ exp(z)` of the `width` outputs from `start` to `probabilities`, and returns the logarithm of the sum.
 * @param probabilities as long as a row; the precision that it has is that of the result.
 */
export function softmax(outputs: Numbers, start: number, width: number, probabilities: Numbers): number {
  const total = logSumExp(outputs, start, width);
  for (let i = 0; i < width; i++) probabilities[i] = Math.exp(outputs[start + i] - total);
  return total;
}

/** Logarithm of the sum of exponentials, taken relative to the largest so that none overflows. */
export function logSumExp(outputs: Numbers, start: number, width: number): number {
  let largest = -Infinity;
  for (let i = start; i < start + width; i++) largest = Math.max(largest, outputs[i]);
  let sum = 0;
  for (let i = start; i < start + width; i++) sum += Math.exp(outputs[i] - largest);
  return largest + Math.log(sum);
}

/** Outputs of `width` a row, row-major, as what the link makes of them, in float64. */
export function linked(link: Link, outputs: Numbers, width: number): Float64Array {
  switch (link) {
    case 'identity':
      return Float64Array.from(outputs);
    case 'sigmoid':
      return Float64Array.from(outputs, sigmoid);
    case 'softmax': {
      const probabilities = new Float64Array(outputs.length);
      for (let at = 0; at < outputs.length; at += width) {
        softmax(outputs, at, width, probabilities.subarray(at, at + width));
      }
      return probabilities;
    }
  }
}
