import type { Dataset } from '../dataset';
import { Generator } from '../random/random';

/** `np.arange(start, stop, step)`: how many numbers it holds. Zero where the step leads away from the stop. */
export function arangeLength(start: number, stop: number, step: number): number {
  return Math.max(0, Math.ceil((stop - start) / step));
}

/**
 * `np.arange(start, stop, step, dtype=float32)`. NumPy takes as its step the float32 difference of the first two values,
 * which is why later values drift from `start + i * step`.
 */
export function arange(start: number, stop: number, step: number): Float32Array {
  const values = new Float32Array(arangeLength(start, stop, step));
  const first = Math.fround(start);
  const delta = Math.fround(Math.fround(start + step) - first);
  for (let i = 0; i < values.length; i++) values[i] = first + Math.fround(i * delta);
  return values;
}

/** How to generate samples that lie on a plane except for some noise. */
export interface LinearOptions {
  samples: number;
  features: number;
  /** Standard deviation of what is added to the targets. */
  noise: number;
  /** One row of `features` numbers per target; drawn when left out. */
  weight?: number[][];
  /** One number per target; drawn when left out. */
  bias?: number[];
  seed: number;
}

/**
 * Inputs `x = randn(samples, features)` and targets `x @ weight.T + bias + noise * randn(samples, targets)`,
 * drawn in the order inputs, weight, bias, noise from a generator of their own.
 */
export function linearDataset({ samples, features, noise, weight, bias, seed }: LinearOptions): Dataset {
  const generator = new Generator(seed);
  const outputs = weight?.length ?? bias?.length ?? 1;
  const inputs = generator.normal(samples * features);
  const slopes = weight ? Float32Array.from(weight.flat()) : generator.normal(outputs * features);
  const offsets = bias ? Float32Array.from(bias) : generator.normal(outputs);
  const errors = noise > 0 ? generator.normal(samples * outputs) : new Float32Array(samples * outputs);
  const targets = new Float32Array(samples * outputs);
  for (let row = 0; row < samples; row++) {
    for (let output = 0; output < outputs; output++) {
      let sum = offsets[output] + noise * errors[row * outputs + output];
      for (let i = 0; i < features; i++) sum += slopes[output * features + i] * inputs[row * features + i];
      targets[row * outputs + output] = sum;
    }
  }
  return {
    rows: samples,
    inputNames: numberedNames('x', features),
    targetNames: numberedNames('y', outputs),
    inputs,
    targets,
  };
}

/** Names for columns that have none: `x0, x1, …`, and plain `y` where there is only one target. */
export function numberedNames(prefix: 'x' | 'y', count: number): string[] {
  if (prefix === 'y' && count === 1) return ['y'];
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`);
}
