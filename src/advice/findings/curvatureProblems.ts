import type { ParsedConfig } from '../../config/parseConfig';
import type { Config } from '../../config/schema';
import type { Finding } from '../../config/sourceMap';
import { quotedList } from '../../config/words';
import type { Forecast } from '../../engine/report/forecast';
import type { CurvatureReport } from '../../engine/report/report';
import {
  formatCount,
  formatPercent,
  formatQuantity,
  formatRounded,
  formatShortest,
  formatTimes,
} from '../../base/format';
import type { Problem } from '../../base/problem';
import { cannotArrive, reachFixes, reachWords } from '../fixes/adaptiveRates';
import {
  explainsNothing,
  forBatches,
  hasMinimum,
  limitMeaning,
  paceWords,
  shareOfLimit,
} from '../words/curvatureWords';
import { hugeTargets, isTooLarge } from '../words/hugeTargets';
import { forecastReach, highestRate, rateVerdict } from '../fixes/reach';

/** From so many times the limit on, a run on batches of some rows is likely to diverge. */
const deadly = 2;
/** From so many times a limit that is only known to be safe on, the loss rises before it can fall. */
const farOver = 10;
/** A direction that takes so many times the epochs of a run to come nearer by a factor of 2.7 has moved by less than a tenth. */
const unmoved = 10;
/** And one that takes so many times the epochs is there because columns are nearly combinations of each other. */
const immovable = 1e6;
/** Two coordinates are the same up to this share. */
const nearEnd = 0.01;
/** Columns that are named at most. */
const mostNamed = 3;

/**
 * What the data's curvature has to say about a config, at the keys that it is about: a rate over the limit is a warning, or
 * a note where the run may do well anyway; a rate too small to arrive and dependent columns are notes.
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
    const message = cannotArrive(report) ? tooShort(report, config) : tooSlow(report, config);
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
  const lasting = verdict || isTooLarge(report) ? undefined : unmovedDirection(report, config);
  if (lasting) {
    problems.push(source.problemAt(['epochs'], { message: lasting, severity: 'information', code: 'slow-direction' }));
  }
  const targets = targetProblem(report, config);
  if (targets) problems.push(source.problemAt(['loss'], targets));
  if (explainsNothing(report)) {
    const message =
      'the best linear model does no better than predicting the same for every row: what there is to learn lies in ' +
      'products or squares of the inputs, or not in them at all';
    problems.push(source.problemAt(['dataset'], { message, severity: 'information', code: 'nothing-linear' }, 'key'));
  }
  const tooMany = columnProblem(report, config);
  if (tooMany) problems.push(source.problemAt(['dataset', 'inputs'], tooMany, 'key'));
  return problems;
}

/** What to say of a loss of numbers whose target has two values. */
function targetProblem({ levels }: CurvatureReport, { dataset }: Config): Finding | undefined {
  if (!levels || 'generate' in dataset) return undefined;
  const [low, high] = levels;
  const isTruth = low === 0 && high === 1;
  const loss = isTruth ? 'binary_cross_entropy_with_logits' : 'cross_entropy';
  const unscaled = dataset.scale_targets === 'none' ? '' : ' and dataset.scale_targets to "none"';
  const message =
    `the target is ${formatShortest(low)} or ${formatShortest(high)} in every row; ` +
    `${isTruth ? 'to predict a yes or no' : 'if these are classes'}, set loss to "${loss}"${unscaled}`;
  return { message, severity: 'information', code: 'classes-as-numbers' };
}

/** Why many weights fit equally well; undefined where they do not, or nothing can be done about it. */
function columnProblem(report: CurvatureReport, { dataset }: Config): Finding | undefined {
  const dependent = report.hessian?.dependent ?? [];
  // Of generated rows no column can be left out.
  if (dependent.length === 0 || 'generate' in dataset) return undefined;
  const words = 'file' in dataset ? dataset.one_hot : undefined;
  const names = withoutLastCategories(
    dependent.map((column) => report.inputNames[column]),
    words,
  );
  const severity = 'information';
  if (report.rows < report.inputs + (report.hasBias ? 1 : 0)) {
    return { message: fewRows(report), severity, code: 'fewer-rows-than-inputs' };
  }
  if (names.length === 0) return undefined;
  const message = dependentColumns(names);
  return { message, severity, code: 'dependent-columns' };
}

/** Names of dependent columns but for one category of each column of words: all of its categories add up to the bias. */
function withoutLastCategories(names: readonly string[], words: readonly string[] = []): string[] {
  const left = new Set(words);
  return names.filter((name) => {
    const column = [...left].find((word) => name.startsWith(`${word}=`));
    return column === undefined || !left.delete(column);
  });
}

function fewRows({ rows, inputs, hasBias }: CurvatureReport): string {
  const parameters = formatQuantity(inputs + (hasBias ? 1 : 0), 'parameter');
  const are = rows === 1 ? 'is' : 'are';
  return (
    `${formatQuantity(rows, 'training row')} ${are} fewer than the ${parameters} of each output: many weights fit them ` +
    'equally well, and most of these are wrong for other rows; take fewer inputs, or set optimizer.weight_decay'
  );
}

/** A note on a direction that hardly moves in all epochs, even if the loss comes close to its minimum; undefined if every direction moves. */
function unmovedDirection(report: CurvatureReport, { epochs }: Config): string | undefined {
  const { slowest, forecast, inputNames, hessian } = report;
  if (!slowest || !hasMinimum(report) || !(slowest.epochs > unmoved * epochs) || !hessian) return undefined;
  if (slowest.epochs > immovable * epochs || (forecast && startsAtEnd(forecast))) return undefined;
  const name = inputNames[slowest.parameter] ?? 'the bias';
  return `${formatQuantity(epochs, 'epoch')} hardly move the slowest direction, mostly ${name}: it ${paceWords(slowest)}`;
}

/** Whether a run starts where it ends along the flattest direction. */
function startsAtEnd({ curvature, start, optimum, decay }: Forecast): boolean {
  const last = curvature.length - 1;
  for (let i = last; i < start.length; i += curvature.length) {
    const end = (curvature[last] * optimum[i]) / (curvature[last] + decay);
    if (Math.abs(start[i] - end) > nearEnd * Math.max(Math.abs(start[i]), Math.abs(end))) return false;
  }
  return true;
}

/** Whether a rate over the limit is likely to end badly. A limit of batches of some rows is safe to keep, not deadly to pass. */
function mustDiverge(report: CurvatureReport): boolean {
  const { limit, rows, hessian } = report;
  if (!hessian?.isExact) return highestRate(report) >= farOver * limit.rate!;
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
      : `the scheduler raises lr to ${formatRounded(highest)} at epoch ${formatCount(peak.epoch + 1)}, which is`;
  const { surelyUnstable = rate } = limit;
  const meaning = limitMeaning({ limit, lr: highest }, rows);
  if (hessian?.isExact && (limit.accuracy === 'estimate' || highest > surelyUnstable)) {
    return `${subject} ${shareOfLimit({ limit, lr: highest })}${where}${meaning}`;
  }
  const what = `${subject} ${formatTimes(highest / rate)} ${formatRounded(rate)}, up to which`;
  if (!hessian?.isExact) {
    const falls = limit.accuracy === 'estimate' ? 'should fall' : 'is sure to fall';
    const isFar = highest >= farOver * rate;
    const rises = hasMinimum(report) ? 'it may swing about the minimum' : 'it may rise before it falls';
    return `${what} ${loss} ${falls}${where}; ${isFar ? 'so far above it the loss rises' : rises}`;
  }
  return `${what} no step grows${where}; above ${formatRounded(surelyUnstable)} some do`;
}

function tooShort(report: CurvatureReport, { optimizer }: Config): string {
  const reach = report.adaptive!;
  const left = `with lr ${formatShortest(report.lr)} at least ${formatPercent(reach.left)} of what can be learned is left`;
  const fixes = reachFixes(report).map(({ title }) => `${title[0].toLowerCase()}${title.slice(1)}`);
  const more = fixes.length > 0 ? fixes.join(', or ') : 'set more epochs';
  return `${left}: ${reachWords(report, reach, optimizer.type)}; ${more}`;
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
