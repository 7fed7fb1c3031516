import { formatEstimate, formatPercent, formatRounded, formatShortest, formatTimes } from '../../base/format';
import type { CurvatureReport, RunShape } from '../../protocol/protocol';
import { isLive, shownLoss, type RunState } from '../../protocol/state';
import type { Judgement } from '../findings/judgement';
import { cannotArrive, reachWords } from '../fixes/adaptiveRates';
import { heavyMomentum } from '../fixes/heavyMomentum';
import { rateVerdict } from '../fixes/reach';
import { columnName, decayWords, explainsNothing, hasMinimum, paceWords } from '../words/curvatureWords';
import { mayBend } from '../findings/shapeFinding';
import { gapOf } from './gap';
import { largerRate } from './largerRate';
import { overLimit } from './overLimit';
import { paceOf, recentEpochs, type Pace } from './pace';
import { isSwinging, isUnsteady } from './unsteady';

/** Share of what there was to learn that may be left in a run that has converged. */
const converged = 1e-3;
/** What is left of it below this is no fault. */
const lastPercent = 1e-2;
/** From this share of what there was to learn on a run has learned little. */
const half = 0.5;
/** Share of the loss by which the epochs of a run that stands still differ. */
const still = 1e-3;
/** Below this share of what there was to learn, classes are told apart, and more epochs only make weights larger. */
const toldApart = 0.25;
/** A run that was nearer than this share of its distance now has left the minimum. */
const leftAgain = 0.25;
/** Share of the targets' variance between tenths of the rows from which on these are sorted. */
const mostlySorted = 0.5;

/** How far a linear model is from its exact minimum. */
export function distance(run: RunState, shape: RunShape): Judgement {
  const gap = gapOf(run);
  const { curvature, history } = run;
  if (gap === undefined || !curvature?.optimum || !Number.isFinite(gap)) {
    return { kind: 'learning', code: 'unknown', sentence: unknownDistance(curvature), numbers: {} };
  }
  if (gap < converged) {
    const decayed = decayWords(curvature);
    const more = [...(decayed ? [asSentence(decayed)] : []), ...(explainsNothing(curvature) ? [flatWords(run)] : [])];
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
  if (because && isUnsteady(history.recent('loss'), recentEpochs(history.length))) {
    const { lr, limit } = curvature;
    const numbers = { gap, lr, limit: limit.rate! };
    return { kind: 'stuck', code: 'rate_over_limit', sentence: `Unsteady: ${stands}, as ${because}.`, numbers };
  }
  if (!hasMinimum(curvature) && gap < toldApart) return endless(run, gap, stands);
  const pace = paceOf(run);
  if (pace === undefined) {
    return { kind: 'learning', code: 'improving', sentence: `Just begun: ${stands}.`, numbers: { gap } };
  }
  const left = Math.ceil(Math.log(gap / converged) / pace.perEpoch);
  const mayArrive = pace.perEpoch > 0 && left <= Math.max(3 * shape.epochs, 2 * history.length);
  if (gap < lastPercent && !(pace.isMoving && mayArrive)) {
    const sentence = `Nearly converged: ${stands}.`;
    return { kind: 'improving', code: 'improving', sentence, numbers: { gap } };
  }
  if (mayArrive && !hovers(run, shape) && (pace.isMoving || isLive(run.status))) {
    const takes = isLive(run.status) ? 'takes' : 'would take';
    const epochs = formatEstimate(left, 'more epoch');
    const isFine = isLive(run.status) || gap < lastPercent;
    return {
      kind: 'improving',
      code: isFine ? 'improving' : largerRate(run, left) ? 'rate_too_small' : 'too_few_epochs',
      sentence: `Still improving: ${stands}. The rest ${takes} about ${epochs} at this pace.`,
      numbers: { gap, epochs_left: left },
    };
  }
  return stuck(run, curvature, shape, { gap, stands, pace, left });
}

/** Of the best linear model, where that is no better than none. Few rows do not show what else there is in them. */
function flatWords({ shape, data }: RunState): string {
  const said = 'Even the best linear model predicts about the same for every row';
  return shape && mayBend(shape.trainRows, data)
    ? `${said}; where the target bends, a net (Sequential) follows it.`
    : `${said}.`;
}

function unknownDistance(curvature: CurvatureReport | undefined): string {
  if (curvature?.noOptimum) return `No verdict: ${curvature.noOptimum}.`;
  if (curvature?.optimum && curvature.weightDecay !== undefined) {
    return `No verdict: weight_decay ${formatShortest(curvature.weightDecay)} moves the minimum, and it is not known where to.`;
  }
  return `How far it is to the minimum is not known${curvature ? '' : ' yet'}.`;
}

/** Of a loss without a minimum: how near it comes to what it never reaches says little of how well the classes are told apart. */
function endless(run: RunState, gap: number, stands: string): Judgement {
  const falls = (paceOf(run)?.perEpoch ?? 0) > 0;
  const sentence = `Larger weights always lower this loss, so it has no minimum: ${stands}.`;
  return { kind: falls ? 'improving' : 'learning', code: 'separable', sentence, numbers: { gap } };
}

/** Nothing has been learned: what keeps a run there is no noise of batches. */
function isAtStart(gap: number): boolean {
  return gap > 0.98 && gap < 1.02;
}

function asSentence(words: string): string {
  return `${words[0].toUpperCase()}${words.slice(1)}.`;
}

function stuck(
  run: RunState,
  curvature: CurvatureReport,
  shape: RunShape,
  { gap, stands, pace, left }: { gap: number; stands: string; pace: Pace; left: number },
): Judgement {
  const { data, status } = run;
  const { slowest, hessian, adaptive } = curvature;
  const moves = pace.isMoving && pace.perEpoch > 1e-6 && Number.isFinite(left);
  const numbers = { gap, ...(moves && { epochs_left: left }) };
  const isSlow = rateVerdict(curvature, shape) === 'slow' || (slowest && slowest.epochs > shape.epochs && gap > 1);
  if (!isSlow && hovers(run, shape)) {
    const why = adaptive
      ? `${shape.optimizer} makes steps of about lr however small the gradient is`
      : `${curvature.loss} is as steep near its minimum as far from it`;
    const sentence = `Hovering: ${stands}. ${why}, so with a constant lr the weights leave the minimum again and again; a scheduler that lowers lr lets them arrive.`;
    return { kind: 'stuck', code: adaptive ? 'hovering' : 'no_smooth_minimum', sentence, numbers: { gap } };
  }
  const isSorted = !isLive(status) && data?.plan.shuffle === false && (data.sorted ?? 0) > mostlySorted;
  const isPulled = isSorted || (!isAtStart(gap) && !isAtRest(run, gap));
  if (!moves && !isSlow && shape.batchesPerEpoch > 1 && isPulled) {
    const order =
      'the rows are sorted by their target and are not shuffled, so that the end of each epoch undoes its beginning';
    const noise =
      'each batch pulls the weights another way. A smaller lr, larger batches or a scheduler would bring them nearer';
    const sentence = `Hovering: ${stands}, and ${isSorted ? order : noise}.`;
    return { kind: 'stuck', code: isSorted ? 'ordered_rows' : 'hovering', sentence, numbers };
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
  const sentence = `${so} The slowest direction, mostly ${name}, ${paceWords(slowest)} (condition number ${formatRounded(hessian.condition)}${hessian.isExact ? '' : ' of a bound'}).${heavyMomentum(curvature, shape) ? ` Momentum carries each step on for longer than the data ask for.` : ''}`;
  return { kind: 'stuck', code, sentence, numbers: { ...numbers, condition: hessian.condition } };
}

/**
 * Whether a run that has learned little stands as good as still, as none does that batches pull to and fro. Where rows are not
 * shuffled, all epochs may be alike, however far each goes and comes back.
 */
function isAtRest({ history, data }: RunState, gap: number): boolean {
  if (data?.plan.shuffle === false) return false;
  const losses = history.recent('loss').subarray(-recentEpochs(history.length));
  const [least, most] = [Math.min(...losses), Math.max(...losses)];
  return gap > half && most - least < still * most;
}

/** Whether steps that do not shorten near the minimum, and no noise of batches, keep a run that is over away from it. */
function hovers(run: RunState, shape: RunShape): boolean {
  const { curvature, history, status } = run;
  if (isLive(status) || shape.batchesPerEpoch > 1) return false;
  const losses = history.recent('loss');
  if (!curvature?.adaptive) return !curvature?.hessian && isSwinging(losses);
  // It has been near, and left again.
  const earlier = losses.subarray(0, -recentEpochs(losses.length));
  const [nearest, now] = [gapOf(run, Math.min(...earlier)), gapOf(run)];
  return nearest !== undefined && now !== undefined && nearest < leftAgain * now;
}

/** `3 % of what can be learned is left`; where that is more than all, what the loss is to be compared with. */
function standing(run: RunState, gap: number): string {
  if (gap <= 1) return `${formatPercent(gap)} of what can be learned is left`;
  if (run.curvature?.sameForAll !== undefined) return 'the loss is above that of predicting the same for every row';
  if (!run.curvature?.variance) return 'the loss is above that of the first epoch';
  return `the loss is ${formatTimes(shownLoss(run) / run.curvature.variance)} that of always predicting the mean`;
}
