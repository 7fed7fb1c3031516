import { formatCount, formatPercent, formatTimes } from '../../base/format';
import { shownLoss, type RunState } from '../../protocol/state';
import type { Judgement } from '../findings/judgement';

/** Epochs whose mean losses are compared, as a share of all, and at least. */
const stretchShare = 0.1;
const leastStretch = 2;
/**
 * How far a validation loss must have risen above its lowest, and the training loss fallen since, to speak of overfitting. A run
 * that overfits from its first epochs on has its lowest within a stretch: short ones show it where both have moved far.
 */
const slow = { risen: 1.05, fallen: 0.99 };
const fast = { risen: 1.5, fallen: 0.5 };

/** Says so of a run whose validation loss has risen while its training loss fell on; undefined of others. */
export function overfitting(run: RunState): Judgement | undefined {
  const { history, shape } = run;
  // Of a long run these are the last epochs of its buckets, as good a sample as any.
  const validation = history.column('valLoss');
  const { length } = validation;
  if (!shape || shape.validationRows === 0 || length < 5) return undefined;
  // Who does worse than the same prediction for every row has learned too little to have learned too much.
  if (shownLoss(run) > (run.data?.baseline ?? Infinity)) return undefined;
  // Batches make single epochs jump, so stretches of them are compared.
  const long = Math.max(leastStretch, Math.round(length * stretchShare));
  const training = history.column('loss');
  const turn = turnOf(validation, training, long, slow) ?? turnOf(validation, training, leastStretch, fast);
  if (!turn) return undefined;
  const { bucket, rise } = turn;
  const epoch = Math.min((bucket + 1) * history.stride, history.length) - 1;
  const stands = rise < 2 ? `has risen ${formatPercent(rise - 1)} since` : `is ${formatTimes(rise)} that of`;
  const sentence =
    `Overfitting: the validation loss ${stands} epoch ${formatCount(epoch + 1)}, while the training loss still falls. ` +
    'The weights of that time do better on rows they never saw: Replay goes back to them.';
  return { kind: 'overfitting', code: 'overfitting', sentence, numbers: { best_epoch: epoch, rise } };
}

/** Where the validation loss was lowest, and how many times that it is now, if it has risen while the training loss fell. */
function turnOf(
  validation: Float64Array,
  training: Float64Array,
  count: number,
  { risen, fallen }: typeof slow,
): { bucket: number; rise: number } | undefined {
  const levels = stretchMeans(validation, count);
  const losses = stretchMeans(training, count);
  const last = levels.length - 1;
  const best = levels.reduce((lowest, level, at) => (level < levels[lowest] ? at : lowest), 0);
  if (!(levels[last] > risen * levels[best]) || !(losses[last] < fallen * losses[best])) return undefined;
  const from = validation.length - (last - best + 1) * count;
  const stretch = validation.subarray(from, from + count);
  const bucket = from + stretch.reduce((lowest, loss, at) => (loss < stretch[lowest] ? at : lowest), 0);
  return { bucket, rise: levels[last] / levels[best] };
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
