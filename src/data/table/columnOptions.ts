import { maxFaults, type ColumnOptions } from './column';
import type { ReadOptions } from './table';

/** Faulty cells that the columns of a table remember together, of each kind. */
const maxRemembered = 20_000;

/** What each of so many columns keeps, by its name. */
export function columnOptions(
  { texts = [], probabilities = false, scaled = false, sink }: ReadOptions,
  columns: number,
): (name: string) => ColumnOptions {
  const faultLimit = Math.max(1, Math.min(maxFaults, Math.floor(maxRemembered / columns)));
  const kept = new Set(texts);
  return (name) => ({ texts: kept.has(name), probabilities, scaled, faultLimit, passing: sink !== undefined });
}
