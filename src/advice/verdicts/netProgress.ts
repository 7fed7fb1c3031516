import { formatNumber, formatPercent, formatQuantity, formatShortest, formatTimes } from '../../base/format';
import type { RunShape } from '../../protocol/protocol';
import { isLive, shownLoss, type RunState } from '../../protocol/state';
import type { Finding } from '../findings/finding';
import type { Judgement } from '../findings/judgement';
import { unitFinding } from '../findings/unitFinding';
import { isFarBelow } from '../fixes/usualRates';
import { startsAlike } from './startsAlike';
import { mean } from './overfitting';

/** A net that has learned less than this share of what a simple model can has not learned what it could. */
const enough = 0.9;
/** One that has learned this share of it has no fault where it still falls slowly, or where some of its units are dead. */
const most = 0.8;
/** Log losses are compared with shares of variance, which say less of them. */
const enoughOfClasses = 0.5;
/** Simple models that explain less give nothing to compare with. */
const worthLearning = 0.05;
/** Share of the baseline's loss that the last tenth of the epochs takes off a run that still falls. */
const falling = 0.002;
/** Fewer steps are too few for any rate. */
export const fewSteps = 400;
/** Steps that a small net is given, and a fall that shows it has had too few. */
const enoughSteps = 1500;
const fallsFar = 0.02;
/** By how much the losses of the last epochs jump, beside what is left, where steps are too long. */
const jumpy = 0.15;
/** A first epoch's loss that is so many times the baseline's is no start that is merely bad. */
const farOff = 10;

/** Standard errors that are more than chance. */
const sure = 2;

/** How far a net has come, beside what simple models of the same rows reach. */
export interface NetProgress {
  loss: number;
  /** Share of the baseline's loss that is gone, and what simple models explain. */
  learned: number;
  simple: number;
  isShort: boolean;
  /** Share of the baseline's loss that the last epochs took off, and how many these are. */
  fall: number;
  epochs: number;
  /** How much single epochs differ from each other, beside their mean. */
  jump: number;
  /** Whether the last epochs took off more than single ones differ by chance. */
  isMoving: boolean;
}

/** Undefined where the rows were not looked at, or there are too few epochs. */
export function netProgress(run: RunState, shape: RunShape): NetProgress | undefined {
  const { baseline, explained } = run.data ?? {};
  const losses = run.history.column('loss');
  // Of few rows simple models say nothing.
  if (!(baseline! > 0) || explained?.neighbours === undefined || losses.length < 4) return undefined;
  const loss = shownLoss(run);
  const learned = 1 - loss / baseline!;
  const simple = Math.min(1, Math.max(0, explained.linear ?? 0, explained.squares ?? 0, explained.neighbours));
  const share = isOfClasses(shape) ? enoughOfClasses : enough;
  const span = Math.max(1, Math.round(losses.length / 20));
  const [before, after] = [losses.subarray(-2 * span, -span), losses.subarray(-span)];
  const middle = mean(after);
  const jump = Math.sqrt(after.reduce((sum, value) => sum + (value - middle) ** 2, 0) / after.length) / middle;
  return {
    ...{ loss, learned, simple, jump },
    isShort: simple > worthLearning && learned < share * simple,
    fall: (mean(before) - middle) / baseline!,
    isMoving: mean(before) - middle > (sure * jump * middle) / Math.sqrt(span),
    epochs: span * run.history.stride,
  };
}

/** Why a net that rests has learned less than it could, by its units. */
export function netFinding(run: RunState, shape: RunShape): Finding | undefined {
  const { signs, data, status } = run;
  if (!signs?.net || isLive(status) || startsAlike(run, shape)) return undefined;
  const progress = netProgress(run, shape);
  if (!progress?.isShort) return undefined;
  const { learned, simple, fall } = progress;
  const isYoung = run.history.length * shape.batchesPerEpoch < fewSteps && fall > falling;
  // Steps so small have killed no unit, and no unit would have learned by them.
  const hasStayed = isFarBelow({ type: shape.optimizer, lr: shape.lr });
  return unitFinding(signs.net, data?.start, data?.plan, learned < most * simple && !isYoung && !hasStayed);
}

/** How a net stands beside what simple models reach; undefined where that says nothing. */
export function progressOfNet(run: RunState, shape: RunShape): Judgement | undefined {
  const progress = netProgress(run, shape);
  if (!progress) return undefined;
  const { loss, learned, simple, isShort, fall, epochs, jump, isMoving } = progress;
  const numbers = { loss, learned, simple };
  const stands = `the loss is ${formatNumber(loss)}, ${learned > 0 ? `${formatPercent(learned)} below` : 'not below'} that of the same prediction for every row`;
  const hasFew = run.history.length * shape.batchesPerEpoch < fewSteps;
  if (!isShort && hasFew && fall > fallsFar && !isLive(run.status)) {
    const sentence = `Too few steps: ${stands}, and it still falls fast.`;
    const left = Math.ceil(enoughSteps / shape.batchesPerEpoch);
    return { kind: 'improving', code: 'too_few_epochs', sentence, numbers: { ...numbers, epochs_left: left } };
  }
  if (!isShort) {
    if (fall > falling) {
      const sentence = `Still improving: ${stands}.`;
      return { kind: 'improving', code: 'improving', sentence, numbers: { ...numbers, fall } };
    }
    const isAll = learned > 0.99;
    const more = isAll
      ? ''
      : ` A linear model or near rows explain ${formatPercent(simple)}; what more units could is not known.`;
    return {
      kind: isAll ? 'converged' : 'learning',
      code: 'converged',
      sentence: `Learned: ${stands}.${more}`,
      numbers,
    };
  }
  if (isLive(run.status)) return undefined;
  const less = `${stands}, while simple models explain ${formatPercent(simple)}`;
  const steps = run.history.length * shape.batchesPerEpoch;
  if (isThrownOff(run, shape, learned)) {
    const sentence = `Thrown off: ${less}. The first steps made it ${formatTimes(run.history.at('loss', 0)! / run.data!.baseline!)} as large as that, and it has not come back: lr ${formatShortest(shape.lr)} is too large.`;
    return { kind: 'stuck', code: 'rate_over_limit', sentence, numbers: { ...numbers, lr: shape.lr } };
  }
  // Steps that threw the loss far off as they began, and still make it jump, are not too short.
  const isWild = jump > jumpy && run.history.at('loss', 0)! > farOff * run.data!.baseline!;
  if (!isWild && ((fall > falling && isMoving) || (fall > 0 && jump < falling))) {
    if (hasFew) {
      const left = Math.ceil(enoughSteps / shape.batchesPerEpoch);
      const sentence = `Too few steps: ${less}. It still falls, and ${formatQuantity(steps, 'step')} are few for a net.`;
      return { kind: 'improving', code: 'too_few_epochs', sentence, numbers: { ...numbers, epochs_left: left } };
    }
    if (learned >= most * simple) {
      return {
        kind: 'improving',
        code: 'improving',
        sentence: `Still improving: ${less}.`,
        numbers: { ...numbers, fall },
      };
    }
    const left = Math.ceil(((simple - learned) / Math.max(fall, 1e-12)) * epochs);
    const sentence = `Slow: ${less}. It still falls: lr ${formatShortest(shape.lr)} is too small for ${formatQuantity(steps, 'step')}.`;
    return { kind: 'stuck', code: 'rate_too_small', sentence, numbers: { ...numbers, epochs_left: left } };
  }
  if (jump > jumpy || learned < -jumpy) {
    const sentence = `Unsteady: ${less}. The loss jumps by ${formatPercent(jump)} from epoch to epoch: lr ${formatShortest(shape.lr)} is too large.`;
    return { kind: 'stuck', code: 'rate_over_limit', sentence, numbers: { ...numbers, jump, lr: shape.lr } };
  }
  return undefined;
}

/**
 * Whether steps have carried a net far from where it began and not back. Where targets are scaled, or classes, every net
 * begins at about the loss of the same prediction for every row.
 */
function isThrownOff(run: RunState, shape: RunShape, learned: number): boolean {
  const beginsNear = isOfClasses(shape) || shape.scaling?.targets.scale.some((scale) => scale !== 1) === true;
  return beginsNear && learned < -jumpy && run.history.at('loss', 0)! > farOff * run.data!.baseline!;
}

function isOfClasses({ classNames, loss }: RunShape): boolean {
  return classNames !== undefined || loss === 'binary_cross_entropy_with_logits';
}
