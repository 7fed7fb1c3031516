import { forecastLoss, scaledForecast } from '../engine/curvature/forecast';
import { r2Of, type CurvatureReport } from '../engine/curvature/report';

/** A run that ends below this share of the achievable R² has not arrived. */
const arrived = 0.9;
/** A linear model that explains less of the targets than this has nothing to arrive at. */
const worthLearning = 0.01;
/** With momentum on small batches, the share of the limit up to which a forecast holds. */
const surelyCalm = 0.1;

/** Where a run will be when its epochs are over. */
export interface Reach {
  /** R² of the forecast loss. */
  r2: number;
  /** R² of the optimum. */
  achievable: number;
}

/** How far a run gets with its rate; undefined where no forecast can tell, or there is nothing to learn. */
export function forecastReach(report: CurvatureReport, epochs: number, factor = 1): Reach | undefined {
  const { forecast, optimum, variance, limit, lr } = report;
  const achievable = optimum?.decayed ? optimum.decayed.r2 : optimum?.r2;
  if (!forecast || !variance || achievable === undefined || achievable <= worthLearning) return undefined;
  // Near the limit momentum adds up what batches differ in, which the forecast leaves out.
  const isUnsure = !forecast.isExact && forecast.step.momentum > 0;
  if (isUnsure && !(lr * factor <= surelyCalm * (limit.rate ?? 0))) return undefined;
  const loss = forecastLoss(factor === 1 ? forecast : scaledForecast(forecast, factor), epochs);
  return Number.isFinite(loss) ? { r2: r2Of(loss, variance), achievable } : undefined;
}

/** Whether a run that is forecast does not arrive. @param factor all rates are times this. */
export function isSlow(report: CurvatureReport, epochs: number, factor = 1): boolean {
  const reach = forecastReach(report, epochs, factor);
  return reach !== undefined && reach.r2 < arrived * reach.achievable;
}

/** Whether the rate, or what a scheduler makes of it, is beyond what is known to be stable, or so small that the run does not arrive. */
export function rateVerdict(report: CurvatureReport, config: { epochs: number }): 'over' | 'slow' | undefined {
  const { rate = Infinity } = report.limit;
  if (highestRate(report) > rate) return 'over';
  return isSlow(report, config.epochs) ? 'slow' : undefined;
}

/** The largest rate of any epoch. */
export function highestRate({ lr, peak }: CurvatureReport): number {
  return peak?.lr ?? lr;
}
