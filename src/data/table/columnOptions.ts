import { MAX_FAULTS, type ColumnOptions } from './column';
import type { ReadOptions } from './table';

/** Faulty cells that the columns of a table remember together, of each kind. */
const MAX_REMEMBERED = 20_000;

/** What each of so many columns keeps, by its name. */
export function columnOptions(
  { texts = [], probabilities = false }: ReadOptions,
  columns: number,
): (name: string) => ColumnOptions {
  const faultLimit = Math.max(1, Math.min(MAX_FAULTS, Math.floor(MAX_REMEMBERED / columns)));
  const kept = new Set(texts);
  return (name) => ({ texts: kept.has(name), probabilities, faultLimit });
}
