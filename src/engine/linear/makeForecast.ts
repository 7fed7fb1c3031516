import { stepStability, type OptimizerChoice } from '../optim/optimizers';
import type { Forecast } from '../report/forecast';
import type { PlannedRates } from '../report/plannedRates';
import type { Spectrum } from './spectrum';

/** What a forecast is made from. */
export interface ForecastParts {
  spectrum: Spectrum;
  /** The Hessian's eigenvalues are these times the spectrum's. */
  factor: number;
  stepsPerEpoch: number;
  /** Each batch has all rows. */
  isWhole: boolean;
  rates: PlannedRates;
  optimizer: OptimizerChoice;
  floor: number;
  /** For each output. */
  optimum: Float64Array[];
  initial: Float64Array[];
}

/** Rates that a forecast goes through at most. */
const mostSpans = 5000;

/** The forecast of a run; undefined where not all eigenvalues are known, or the optimizer is not SGD. */
export function makeForecast({ spectrum, factor, optimizer, ...parts }: ForecastParts): Forecast | undefined {
  const { eigenvalues, coordinates } = spectrum;
  if (optimizer.type !== 'SGD' || 'reason' in stepStability(optimizer) || !eigenvalues || !coordinates)
    return undefined;
  const { rates, stepsPerEpoch, floor } = parts;
  if (rates.spans.length > mostSpans) return undefined;
  const { momentum, dampening, nesterov, weight_decay: decay } = optimizer;
  const along = (vectors: Float64Array[]) => Float64Array.from(vectors.flatMap((vector) => [...coordinates(vector)]));
  return {
    isExact: parts.isWhole && rates.isKnown,
    step: { momentum, nesterov, gain: momentum === 0 ? 1 : 1 - dampening },
    ...{ stepsPerEpoch, rates, floor, decay },
    curvature: eigenvalues.map((value) => value * factor),
    optimum: along(parts.optimum),
    start: along(parts.initial),
  };
}
