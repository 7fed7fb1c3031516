import type { Column } from './column';

/** Ends of names that say that a column counts its rows. */
const COUNTING_NAME =
  /^(.*[_ .-])?(ids?|index|idx|rows?|row[_ ]?(id|number|num|no|nr)|rownum|nrs?|nos?|num|number|#)\.?$/i;
/** Names of numbers that tell things apart, whatever their order. */
const KEY_NAME = /^(.*[_ .-])?(ids?|index|idx)$/i;
const CAMEL_CASE_ID = /[a-z]I[dD]s?$/;
/** What pandas calls a column without a name. */
const UNNAMED = /^unnamed: \d+$/i;

/**
 * Whether a column of a table only numbers the rows: it counts them by one, and stands first, has no name or a name such as
 * `id`, `no` or `#`; or it is called something like `id` and holds whole numbers that are all different.
 */
export function isIdentifier(columns: readonly Column[], index: number): boolean {
  const column = columns[index];
  const { name } = column;
  const isKey = KEY_NAME.test(name) || CAMEL_CASE_ID.test(name);
  if (isKey && column.tellsRowsApart) return true;
  const isSuspect = index === 0 || column.unnamed || UNNAMED.test(name) || COUNTING_NAME.test(name) || isKey;
  return isSuspect && column.countsRows;
}
