import { maxFaults, type ColumnOptions } from './column';
import type { ReadOptions } from './table';

/** Faulty cells that the columns of a table remember together, of each kind. */
const maxRemembered = 20_000;

/** What each of this many columns keeps, by its name. */
export function columnOptions(
  { texts = [], probabilities = false, weights = [], scaled = false, dates, sink }: ReadOptions,
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
  return (name) => ({ texts: kept.has(name), ...rangeOf(name), scaled, faultLimit, passing, form: form(name) });
}
