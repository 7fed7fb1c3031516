import { formatNumber, formatPercent, formatQuantity, formatShortest, formatTimes } from '../../base/format';
import { isLive, shownLoss, type RunState } from '../../protocol/state';
import type { RunShape } from '../../protocol/protocol';
import { rateEdits, offeredRate, targetsFix, type ConfigFix } from '../fixes/configFix';
import { usualRateFixes } from '../fixes/usualRates';
import { fewSteps, progressOfNet } from './netProgress';
import { mean } from './overfitting';
import { startsAlike } from './startsAlike';
import type { Judgement } from '../findings/judgement';

/** Share of the first epoch's loss, and of the baseline's, at which there is nothing more to learn from the rows. */
const learned = 1e-3;
/** Share of the loss that the last tenth of the epochs takes off a run that is still falling. */
const falling = 0.01;
/** Share of the first epoch's loss that the last tenth takes off where more epochs are worth while. */
const worthwhile = 0.002;
/** Share of it at which a net that still falls is nearly there. */
const nearlyAll = 0.02;
/** Share of the first epoch's loss that is at least gone in a run that has learned something. */
const something = 0.05;
/** Typical distance of targets from their mean from which on a net does better with scaled ones. */
const farFromMean = 10;
/** After a few steps the pace of a net says little, and so many times as many epochs are offered. */
const muchLonger = 10;

/**
 * How the run of a net stands. No exact minimum is known, so it is measured by the first epoch's loss and by how it fell in
 * the last tenth of the epochs.
 */
export function judgeNet(run: RunState, shape: RunShape): Judgement {
  const first = run.history.at('loss', 0) ?? NaN;
  const loss = shownLoss(run);
  const share = loss / first;
  const numbers = { loss, share };
  if (startsAlike(run, shape)) {
    const sentence =
      'All hidden units start with the same weights, so they stay copies of one another: the net learns no more than one unit a layer can.';
    return { kind: 'stuck', code: 'symmetric_start', sentence, numbers };
  }
  const stands = `the loss is ${formatNumber(loss)}, ${formatPercent(share)} of that of the first epoch`;
  // The first epoch of a rate that is too large can be any number of times as bad as the same prediction for every row.
  const start = Math.min(first, run.data?.baseline ?? first);
  if (loss <= learned * start)
    return { kind: 'converged', code: 'converged', sentence: `Learned: ${stands}.`, numbers };
  const beside = progressOfNet(run, shape);
  if (beside && !(share > 1 && !isLive(run.status))) return beside;
  const recent = recentFall(run);
  if (recent === undefined) return { kind: 'learning', code: 'improving', sentence: `Just begun: ${stands}.`, numbers };
  if (share > 1 && !isLive(run.status)) return worse(shape, share, loss);
  const { fall, epochs } = recent;
  if (fall > falling) {
    const sentence = `Still improving: ${stands}, and the last ${formatQuantity(epochs, 'epoch')} took ${formatPercent(fall)} off it.`;
    const isNear = loss < nearlyAll * start || fall * share < worthwhile;
    const code = isLive(run.status) || isNear ? 'improving' : 'too_few_epochs';
    return { kind: 'improving', code, sentence, numbers: { ...numbers, fall } };
  }
  if (share > 1 - something) {
    const sentence = `Stuck: ${stands}, and it does not fall. Try another lr, or scaled inputs.`;
    return { kind: 'stuck', code: 'unknown', sentence, numbers: { ...numbers, fall } };
  }
  const sentence = `Levelled off: ${stands}. The least that this net could reach is not known; more units, another lr or a scheduler may bring it lower.`;
  return { kind: 'learning', code: 'unknown', sentence, numbers: { ...numbers, fall } };
}

function worse({ lr }: RunShape, share: number, loss: number): Judgement {
  const sentence = `Worse than it began: the loss is ${formatNumber(loss)}, ${formatTimes(share)} that of the first epoch, because the steps are too long with lr ${formatShortest(lr)}.`;
  return { kind: 'diverging', code: 'rate_over_limit', sentence, numbers: { loss, share, lr } };
}

/** What would help the run of a net. */
export function netFixes(run: RunState, shape: RunShape): ConfigFix[] {
  if (startsAlike(run, shape)) {
    const edits = [{ path: ['model', 'init'], value: 'default' }];
    return [{ kind: 'init', title: 'Start with random weights', edits }];
  }
  const isOver = judgeNet(run, shape).code === 'rate_over_limit';
  const isWorse = isOver || (shownLoss(run) > (run.history.at('loss', 0) ?? NaN) && !isLive(run.status));
  if (run.status === 'diverged' || isWorse) {
    const steps = shape.epochs * shape.batchesPerEpoch;
    const tenth = offeredRate(shape.lr / 10);
    const large = hasLargeTargets(run, shape);
    const usual = shape.scaling && !large ? usualRateFixes({ type: shape.optimizer, lr: tenth }, steps) : [];
    if (usual.length > 0) return usual;
    const lr = tenth;
    const smaller: ConfigFix = {
      kind: 'smaller-rate',
      title: `Set lr to a tenth (${formatShortest(lr)})`,
      edits: rateEdits(lr),
    };
    const scaled = shape.scaling ? [] : [scaleInputs];
    return [...(large ? [scaleTargets(shape)] : []), smaller, ...scaled];
  }
  if (run.status !== 'finished' || judgeNet(run, shape).code !== 'too_few_epochs') return [];
  const epochs = (shape.epochs * shape.batchesPerEpoch < fewSteps ? muchLonger : 2) * shape.epochs;
  const title = `Train for ${formatQuantity(epochs, 'epoch')}`;
  return [{ kind: 'more-epochs', title, edits: [{ path: ['epochs'], value: epochs }] }];
}

const scaleInputs: ConfigFix = {
  kind: 'scale-inputs',
  title: 'Scale the inputs',
  edits: [{ path: ['dataset', 'scale'], value: 'standard' }],
};

/** Whether numbers are to be predicted that are far larger than what layers give at their start. */
function hasLargeTargets({ data }: RunState, { scaling }: RunShape): boolean {
  const isScaled = scaling?.targets.scale.some((scale) => scale !== 1) ?? false;
  // The baseline of classes is never so large.
  return !isScaled && (data?.baseline ?? 0) > farFromMean ** 2;
}

/** With the inputs, where these are not scaled either. */
function scaleTargets({ scaling }: RunShape): ConfigFix {
  if (scaling) return targetsFix;
  return { ...targetsFix, title: 'Scale inputs and targets', edits: [...scaleInputs.edits, ...targetsFix.edits] };
}

/** By what share the loss fell in the last tenth of the epochs; undefined where there are too few. */
function recentFall(run: RunState): { fall: number; epochs: number } | undefined {
  const losses = run.history.column('loss');
  const span = Math.max(1, Math.round(losses.length / 20));
  if (losses.length < 4) return undefined;
  // Means, because the loss of a single epoch depends on its order.
  const earlier = mean(losses.subarray(-2 * span, -span));
  const fall = 1 - mean(losses.subarray(-span)) / earlier;
  return { fall, epochs: span * run.history.stride };
}
