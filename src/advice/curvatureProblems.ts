import type { ParsedConfig } from '../config/parseConfig';
import type { Config } from '../config/schema';
import { quotedList } from '../config/words';
import type { CurvatureReport } from '../engine/report/report';
import { formatCount, formatPercent, formatQuantity, formatRounded, formatShortest, formatTimes } from '../base/format';
import type { Problem } from '../base/problem';
import { forBatches, limitMeaning, paceWords, shareOfLimit } from './curvatureWords';
import { hugeTargets, isTooLarge } from './hugeTargets';
import { forecastReach, highestRate, rateVerdict } from './reach';

/** From so many times the limit on, a run on batches of some rows is likely to diverge. */
const deadly = 2;
/** Columns that are named at most. */
const mostNamed = 3;

/**
 * What the data's curvature has to say about a config, at the keys that it is about: a rate over the limit is a warning, or
 * an information where the run may do well all the same; a rate too small to arrive and dependent columns are informations.
 */
export function curvatureProblems({ config, source }: ParsedConfig, report: CurvatureReport): Problem[] {
  if (!config) return [];
  const problems: Problem[] = [];
  // A loss that is infinite from the start says nothing of the rate.
  const verdict = isTooLarge(report) ? undefined : rateVerdict(report, config);
  if (verdict === 'over') {
    const severity = mustDiverge(report) ? 'warning' : 'information';
    const isRaised = report.lr <= report.limit.rate!;
    const path = isRaised ? ['scheduler'] : ['optimizer', 'lr'];
    const message = overLimit(report, config);
    problems.push(source.problemAt(path, { message, severity, code: 'rate-over-limit' }, isRaised ? 'key' : 'value'));
  } else if (verdict === 'slow') {
    const message = tooSlow(report, config);
    problems.push(source.problemAt(['optimizer', 'lr'], { message, severity: 'information', code: 'rate-too-small' }));
  }
  if (isTooLarge(report)) {
    const message = `${hugeTargets(report)}; set "scale_targets" to "standard"`;
    problems.push(source.problemAt(['dataset'], { message, severity: 'warning', code: 'huge-targets' }, 'key'));
  }
  const { decayLimit = Infinity, reason } = report.limit;
  if (highestRate(report) > decayLimit) {
    const message = `lr ${formatShortest(highestRate(report))} is too large: ${reason}`;
    problems.push(source.problemAt(['optimizer', 'lr'], { message, severity: 'warning', code: 'rate-over-limit' }));
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

/** Whether a rate over the limit is likely to end badly. A limit of batches of some rows is safe to keep, not deadly to pass. */
function mustDiverge(report: CurvatureReport): boolean {
  const { limit, rows, hessian } = report;
  if (!hessian?.isExact) return false;
  return limit.batchRows === rows || highestRate(report) >= deadly * limit.rate!;
}

function overLimit(report: CurvatureReport, config: Config): string {
  const { limit, lr, loss, rows, hessian, peak } = report;
  const rate = limit.rate!;
  const highest = highestRate(report);
  const rolls = config.optimizer.type === 'SGD' && config.optimizer.momentum > 0 && limit.batchRows === rows;
  const where = `${forBatches(limit, rows)}${rolls ? ', momentum counted in' : ''}`;
  const subject =
    lr > rate || !peak
      ? `lr ${formatShortest(highest)} is`
      : `the scheduler raises lr to ${formatRounded(highest)} at epoch ${formatCount(peak.epoch)}, which is`;
  const { surelyUnstable = rate } = limit;
  const meaning = limitMeaning({ limit, lr: highest }, rows);
  if (hessian?.isExact && (limit.accuracy === 'estimate' || highest > surelyUnstable)) {
    return `${subject} ${shareOfLimit({ limit, lr: highest })}${where}${meaning}`;
  }
  const what = `${subject} ${formatTimes(highest / rate)} ${formatRounded(rate)}, up to which`;
  if (!hessian?.isExact) return `${what} ${loss} is sure to fall${where}; it may swing about the minimum`;
  return `${what} no step grows${where}; above ${formatRounded(surelyUnstable)} some do`;
}

function tooSlow(report: CurvatureReport, config: Config): string {
  const { forecast, lr, slowest, inputNames, weightDecay } = report;
  const { r2, achievable } = forecastReach(report, config.epochs)!;
  const about = forecast!.isExact ? '' : 'about ';
  const epochs = formatQuantity(config.epochs, 'epoch');
  const decayed = report.optimum?.decayed && weightDecay ? ` with weight_decay ${formatShortest(weightDecay)}` : '';
  const best = `the achievable R² of ${formatRounded(achievable)}${decayed}`;
  const reached =
    r2 > 0
      ? `reaches ${about}${formatPercent(r2 / achievable)} of ${best} in ${epochs}`
      : `is still worse than predicting the mean after ${epochs}; ${best.replace(' of ', ' is ')}`;
  const name = slowest && (inputNames[slowest.parameter] ?? 'the bias');
  const isKnown = slowest && Number.isFinite(slowest.epochs);
  return (
    `lr ${formatShortest(lr)} ${reached}` +
    (isKnown ? `; its slowest direction, mostly ${name}, ${paceWords(slowest)}` : '')
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
