/** Keyword arguments of Lightning's `EarlyStopping`, and whether training ends with the best epoch's parameters. */
export interface EarlyStoppingOptions {
  /** By how much a number must be better than the best one to count as an improvement. */
  min_delta: number;
  /** Number of epochs with no improvement after which training stops. */
  patience: number;
  mode: 'min' | 'max';
  /** Training stops as soon as the number is better than this one. */
  stopping_threshold?: number;
  restore_best: boolean;
}

/** What is remembered of the number that is monitored; part of a checkpoint. */
export interface Monitored {
  /** The epoch with the best number so far, the first of several; -1 before there is one. */
  bestEpoch: number;
  best: number;
  /** Lightning's `best_score`: the last number that was an improvement. */
  score: number;
  /** Lightning's `wait_count`: epochs since then. */
  waited: number;
}

/** What is remembered before the first epoch. */
export function unmonitored(mode: EarlyStoppingOptions['mode']): Monitored {
  const worst = mode === 'min' ? Infinity : -Infinity;
  return { bestEpoch: -1, best: worst, score: worst, waited: 0 };
}

/** What is remembered after an epoch whose number is `value`, and whether training stops there; without `rule` it never does. */
export function monitor(
  before: Monitored,
  epoch: number,
  value: number,
  rule?: EarlyStoppingOptions,
): { after: Monitored; stops: boolean } {
  const isBetter = (one: number, other: number) => (rule?.mode === 'max' ? one > other : one < other);
  const { score, waited } = before;
  // Of short epochs this is a large part: no record where nothing is new.
  const after = isBetter(value, before.best) ? { bestEpoch: epoch, best: value, score, waited } : before;
  if (!rule) return { after, stops: false };
  const { min_delta, patience, mode, stopping_threshold } = rule;
  // As with Lightning's `check_finite`.
  if (!Number.isFinite(value)) return { after, stops: true };
  if (stopping_threshold !== undefined && isBetter(value, stopping_threshold)) return { after, stops: true };
  if (isBetter(mode === 'max' ? value - min_delta : value + min_delta, before.score)) {
    return { after: { ...after, score: value, waited: 0 }, stops: false };
  }
  return { after: { ...after, waited: waited + 1 }, stops: waited + 1 >= patience };
}
