import type { CellForm } from './cellForms';
import type { IsKnown, ReadOptions } from './table';

/** Faulty cells of a kind whose rows a column remembers; the rest are only counted. */
export const maxFaults = 100;

/** What a column keeps besides its numbers. */
export interface ColumnOptions {
  /** Whether its texts and its exact numbers are kept, for a column of classes or categories. */
  texts?: boolean;
  /** The range that numbers are to be in; the first ones beyond it are remembered. */
  range?: readonly [least: number, most: number];
  /** Whether its numbers are scaled before they become float32. */
  scaled?: boolean;
  /** Faulty cells of a kind to remember, at most MAX_FAULTS. */
  faultLimit?: number;
  /** What its numbers are written with, where that is known before they are read. */
  form?: CellForm | undefined;
  /** Whether it holds a value; the first cells with one that is not known are remembered. Needs `texts`. */
  isKnown?: IsKnown | undefined;
  /** Whether its numbers go elsewhere, so that it keeps none. */
  passing?: boolean;
}

/** Faulty cells that the columns of a table remember together, of each kind. */
const maxRemembered = 20_000;

/** What each of this many columns keeps, by its name. */
export function columnOptions(
  { texts = [], probabilities = false, weights = [], scaled = false, known, dates, sink }: ReadOptions,
  columns: number,
): (name: string) => ColumnOptions {
  const faultLimit = Math.max(1, Math.min(maxFaults, Math.floor(maxRemembered / columns)));
  const kept = new Set(texts);
  const dated = new Set(dates?.columns);
  const dateForm = dates && { since: Date.parse(dates.since), dayFirst: dates.dayFirst };
  const form = (name: string) => (dated.has(name) ? dateForm : undefined);
  const passing = sink !== undefined;
  const rangeOf = (name: string) => {
    if (weights.includes(name)) return { range: [0, Infinity] as const };
    return probabilities ? { range: [0, 1] as const } : {};
  };
  return (name) => ({
    ...{ texts: kept.has(name), ...rangeOf(name), scaled, faultLimit, passing, form: form(name) },
    isKnown: known?.get(name),
  });
}
