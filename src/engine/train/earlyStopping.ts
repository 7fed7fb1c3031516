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

/** What is remembered after an epoch whose number is `value`, where no rule ends training: the lowest one. */
export function withBest(before: Monitored, epoch: number, value: number): Monitored {
  if (!(value < before.best)) return before;
  const { score, waited } = before;
  return { bestEpoch: epoch, best: value, score, waited };
}

/** What is remembered after an epoch whose number is `value`, and whether training stops there. */
export function monitor(
  before: Monitored,
  epoch: number,
  value: number,
  { min_delta, mode, patience, stopping_threshold }: EarlyStoppingOptions,
): { after: Monitored; stops: boolean } {
  const isBetter = (one: number, other: number) => (mode === 'max' ? one > other : one < other);
  const after = isBetter(value, before.best) ? { ...before, bestEpoch: epoch, best: value } : before;
  // As with Lightning's `check_finite`.
  if (!Number.isFinite(value)) return { after, stops: true };
  if (stopping_threshold !== undefined && isBetter(value, stopping_threshold)) return { after, stops: true };
  if (isBetter(mode === 'max' ? value - min_delta : value + min_delta, before.score)) {
    return { after: { ...after, score: value, waited: 0 }, stops: false };
  }
  const waited = before.waited + 1;
  return { after: { ...after, waited }, stops: waited >= patience };
}
