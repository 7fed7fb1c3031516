import type { CurvatureReport, RunShape } from '../src/run/protocol';
import { shownLoss, type RunState } from '../src/run/state';
import { formatCount, formatQuantity } from './format';

/** How a run stands: `waiting` before its first epoch, `learning` where nothing more can be said. */
export type VerdictKind = 'waiting' | 'learning' | 'converged' | 'improving' | 'stuck' | 'diverging' | 'overfitting';

/** How a run stands, in one sentence with its numbers. */
export interface Verdict {
  kind: VerdictKind;
  sentence: string;
}

/** Share of what there was to learn that may be left in a run that has converged. */
const converged = 1e-3;
/** Epochs at the end over which progress is measured, as a share of all, and at least. */
const recentShare = 0.1;
const leastRecent = 2;
/** How far a validation loss must have risen above its lowest to speak of overfitting. */
const risen = 1.02;

/** Says how a run stands. What is left to learn is measured by the gap to the exact minimum, never by the size of a step. */
export function verdictOf(run: RunState): Verdict {
  const { shape, history, status } = run;
  if (!shape || (history.length === 0 && status !== 'diverged')) {
    return { kind: 'waiting', sentence: 'Nothing has been trained yet.' };
  }
  return diverging(run, shape) ?? overfitting(run) ?? distance(run, shape);
}

/** The loss that is left, as a share of what there was to learn; undefined where the minimum is not known. */
export function gapOf(run: RunState, loss = shownLoss(run)): number | undefined {
  const optimum = run.curvature?.optimum;
  if (!optimum) return undefined;
  const start = run.curvature?.variance ?? run.history.column('loss').at(0) ?? NaN;
  return (loss - optimum.loss) / (start - optimum.loss);
}

function diverging(run: RunState, shape: RunShape): Verdict | undefined {
  const losses = run.history.column('loss');
  const rises =
    losses.length >= 3 &&
    losses[losses.length - 1] > 2 * losses[0] &&
    losses[losses.length - 1] > losses[losses.length - 2];
  if (run.status !== 'diverged' && !rises) return undefined;
  const because = run.curvature ? overLimit(run.curvature, shape) : undefined;
  const growth = growthPerStep(losses, shape.batchesPerEpoch);
  const pace = growth === undefined ? '' : ` The error grows ${formatTimes(growth)} a step.`;
  const when =
    run.status === 'diverged' && run.divergence
      ? `Diverged at epoch ${formatCount(run.divergence.epoch)}, batch ${formatCount(run.divergence.batch)}`
      : 'Diverging';
  const why = because ?? `the steps are too long with lr ${short(shape.lr)}; try a smaller one`;
  return { kind: 'diverging', sentence: `${when}: ${why}.${pace}` };
}

/** Why the rate is too high, with the row or column that makes it so; undefined where it is not. */
function overLimit({ limit, hessian, lr }: CurvatureReport, shape: RunShape): string | undefined {
  if (limit.rate === undefined || lr <= limit.rate) return undefined;
  const batches =
    limit.batchRows === 1
      ? ` for batches of one row (row ${formatCount(limit.worstRow + 1)} is the steepest)`
      : limit.batchRows < shape.trainRows
        ? ` for batches of ${formatCount(limit.batchRows)} rows`
        : '';
  const column =
    hessian && limit.batchRows > 1 ? `; ${columnName(shape, hessian.steepestColumn)} is the steepest column` : '';
  return `lr ${short(lr)} is ${formatTimes(lr / limit.rate)} the limit ${short(limit.rate)}${batches}${column}`;
}

/** By how much the distance from the minimum was multiplied in a step of the last epochs; the loss grows by its square. */
function growthPerStep(losses: Float64Array, stepsPerEpoch: number): number | undefined {
  let last = losses.length - 1;
  while (last > 0 && !Number.isFinite(losses[last])) last--;
  if (last < 1 || !(losses[last] > losses[last - 1])) return undefined;
  return (losses[last] / losses[last - 1]) ** (1 / (2 * stepsPerEpoch));
}

function overfitting({ history, shape }: RunState): Verdict | undefined {
  const validation = history.column('valLoss');
  const { length } = validation;
  if (!shape || shape.validationRows === 0 || length < 5) return undefined;
  // Batches make single epochs jump, so stretches of them are compared.
  const count = Math.max(leastRecent, Math.round(length * recentShare));
  const levels = stretchMeans(validation, count);
  const training = stretchMeans(history.column('loss'), count);
  const last = levels.length - 1;
  const best = levels.reduce((lowest, level, at) => (level < levels[lowest] ? at : lowest), 0);
  if (!(levels[last] > risen * levels[best]) || !(training[last] < training[best])) return undefined;
  const rise = ((levels[last] / levels[best] - 1) * 100).toPrecision(2);
  const from = length - (last - best + 1) * count;
  const stretch = validation.subarray(from, from + count);
  const epoch = from + stretch.reduce((lowest, loss, at) => (loss < stretch[lowest] ? at : lowest), 0);
  const sentence =
    `Overfitting: the validation loss has risen ${rise} % since epoch ${formatCount(epoch)}, while the training loss still falls. ` +
    'Weights from about that epoch do better on rows that were not trained on.';
  return { kind: 'overfitting', sentence };
}

/** The means of stretches of `count` values one after the other; the last one ends with the last value. */
function stretchMeans(values: Float64Array, count: number): number[] {
  const stretches = Math.floor(values.length / count);
  const first = values.length - stretches * count;
  return Array.from({ length: stretches }, (_, i) => mean(values.subarray(first + i * count, first + (i + 1) * count)));
}

function distance(run: RunState, shape: RunShape): Verdict {
  const gap = gapOf(run);
  const { curvature, history } = run;
  if (gap === undefined || !curvature?.optimum || !Number.isFinite(gap)) {
    return {
      kind: 'learning',
      sentence: curvature?.noOptimum
        ? `No verdict: ${curvature.noOptimum}.`
        : 'The distance to the minimum is not known.',
    };
  }
  if (gap < converged) {
    return { kind: 'converged', sentence: `Converged: ${aboveMinimum(gap)}.` };
  }
  const { length } = history;
  const recent = Math.min(length - 1, Math.max(leastRecent, Math.round(length * recentShare)));
  const earlier = gapOf(run, mean(history.column('loss').subarray(length - 1 - recent, length - recent)));
  const now = gapOf(run, history.column('loss')[length - 1]);
  if (recent < 1 || earlier === undefined || now === undefined)
    return { kind: 'learning', sentence: `${aboveMinimum(gap)}.` };
  const pace = Math.log(earlier / now) / recent;
  const left = Math.ceil(Math.log(gap / converged) / pace);
  const isWithinReach = pace > 0 && left <= Math.max(3 * shape.epochs, 2 * length);
  if (isWithinReach) {
    const epochs = `about ${formatCount(roundCount(left))} more epochs`;
    return {
      kind: 'improving',
      sentence: `Still improving: ${aboveMinimum(gap)}; ${epochs} at this pace until nothing is left to gain.`,
    };
  }
  return { kind: 'stuck', sentence: stuckSentence(curvature, shape, { gap, pace, left }) };
}

function stuckSentence(
  { slowest, hessian }: CurvatureReport,
  shape: RunShape,
  { gap, pace, left }: { gap: number; pace: number; left: number },
): string {
  const stands = aboveMinimum(gap);
  const isSlow = slowest && slowest.epochs > shape.epochs;
  if (!isSlow && !(pace > 1e-6) && shape.batchesPerEpoch > 1) {
    return `Hovering: ${stands}, and batches pull the weights to and fro. A smaller lr, larger batches or a scheduler bring it nearer.`;
  }
  const more =
    pace > 0 && Number.isFinite(left)
      ? `; ${formatQuantity(roundCount(left), 'more epoch')} would be needed at this pace`
      : '';
  if (!slowest || !hessian) return `Stuck: ${stands}${more}.`;
  const name = columnName(shape, slowest.parameter);
  const epochs = Number.isFinite(slowest.epochs)
    ? `${formatQuantity(roundCount(slowest.epochs), 'epoch')}`
    : 'for ever';
  return `Stuck: ${stands}${more}. The slowest direction, mostly ${name}, takes ${epochs} to come nearer by a factor of 2.7 (condition number ${short(hessian.condition)}).`;
}

/** An input's name, or `bias` for the number after the last input. */
export function columnName(shape: RunShape, column: number): string {
  return shape.inputNames[column] ?? 'bias';
}

/** `3 % of what can be learned is left`. */
function aboveMinimum(gap: number): string {
  const share = gap * 100;
  if (share < 0.1) return 'less than 0.1 % of what can be learned is left';
  return `${share < 10 ? Number(share.toPrecision(2)) : share > 999 ? short(share) : Math.round(share)} % of what can be learned is left`;
}

function formatTimes(factor: number): string {
  return `${factor < 1.1 ? factor.toPrecision(5) : short(factor)} times`;
}

/** Three significant digits. */
function short(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) return rounded.toExponential().replace('e+', 'e');
  return size >= 1000 ? formatCount(rounded) : String(rounded);
}

function roundCount(count: number): number {
  return Number(Math.ceil(count).toPrecision(2));
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
