import type { ParsedConfig } from '../config/parseConfig';
import type { Config } from '../config/schema';
import { quotedList } from '../config/words';
import { forecastLoss } from '../engine/curvature/forecast';
import { r2Of, type CurvatureReport } from '../engine/curvature/report';
import { formatPercent, formatQuantity, formatRounded, formatShortest, formatTimes } from '../format';
import type { Problem } from '../problem';
import { forBatches, paceWords, shareOfLimit } from './curvatureWords';

/** A run that ends below this share of the achievable R² has not arrived. */
const arrived = 0.9;
/** A linear model that explains less of the targets than this has nothing to arrive at. */
const worthLearning = 0.01;
/** Columns that are named at most. */
const mostNamed = 3;

/** Where a run will be when its epochs are over. */
export interface Reach {
  /** R² of the forecast loss. */
  r2: number;
  /** R² of the optimum. */
  achievable: number;
}

/** How far a run gets with its rate; undefined where no forecast can tell, or there is nothing to learn. */
export function forecastReach({ forecast, optimum, variance }: CurvatureReport, epochs: number): Reach | undefined {
  if (!forecast || !variance || !(optimum?.r2 && optimum.r2 > worthLearning)) return undefined;
  return { r2: r2Of(forecastLoss(forecast, epochs), variance), achievable: optimum.r2 };
}

/** Whether the rate is beyond what is known to be stable, or so small that the run does not arrive. */
export function rateVerdict(report: CurvatureReport, config: Pick<Config, 'epochs'>): 'over' | 'slow' | undefined {
  const { rate } = report.limit;
  if (rate !== undefined && report.lr > rate) return 'over';
  const reach = forecastReach(report, config.epochs);
  return reach && reach.r2 < arrived * reach.achievable ? 'slow' : undefined;
}

/**
 * What the data's curvature has to say about a config, at the keys that it is about: a rate over the limit is a warning, or
 * an information where the limit is only a bound; a rate too small to arrive and dependent columns are informations.
 */
export function curvatureProblems({ config, source }: ParsedConfig, report: CurvatureReport): Problem[] {
  if (!config) return [];
  const problems: Problem[] = [];
  const verdict = rateVerdict(report, config);
  if (verdict === 'over') {
    const severity = report.hessian?.isExact ? 'warning' : 'information';
    const message = overLimit(report, config);
    problems.push(source.problemAt(['optimizer', 'lr'], { message, severity, code: 'rate-over-limit' }));
  } else if (verdict === 'slow') {
    const message = tooSlow(report, config);
    problems.push(source.problemAt(['optimizer', 'lr'], { message, severity: 'information', code: 'rate-too-small' }));
  }
  // Of generated rows no column can be left out.
  const dependent = 'generate' in config.dataset ? [] : (report.hessian?.dependent ?? []);
  if (dependent.length > 0) {
    const message = dependentColumns(dependent.map((column) => report.inputNames[column]));
    const path = ['dataset', 'inputs'];
    problems.push(source.problemAt(path, { message, severity: 'information', code: 'dependent-columns' }, 'key'));
  }
  return problems;
}

function overLimit(report: CurvatureReport, config: Config): string {
  const { limit, lr, loss, rows, hessian } = report;
  const rate = limit.rate!;
  const momentum = config.optimizer.type === 'SGD' && config.optimizer.momentum > 0 ? ', momentum counted in' : '';
  const where = `${forBatches(limit, rows)}${momentum}`;
  const { surelyUnstable = rate } = limit;
  if (hessian?.isExact && lr > surelyUnstable) return `lr ${formatShortest(lr)} is ${shareOfLimit(report)}${where}`;
  const what = `lr ${formatShortest(lr)} is ${formatTimes(lr / rate)} ${formatRounded(rate)}, up to which`;
  if (!hessian?.isExact) return `${what} ${loss} is sure to fall${where}; it may swing about the minimum`;
  return `${what} no step grows${where}; above ${formatRounded(surelyUnstable)} some do`;
}

function tooSlow(report: CurvatureReport, config: Config): string {
  const { forecast, lr, slowest, inputNames } = report;
  const { r2, achievable } = forecastReach(report, config.epochs)!;
  const about = forecast!.isExact ? '' : 'about ';
  const epochs = formatQuantity(config.epochs, 'epoch');
  const reached =
    r2 > 0
      ? `reaches ${about}${formatPercent(r2 / achievable)} of the achievable R² of ${formatRounded(achievable)} in ${epochs}`
      : `is still worse than predicting the mean after ${epochs}; the achievable R² is ${formatRounded(achievable)}`;
  const name = slowest && (inputNames[slowest.parameter] ?? 'the bias');
  const isSlow = slowest && Number.isFinite(slowest.epochs);
  return (
    `lr ${formatShortest(lr)} ${reached}` +
    (isSlow ? `; its slowest direction, mostly ${name}, ${paceWords(slowest)}` : '')
  );
}

function dependentColumns(names: string[]): string {
  const are = names.length === 1 ? 'is constant or a combination' : 'are constant or combinations';
  const listed =
    names.length <= mostNamed
      ? quotedList(names, 'and')
      : `${names
          .slice(0, mostNamed)
          .map((name) => JSON.stringify(name))
          .join(', ')} and ${names.length - mostNamed} more`;
  return `${listed} ${are} of other inputs: many weights fit equally well`;
}
