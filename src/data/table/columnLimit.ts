import { formatCount } from '../../base/format';
import { refused, type Decoded } from './decodedTable';

/** Columns that a table can have: what is kept of each beside its numbers takes about a kilobyte. */
export const maxColumns = 100_000;

/** What is said of a table with more columns than can be read. */
export function tooManyColumns(columns: number): string {
  return `there are ${formatCount(columns)} columns or more; at most ${formatCount(maxColumns)} can be read, so keep only those that matter`;
}

/** What a decoder returns for such a table. */
export function refusedColumns(columns: number, start = 0, end = start): Decoded {
  return refused('too-many-columns', tooManyColumns(columns), start, end);
}
