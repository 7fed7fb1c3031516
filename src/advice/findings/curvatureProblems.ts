import type { ParsedConfig } from '../../config/parseConfig';
import type { Forecast } from '../../engine/report/forecast';
import type { RunPlan } from '../../engine/report/dataReport';
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
import { curvatureFixes, directionFixes } from '../fixes/curvatureFixes';
import type { ConfigFix, FixKind } from '../fixes/configFix';
import { columnFindings } from './columnFindings';
import { placed, type Finding } from './finding';
import type { VerdictCode } from './judgement';
import { planOf } from './runPlan';
import { forecastReach, highestRate, rateVerdict } from '../fixes/reach';

/** From this many times the limit on, a run on batches of some rows is likely to diverge. */
const deadly = 2;
/** From this many times a limit that is only known to be safe on, the loss rises before it can fall. */
const farOver = 10;
/** A direction that takes this many times the epochs of a run to come nearer by a factor of 2.7 has moved by less than a tenth. */
const unmoved = 10;
/** And one that takes this many times the epochs is there because columns are nearly combinations of each other. */
const immovable = 1e6;
/** Two coordinates are the same up to this share. */
const nearEnd = 0.01;

/** What the data's curvature has to say about a config, at the keys that it is about. */
export function curvatureProblems({ config, source }: ParsedConfig, report: CurvatureReport): Problem[] {
  return config
    ? placed(source, [...curvatureFindings(report, planOf(config)), ...columnFindings(report, planOf(config))])
    : [];
}

/**
 * What the data's curvature has to say about a plan: a rate over the limit is a warning, or a note where the run may do well
 * anyway; a rate too small to arrive and dependent columns are notes.
 */
export function curvatureFindings(report: CurvatureReport, plan: RunPlan): Finding[] {
  const findings: Finding[] = [];
  const add = (
    finding: Partial<Finding> & Pick<Finding, 'place' | 'severity'>,
    code: string | undefined,
    message: string,
  ) =>
    findings.push({
      code: code ?? 'unknown',
      sentence: `${message}.`,
      numbers: {},
      fixes: [],
      isNote: code === undefined,
      ...finding,
    });
  // A loss that is infinite from the start says nothing of the rate.
  const verdict = isTooLarge(report) ? undefined : rateVerdict(report, plan);
  const rates = { numbers: rateNumbers(report), fixes: curvatureFixes(report, plan) };
  if (verdict === 'over') {
    const severity = mustDiverge(report) ? 'warning' : 'information';
    const isRaised = report.lr <= report.limit.rate!;
    const place = isRaised ? ['scheduler'] : ['optimizer', 'lr'];
    add({ place, isAtKey: isRaised, severity, ...rates }, 'rate_over_limit', overLimit(report, plan));
  } else if (verdict === 'slow') {
    const message = cannotArrive(report) ? tooShort(report, plan) : tooSlow(report, plan);
    const code = slowCodes[rates.fixes[0]?.kind] ?? 'rate_too_small';
    add({ place: ['optimizer', 'lr'], severity: 'information', problem: 'rate-too-small', ...rates }, code, message);
  }
  if (isTooLarge(report)) {
    const message = `${hugeTargets(report)}; set "scale_targets" to "standard"`;
    const place = { place: ['dataset'], isAtKey: true, severity: 'warning', problem: 'huge-targets' } as const;
    add({ ...place, place: ['dataset'], ...rates }, 'targets_too_large', message);
  }
  const { decayLimit = Infinity, reason } = report.limit;
  if (highestRate(report) > decayLimit) {
    const message = `lr ${formatShortest(highestRate(report))} is too large: ${reason}`;
    add({ place: ['optimizer', 'lr'], severity: 'warning', ...rates }, 'rate_over_limit', message);
  }
  const lasting = verdict || isTooLarge(report) ? undefined : unmovedDirection(report, plan);
  if (lasting) {
    const fixes = directionFixes(report, plan);
    const message = [lasting, ...fixes.map(asClause)].join('; ');
    add({ place: ['epochs'], severity: 'information', problem: 'slow-direction', fixes }, undefined, message);
  }
  const { levels } = report;
  if (levels && plan.source !== 'generate') {
    const place = { place: ['loss'], severity: 'information', problem: 'classes-as-numbers' } as const;
    add({ ...place, place: ['loss'] }, undefined, levelWords(levels, plan.hasScaledTargets));
  }
  if (explainsNothing(report)) {
    const message =
      'the best linear model does no better than predicting the same for every row: what there is to learn lies in ' +
      'products or squares of the inputs, or not in them at all';
    const place = { isAtKey: true, severity: 'information', problem: 'nothing-linear' } as const;
    add({ ...place, place: ['dataset'] }, undefined, message);
  }
  return findings;
}

/** What a run that is too slow lacks, by the fix that helps most. */
const slowCodes: Partial<Record<FixKind, VerdictCode>> = {
  'scale-inputs': 'not_scaled',
  'scale-targets': 'targets_too_large',
  'more-epochs': 'too_few_epochs',
};

function rateNumbers({ lr, limit }: CurvatureReport): Record<string, number> {
  return { lr, ...(limit.rate !== undefined && { limit: limit.rate }) };
}

/** What to say of a loss of numbers whose target has two values, in the column's own units. */
export function levelWords([low, high]: [number, number], hasScaledTargets: boolean): string {
  const isTruth = low === 0 && high === 1;
  const loss = isTruth ? 'binary_cross_entropy_with_logits' : 'cross_entropy';
  const unscaled = hasScaledTargets ? ' and dataset.scale_targets to "none"' : '';
  return (
    `the target is ${formatShortest(low)} or ${formatShortest(high)} in every row; ` +
    `${isTruth ? 'to predict a yes or no' : 'if these are classes'}, set loss to "${loss}"${unscaled}`
  );
}

/** A note on a direction that hardly moves in all epochs, even if the loss comes close to its minimum; undefined if every direction moves. */
function unmovedDirection(report: CurvatureReport, { epochs }: RunPlan): string | undefined {
  const { slowest, forecast, inputNames, hessian } = report;
  if (!slowest || !hasMinimum(report) || !(slowest.epochs > unmoved * epochs) || !hessian) return undefined;
  if (slowest.epochs > immovable * epochs || (forecast && startsAtEnd(forecast))) return undefined;
  const name = inputNames[slowest.parameter] ?? 'the bias';
  return `${formatQuantity(epochs, 'epoch')} hardly move the slowest direction, mostly ${name}: it ${paceWords(slowest)}`;
}

/** A fix within a sentence. */
function asClause({ title }: ConfigFix): string {
  return `${title[0].toLowerCase()}${title.slice(1)}`;
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

function overLimit(report: CurvatureReport, config: RunPlan): string {
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

function tooShort(report: CurvatureReport, { optimizer }: RunPlan): string {
  const reach = report.adaptive!;
  const left = `with lr ${formatShortest(report.lr)} at least ${formatPercent(reach.left)} of what can be learned is left`;
  const fixes = reachFixes(report).map(asClause);
  const more = fixes.length > 0 ? fixes.join(', or ') : 'set more epochs';
  return `${left}: ${reachWords(report, reach, optimizer.type)}; ${more}`;
}

function tooSlow(report: CurvatureReport, config: RunPlan): string {
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
