import { formatCount, formatPercent, formatTimes } from '../../base/format';
import type { RunState } from '../../protocol/state';
import type { Judgement } from '../findings/judgement';

/** Epochs whose mean losses are compared, as a share of all, and at least. */
const stretchShare = 0.1;
const leastStretch = 2;
/** How far a validation loss must have risen above its lowest, and the training loss fallen since, to speak of overfitting. */
const risen = 1.05;
const fallen = 0.99;

/** Says so of a run whose validation loss has risen while its training loss fell on; undefined of others. */
export function overfitting({ history, shape }: RunState): Judgement | undefined {
  // Of a long run these are the last epochs of its buckets, as good a sample as any.
  const validation = history.column('valLoss');
  const { length } = validation;
  if (!shape || shape.validationRows === 0 || length < 5) return undefined;
  // Batches make single epochs jump, so stretches of them are compared.
  const count = Math.max(leastStretch, Math.round(length * stretchShare));
  const levels = stretchMeans(validation, count);
  const training = stretchMeans(history.column('loss'), count);
  const last = levels.length - 1;
  const best = levels.reduce((lowest, level, at) => (level < levels[lowest] ? at : lowest), 0);
  if (!(levels[last] > risen * levels[best]) || !(training[last] < fallen * training[best])) return undefined;
  const rise = levels[last] / levels[best];
  const from = length - (last - best + 1) * count;
  const stretch = validation.subarray(from, from + count);
  const bucket = from + stretch.reduce((lowest, loss, at) => (loss < stretch[lowest] ? at : lowest), 0);
  const epoch = Math.min((bucket + 1) * history.stride, history.length) - 1;
  const stands = rise < 2 ? `has risen ${formatPercent(rise - 1)} since` : `is ${formatTimes(rise)} that of`;
  const sentence =
    `Overfitting: the validation loss ${stands} epoch ${formatCount(epoch + 1)}, while the training loss still falls. ` +
    'The weights of that time do better on rows they never saw: Replay goes back to them.';
  return { kind: 'overfitting', code: 'overfitting', sentence, numbers: { best_epoch: epoch, rise } };
}

/** The means of stretches of `count` values one after the other; the last one ends with the last value. */
function stretchMeans(values: Float64Array, count: number): number[] {
  const stretches = Math.floor(values.length / count);
  const first = values.length - stretches * count;
  return Array.from({ length: stretches }, (_, i) => mean(values.subarray(first + i * count, first + (i + 1) * count)));
}

/** The mean of some numbers. */
export function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
