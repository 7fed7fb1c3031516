import type { StepStability } from '../optim/stepStability';
import type { PlannedRates } from './plannedRates';

/**
 * The loss of a run of mse_loss and SGD as a closed formula. Along each eigenvector of the Hessian the distance from where
 * the run ends, and its momentum, are multiplied by the same small matrix every step.
 */
export interface Forecast {
  /** Full batches at rates that are known: the loss itself. Else what it would be with batches that all look like the whole. */
  isExact: boolean;
  stepsPerEpoch: number;
  rates: PlannedRates;
  /** How steps are made; `gain`: how much of a gradient goes into the momentum. */
  step: { momentum: number; gain: number; nesterov: boolean };
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

/** The loss over all training rows after `epochs` epochs; 0: before the first step. Infinity where the run diverges. */
export function forecastLoss(forecast: Forecast, epochs: number): number {
  const { curvature, start } = forecast;
  const left = curvature.map((lambda) => shareLeft(forecast, lambda, epochs));
  const loss = lossWith(forecast, (i, end) => (start[i] - end) * left[i % curvature.length]);
  return Number.isNaN(loss) ? Infinity : loss;
}

/** The loss where weight decay and gradient hold each other: where the run ends, however long it is. */
export function lossAtEnd(forecast: Forecast): number {
  return lossWith(forecast, () => 0);
}

/** The forecast of the same run with all rates times a factor. */
export function scaledForecast(forecast: Forecast, factor: number): Forecast {
  const { spans, peak, isKnown } = forecast.rates;
  const rates = {
    spans: spans.map(({ lr, epochs }) => ({ lr: lr * factor, epochs })),
    peak: { lr: peak.lr * factor, epoch: peak.epoch },
    isKnown,
  };
  return { ...forecast, rates };
}

/** @param distance along a direction from where the run ends there. */
function lossWith(
  { curvature, optimum, decay, floor }: Forecast,
  distance: (i: number, end: number) => number,
): number {
  let loss = floor;
  for (let i = 0; i < optimum.length; i++) {
    const lambda = curvature[i % curvature.length];
    const end = (lambda * optimum[i]) / (lambda + decay);
    loss += 0.5 * lambda * (end - optimum[i] + distance(i, end)) ** 2;
  }
  return loss;
}

/** What is left of a distance of 1 along a direction. */
function shareLeft({ rates, step, stepsPerEpoch, decay }: Forecast, lambda: number, epochs: number): number {
  const walk = step.momentum === 0 ? new PlainWalk(lambda + decay) : new RollingWalk(lambda + decay, step);
  let remaining = epochs;
  rates.spans.forEach((span, i) => {
    // The last rate continues.
    const lasts = i === rates.spans.length - 1 ? remaining : Math.min(remaining, span.epochs);
    if (lasts > 0) walk.go(span.lr, lasts * stepsPerEpoch);
    remaining -= lasts;
  });
  return walk.distance;
}

/** Plain steps: `distance *= 1 - lr * lambda`. */
class PlainWalk {
  distance = 1;

  constructor(private readonly lambda: number) {}

  go(lr: number, steps: number): void {
    const step = lr * this.lambda;
    // Keeps the digits that `1 - step` loses where `step` is small.
    const size = Math.exp(steps * Math.log1p(step < 1 ? -step : step - 2));
    this.distance *= step > 1 && steps % 2 === 1 ? -size : size;
  }
}

/** Steps with momentum, as `SGD` makes them: the first one has the whole gradient in its buffer. */
class RollingWalk {
  distance = 1;
  private buffer: number | undefined;

  constructor(
    private readonly lambda: number,
    private readonly step: Forecast['step'],
  ) {}

  go(lr: number, steps: number): void {
    const { lambda } = this;
    const { momentum, gain, nesterov } = this.step;
    let rest = steps;
    if (this.buffer === undefined) {
      this.buffer = lambda * this.distance;
      this.distance -= lr * this.buffer * (nesterov ? 1 + momentum : 1);
      rest--;
    }
    // A step of the distance and of the buffer times the rate.
    const pull = lr * lambda * gain;
    const [turn, keep] = nesterov ? [pull * (1 + momentum), momentum ** 2] : [pull, momentum];
    const [a, b, c, d] = power([1 - turn, -keep, pull, momentum], rest);
    const rolling = lr * this.buffer;
    const distance = a * this.distance + b * rolling;
    this.buffer = lr === 0 ? momentum ** rest * this.buffer : (c * this.distance + d * rolling) / lr;
    this.distance = distance;
  }
}

/** A matrix of two rows of two, row-major. */
type Square = readonly [number, number, number, number];

function power(matrix: Square, exponent: number): Square {
  let result: Square = [1, 0, 0, 1];
  let square = matrix;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = product(result, square);
    if (rest > 1) square = product(square, square);
  }
  return result;
}

function product([a, b, c, d]: Square, [e, f, g, h]: Square): Square {
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
}

/** The direction in which a run is slowest. */
export interface SlowestDirection {
  /** Epochs in which the distance from the optimum shrinks by the factor e; Infinity where it does not. */
  epochs: number;
  /** The parameter with the largest share in it: an input's number, or the number of inputs for the bias. */
  parameter: number;
  /** From a bound of the curvature: it takes at least this many epochs. */
  isAtLeast?: boolean;
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
