/** How much of a run's epochs is kept. */
export interface HistoryLimits {
  /** Number of buckets; up to that many epochs each epoch is kept. */
  buckets: number;
  /** Records of the parameters, and numbers in all of them together. */
  records: number;
  numbers: number;
}

/** What the extension host keeps of a run: about 25 MB of epochs and 32 MiB of parameters. */
export const hostLimits: HistoryLimits = { buckets: 2 ** 18, records: Infinity, numbers: 2 ** 23 };
/** What stays in memory of a run that nobody looks at: a rough curve. */
export const restingLimits: HistoryLimits = { buckets: 2 ** 8, records: 2 ** 8, numbers: 2 ** 11 };
/** What a page is given: more than it has pixels. */
export const pageLimits: HistoryLimits = { buckets: 2 ** 14, records: 2 ** 15, numbers: 2 ** 21 };

/** Epochs from one record of the parameters to the next in a run with this many epochs and parameters. */
export function weightsEveryOf(epochs: number, parameters: number): number {
  return Math.max(1, Math.ceil((epochs * parameters) / hostLimits.numbers));
}
