import { cannotArrive } from './adaptiveRates';
import { forecastLoss, scaledForecast } from '../../engine/report/forecast';
import { r2Of, type CurvatureReport } from '../../engine/report/report';

/** A run that ends below this share of the achievable R² has not arrived. */
const arrived = 0.9;
/** What is nearly all of it, and how many times its epochs a run is given for it at most. */
const nearly = 0.98;
const mostTimes = 64;
/** A linear model that explains less of the targets than this has nothing to arrive at. */
const worthLearning = 0.01;
/** From this many times the condition number of scaled inputs on, it is the columns' units that make the difference. */
const farRounder = 100;
/** With momentum on small batches, the share of the limit up to which a forecast holds. */
const surelyCalm = 0.1;

/** Where a run will be when its epochs are over. */
export interface Reach {
  /** R² of the forecast loss. */
  r2: number;
  /** R² of the optimum. */
  achievable: number;
}

/** How far a run gets with its rate; undefined where no forecast can tell for sure, or there is nothing to learn. */
export function forecastReach(report: CurvatureReport, epochs: number): Reach | undefined {
  const { forecast, limit, lr } = report;
  // Near the limit momentum adds up what batches differ in, which the forecast leaves out.
  const isUnsure = forecast && !forecast.isExact && forecast.step.momentum > 0;
  if (isUnsure && !(lr <= surelyCalm * (limit.rate ?? 0))) return undefined;
  return likelyReach(report, epochs, 1);
}

/** The same where batches are taken for the whole. @param factor all rates are times this. */
function likelyReach({ forecast, optimum, variance }: CurvatureReport, epochs: number, factor: number) {
  const achievable = optimum?.decayed ? optimum.decayed.r2 : optimum?.r2;
  if (!forecast || !variance || achievable === undefined || achievable <= worthLearning) return undefined;
  const loss = forecastLoss(factor === 1 ? forecast : scaledForecast(forecast, factor), epochs);
  return Number.isFinite(loss) ? { r2: r2Of(loss - (optimum?.penalty?.share ?? 0), variance), achievable } : undefined;
}

function isSlow(report: CurvatureReport, epochs: number): boolean {
  const reach = forecastReach(report, epochs);
  return reach !== undefined && !isReached(reach);
}

function isReached({ r2, achievable }: Reach): boolean {
  return r2 >= arrived * achievable;
}

/**
 * Whether a smaller or larger rate would do without scaled inputs. Where no forecast can tell, it would not if scaling
 * makes the loss far rounder and the flattest direction hardly moves in all the epochs.
 */
export function isEnough(rate: number, report: CurvatureReport, epochs: number): boolean {
  const reach = likelyReach(report, epochs, rate / report.lr);
  if (reach) return isReached(reach);
  const { hessian, stepsPerEpoch } = report;
  return !hessian || !needsScaling(report) || rate * hessian.lambdaMin * stepsPerEpoch * epochs > 1;
}

/** Whether scaled inputs would make the loss far rounder. */
export function needsScaling({ hessian, scaled }: CurvatureReport): boolean {
  return scaled?.condition !== undefined && hessian !== undefined && hessian.condition >= farRounder * scaled.condition;
}

/** Epochs in which a run nearly arrives with its rate; undefined where that takes far more than it has, or none can tell. */
export function epochsEnough(report: CurvatureReport, epochs: number): number | undefined {
  for (let times = 2; times <= mostTimes; times *= 2) {
    const reach = forecastReach(report, epochs * times);
    if (reach && reach.r2 >= nearly * reach.achievable) return epochs * times;
  }
  return undefined;
}

/** Whether the rate, or what a scheduler makes of it, is beyond what is known to be stable, or so small that the run does not arrive. */
export function rateVerdict(report: CurvatureReport, config: { epochs: number }): 'over' | 'slow' | undefined {
  const { rate = Infinity, sample } = report.limit;
  if (highestRate(report) > rate * (sample?.most ?? 1)) return 'over';
  return cannotArrive(report) || isSlow(report, config.epochs) ? 'slow' : undefined;
}

/** The largest rate of any epoch. */
export function highestRate({ lr, peak }: CurvatureReport): number {
  return peak?.lr ?? lr;
}
