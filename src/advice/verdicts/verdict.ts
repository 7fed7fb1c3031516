import {
  formatCount,
  formatEstimate,
  formatPercent,
  formatRounded,
  formatShortest,
  formatTimes,
} from '../../base/format';
import { cannotArrive, reachWords } from '../fixes/adaptiveRates';
import { columnName, decayWords, explainsNothing, hasMinimum, paceWords, rateSentence } from '../words/curvatureWords';
import { hugeTargets, isTooLarge } from '../words/hugeTargets';
import type { CurvatureReport, RunShape } from '../../protocol/protocol';
import { divergedRate, isInfiniteAtStart, isLive, lastEpochs, shownLoss, type RunState } from '../../protocol/state';
import type { ConfigFix } from '../fixes/configFix';
import type { Judgement, Verdict, VerdictCode } from '../findings/judgement';
import { gapOf } from './gap';
import { offeredFixes } from './offeredFixes';
import { linearOf } from '../../protocol/outputs';
import { judgeNet } from './netVerdict';
import { mean, overfitting } from './overfitting';
import { restoredWords, stoppedEarly } from './stoppedEarly';
import { settingsToBlame } from '../fixes/unstableSettings';
import { isUnsteady } from './unsteady';

/** Share of what there was to learn that may be left in a run that has converged. */
const converged = 1e-3;
/** What is left of it below this is no fault of a run that still falls. */
const lastPercent = 1e-2;
/** Epochs at the end over which progress is measured, as a share of all, and at least. */
const recentShare = 0.1;
const leastRecent = 2;
/** Says how a run stands, what would help, and what else holds. */
export function verdictOf(run: RunState): Verdict {
  const judgement = judge(run);
  const fixes = judgement.kind === 'converged' ? [] : offeredFixes(run);
  const code = judgement.code === 'rate_too_small' ? slowCode(judgement, fixes) : judgement.code;
  return { ...judgement, code, fixes, also: run.curvature ? columnCodes(run.curvature) : [] };
}

/** Codes of what is to be said of the columns. */
function columnCodes({ rows, inputs, hasBias, hessian }: CurvatureReport): VerdictCode[] {
  if (!hessian?.dependent?.length) return [];
  return [rows < inputs + (hasBias ? 1 : 0) ? 'fewer_rows_than_inputs' : 'dependent_columns'];
}

/** What a slow run lacks, by the fix that helps most. */
function slowCode({ numbers }: Judgement, [first]: ConfigFix[]): VerdictCode {
  if (first?.kind === 'scale-targets') return 'targets_too_large';
  if (first) return first.kind === 'scale-inputs' ? 'not_scaled' : 'rate_too_small';
  return 'epochs_left' in numbers ? 'too_few_epochs' : 'unknown';
}

/** Says how a run stands. What is left to learn is measured by the gap to the exact minimum, never by the size of a step. */
export function judge(run: RunState): Judgement {
  const { shape, history, status } = run;
  if (!shape || (history.length === 0 && status !== 'diverged')) {
    return { kind: 'waiting', code: 'fine', sentence: 'Nothing has been trained yet.', numbers: {} };
  }
  const restored = restoredWords(run);
  const ended = diverging(run, shape) ?? stoppedEarly(run, shape);
  if (ended || !restored) return ended ?? overfitting(run) ?? learned(run, shape);
  const judgement = learned(run, shape);
  return { ...judgement, sentence: `${judgement.sentence} ${restored}` };
}

/** How far a run that is sound has come. */
function learned(run: RunState, shape: RunShape): Judgement {
  return linearOf(shape) ? distance(run, shape) : judgeNet(run, shape);
}

/** What is to be said about a run that diverged: the judgement, and what is left of it. */
export function divergenceSentence(run: RunState): string {
  return `${judge(run).sentence} Weights and bias are the last finite ones.`;
}

function diverging(run: RunState, shape: RunShape): Judgement | undefined {
  const losses = run.history.recent('loss');
  const rises =
    losses.length >= 3 &&
    losses[losses.length - 1] > 2 * (run.history.at('loss', 0) ?? NaN) &&
    losses[losses.length - 1] > losses[losses.length - 2];
  if (run.status !== 'diverged' && !rises) return undefined;
  const lr = run.status === 'diverged' ? divergedRate(run) : lastRate(run, shape);
  const because = run.curvature ? overLimit({ ...run.curvature, lr }, shape) : undefined;
  const kind = 'diverging';
  const place = run.divergence && { epoch: run.divergence.epoch, batch: run.divergence.batch };
  if (isInfiniteAtStart(run)) {
    return { kind, code: 'targets_too_large', sentence: infiniteAtStart(run), numbers: { ...place } };
  }
  const growth = growthPerStep(losses, shape.batchesPerEpoch);
  const pace = growth === undefined ? '' : ` Each step makes the error ${formatTimes(growth)} as large.`;
  const when =
    run.status === 'diverged' && run.divergence
      ? `Diverged at epoch ${formatCount(run.divergence.epoch + 1)}, batch ${formatCount(run.divergence.batch + 1)}`
      : 'Diverging';
  const [setting] = settingsToBlame(shape.optimizerSettings);
  const isToBlame = setting?.isSure || (setting && !because);
  const why = isToBlame
    ? setting.why
    : (because ?? `the steps are too long with lr ${shownRate(lr)}; try a smaller one`);
  const settingCode = setting?.key === 'momentum' ? 'momentum_too_large' : 'unstable_setting';
  const limit = run.curvature?.limit.rate;
  const numbers = { lr, ...(limit !== undefined && { limit }), ...(growth !== undefined && { growth }), ...place };
  return { kind, code: isToBlame ? settingCode : 'rate_over_limit', sentence: `${when}: ${why}.${pace}`, numbers };
}

function infiniteAtStart({ curvature }: RunState): string {
  const why =
    curvature && isTooLarge(curvature) ? hugeTargets(curvature) : 'the loss is infinite before the first step';
  return `Diverged at epoch 1, batch 1: ${why}. No learning rate fixes that; scaling the targets does.`;
}

/** The rate of the last epoch. */
function lastRate(run: RunState, shape: RunShape): number {
  const lr = lastEpochs(run, 'lr');
  return Number.isFinite(lr) ? lr : shape.lr;
}

function shownRate(lr: number): string {
  return formatShortest(Number(lr.toPrecision(6)));
}

/** Why the rate is too high, with the row or column that makes it so; undefined where it is not. */
function overLimit(report: Pick<CurvatureReport, 'limit' | 'hessian' | 'lr'>, shape: RunShape): string | undefined {
  const { limit, hessian, lr } = report;
  if (limit.rate === undefined || lr <= limit.rate) return undefined;
  const column =
    hessian && limit.batchRows > 1 ? `; ${columnName(shape, hessian.steepestColumn)} is the steepest column` : '';
  return `${rateSentence({ limit, lr: Number(lr.toPrecision(6)) }, shape.trainRows)}${column}`;
}

/** By how much the distance from the minimum was multiplied in a step of the last epochs; the loss grows by its square. */
function growthPerStep(losses: Float64Array, stepsPerEpoch: number): number | undefined {
  let last = losses.length - 1;
  while (last > 0 && !Number.isFinite(losses[last])) last--;
  if (last < 1 || !(losses[last] > losses[last - 1])) return undefined;
  return (losses[last] / losses[last - 1]) ** (1 / (2 * stepsPerEpoch));
}

function distance(run: RunState, shape: RunShape): Judgement {
  const gap = gapOf(run);
  const { curvature, history } = run;
  if (gap === undefined || !curvature?.optimum || !Number.isFinite(gap)) {
    return { kind: 'learning', code: 'unknown', sentence: unknownDistance(curvature), numbers: {} };
  }
  if (gap < converged) {
    const decayed = decayWords(curvature);
    const more = [
      ...(decayed ? [asSentence(decayed)] : []),
      ...(explainsNothing(curvature) ? ['Even the best linear model predicts about the same for every row.'] : []),
    ];
    const sentence = ['Converged: less than 0.1 % of what can be learned is left.', ...more].join(' ');
    return { kind: 'converged', code: 'converged', sentence, numbers: { gap } };
  }
  const stands = standing(run, gap);
  const because = overLimit(curvature, shape);
  if (because && gap > 1 && !isLive(run.status)) {
    const { lr, limit } = curvature;
    const sentence = `Over the limit: ${stands}, as ${because}.`;
    return { kind: 'diverging', code: 'rate_over_limit', sentence, numbers: { gap, lr, limit: limit.rate! } };
  }
  if (!hasMinimum(curvature)) return endless(run, gap);
  if (because && isUnsteady(history.recent('loss'), recentEpochs(history.length))) {
    const { lr, limit } = curvature;
    const numbers = { gap, lr, limit: limit.rate! };
    return { kind: 'stuck', code: 'rate_over_limit', sentence: `Unsteady: ${stands}, as ${because}.`, numbers };
  }
  const pace = paceOf(run);
  if (pace === undefined) {
    return { kind: 'learning', code: 'improving', sentence: `Just begun: ${stands}.`, numbers: { gap } };
  }
  const left = Math.ceil(Math.log(gap / converged) / pace);
  if (pace > 0 && left <= Math.max(3 * shape.epochs, 2 * history.length)) {
    const takes = isLive(run.status) ? 'takes' : 'would take';
    const epochs = formatEstimate(left, 'more epoch');
    return {
      kind: 'improving',
      code: isLive(run.status) || gap < lastPercent ? 'improving' : 'too_few_epochs',
      sentence: `Still improving: ${stands}. The rest ${takes} about ${epochs} at this pace.`,
      numbers: { gap, epochs_left: left },
    };
  }
  return stuck(curvature, shape, { gap, stands, pace, left });
}

function unknownDistance(curvature: CurvatureReport | undefined): string {
  if (curvature?.noOptimum) return `No verdict: ${curvature.noOptimum}.`;
  if (curvature?.optimum && curvature.weightDecay !== undefined) {
    return `No verdict: weight_decay ${formatShortest(curvature.weightDecay)} moves the minimum, and it is not known where to.`;
  }
  return `How far it is to the minimum is not known${curvature ? '' : ' yet'}.`;
}

/** Of a loss without a minimum: how near it comes to what it never reaches says little of how well the classes are told apart. */
function endless(run: RunState, gap: number): Judgement {
  const falls = (paceOf(run) ?? 0) > 0;
  const stands = gap > 1 ? 'it is above that of the first epoch' : `${formatPercent(gap)} of the first epoch’s is left`;
  const sentence = `The loss falls for ever and never reaches its end, as larger weights always make it smaller: ${stands}.`;
  return { kind: falls ? 'improving' : 'learning', code: 'separable', sentence, numbers: { gap } };
}

function asSentence(words: string): string {
  return `${words[0].toUpperCase()}${words.slice(1)}.`;
}

/** By how much the gap's logarithm falls an epoch, over the last epochs; undefined where there are too few. */
function paceOf(run: RunState): number | undefined {
  const losses = run.history.column('loss');
  const span = Math.floor(Math.min(losses.length, recentEpochs(losses.length)) / 2);
  if (span < 1) return undefined;
  // Means, for the loss of a single epoch depends on its order.
  const earlier = gapOf(run, mean(losses.subarray(-2 * span, -span)));
  const now = gapOf(run, mean(losses.subarray(-span)));
  const epochs = span * run.history.stride;
  return earlier === undefined || now === undefined ? undefined : Math.log(earlier / now) / epochs;
}

function recentEpochs(length: number): number {
  return Math.max(leastRecent, Math.round(length * recentShare));
}

function stuck(
  curvature: CurvatureReport,
  shape: RunShape,
  { gap, stands, pace, left }: { gap: number; stands: string; pace: number; left: number },
): Judgement {
  const { slowest, hessian, adaptive } = curvature;
  const isSlow = slowest && slowest.epochs > shape.epochs;
  const moves = pace > 1e-6 && Number.isFinite(left);
  const numbers = { gap, ...(moves && { epochs_left: left }) };
  if (!isSlow && !moves && shape.batchesPerEpoch > 1) {
    const sentence = `Hovering: ${stands}, and each batch pulls the weights another way. A smaller lr, larger batches or a scheduler would bring them nearer.`;
    return { kind: 'stuck', code: 'hovering', sentence, numbers };
  }
  const so = moves
    ? `Slow: ${stands}. The rest would take ${formatEstimate(left, 'more epoch')} at this pace.`
    : `Stuck: ${stands}.`;
  const code = 'rate_too_small';
  if (adaptive && cannotArrive(curvature)) {
    const sentence = `${so} ${reachWords(shape, adaptive, shape.optimizer)}.`;
    return {
      kind: 'stuck',
      code,
      sentence,
      numbers: { ...numbers, travel: adaptive.travel, distance: adaptive.distance },
    };
  }
  if (!slowest || !hessian) return { kind: 'stuck', code, sentence: so, numbers };
  const name = columnName(shape, slowest.parameter);
  const sentence = `${so} The slowest direction, mostly ${name}, ${paceWords(slowest)} (condition number ${formatRounded(hessian.condition)}${hessian.isExact ? '' : ' of a bound'}).`;
  return { kind: 'stuck', code, sentence, numbers: { ...numbers, condition: hessian.condition } };
}

/** `3 % of what can be learned is left`; where that is more than all, what the loss is to be compared with. */
function standing(run: RunState, gap: number): string {
  if (gap <= 1) return `${formatPercent(gap)} of what can be learned is left`;
  if (!run.curvature?.variance) return 'the loss is above that of the first epoch';
  return `the loss is ${formatTimes(shownLoss(run) / run.curvature.variance)} that of always predicting the mean`;
}
