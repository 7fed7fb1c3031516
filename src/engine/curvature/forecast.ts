import { stepStability, type StepStability } from './stepStability';
import type { OptimizerChoice } from '../optimizers';
import type { Spectrum } from './spectrum';

/**
 * The loss of a run of mse_loss and SGD as a closed formula. Along each eigenvector of the Hessian the distance from where
 * the run ends shrinks by the same factor every step.
 */
export interface Forecast {
  /** Full batches without momentum: the loss itself. Else what it would be with batches that all look like the whole. */
  isExact: boolean;
  stepsPerEpoch: number;
  /** The rate of a plain step. */
  rate: number;
  /** The smallest possible loss. */
  floor: number;
  /** Eigenvalues of the Hessian that are not zero, the largest first. */
  curvature: Float64Array;
  /** `outputs × curvature.length`: where the run ends without weight decay, along each eigenvector. */
  optimum: Float64Array;
  /** Where the run starts. */
  start: Float64Array;
  /** Added to each eigenvalue by weight decay. */
  decay: number;
}

/** What a forecast is made from. */
export interface ForecastParts {
  spectrum: Spectrum;
  /** The Hessian's eigenvalues are these times the spectrum's. */
  factor: number;
  stepsPerEpoch: number;
  optimizer: OptimizerChoice;
  floor: number;
  /** For each output. */
  optimum: Float64Array[];
  initial: Float64Array[];
}

/** The forecast of a run; undefined where not all eigenvalues are known, or the optimizer is not SGD. */
export function makeForecast({ spectrum, factor, optimizer, ...parts }: ForecastParts): Forecast | undefined {
  const stability = stepStability(optimizer);
  const { eigenvalues, coordinates } = spectrum;
  if ('reason' in stability || !eigenvalues || !coordinates) return undefined;
  const along = (vectors: Float64Array[]) => Float64Array.from(vectors.flatMap((vector) => [...coordinates(vector)]));
  return {
    isExact: parts.stepsPerEpoch === 1 && stability.isPlain,
    stepsPerEpoch: parts.stepsPerEpoch,
    rate: stability.effectiveRate(optimizer.lr),
    floor: parts.floor,
    curvature: eigenvalues.map((value) => value * factor),
    optimum: along(parts.optimum),
    start: along(parts.initial),
    decay: stability.decay,
  };
}

/** The loss over all training rows after `epochs` epochs; 0: before the first step. Infinity where the run diverges. */
export function forecastLoss(forecast: Forecast, epochs: number): number {
  const { curvature, optimum, start, rate, decay, floor, stepsPerEpoch } = forecast;
  const steps = epochs * stepsPerEpoch;
  let loss = floor;
  for (let i = 0; i < start.length; i++) {
    const lambda = curvature[i % curvature.length];
    const end = (lambda * optimum[i]) / (lambda + decay);
    const distance = end - optimum[i] + (start[i] - end) * shrunk(rate * (lambda + decay), steps);
    loss += 0.5 * lambda * distance ** 2;
  }
  return Number.isNaN(loss) ? Infinity : loss;
}

/** `(1 - step) ** steps`, with the digits that `1 - step` loses where `step` is small. */
function shrunk(step: number, steps: number): number {
  if (steps === 0) return 1;
  const size = Math.exp(steps * Math.log1p(step < 1 ? -step : step - 2));
  return step > 1 && steps % 2 === 1 ? -size : size;
}

/** The direction in which a run is slowest. */
export interface SlowestDirection {
  /** Epochs in which the distance from the optimum shrinks by the factor e; Infinity where it does not. */
  epochs: number;
  /** The parameter with the largest share in it: an input's number, or the number of inputs for the bias. */
  parameter: number;
}

/** How long the flattest direction takes; `lambda` is the Hessian's smallest eigenvalue that is not zero. */
export function slowestDirection(
  stability: StepStability,
  lambda: number,
  flattest: Float64Array,
  { lr, stepsPerEpoch }: { lr: number; stepsPerEpoch: number },
): SlowestDirection {
  const rate = lr * (lambda + stability.decay);
  const perStep = stability.isPlain && rate < 1 ? -Math.log1p(-rate) : -Math.log(stability.shrinkage(lambda, lr));
  return { epochs: perStep > 0 ? 1 / perStep / stepsPerEpoch : Infinity, parameter: largestEntry(flattest) };
}

/** The place of the largest number, signs aside. */
export function largestEntry(vector: Float64Array): number {
  return vector.reduce((best, value, i) => (Math.abs(value) > Math.abs(vector[best]) ? i : best), 0);
}
