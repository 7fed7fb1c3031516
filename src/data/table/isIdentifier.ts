import type { Column } from './column';

/** Ends of names that say that a column counts its rows. */
const countingName =
  /^(.*[_ .-])?(ids?|index|idx|rows?|row[_ ]?(id|name|names|number|num|no|nr)|rownum|rownames|nrs?|nos?|num|number|record|recno|instant|seq|sequence|serial|sl|obs|observation|case|sample|#)\.?$/i;
/** Names of numbers that tell things apart, whatever their order. */
const keyName = /^(.*[_ .-])?(ids?|index|idx)$/i;
const camelCaseId = /[a-z]I[dD]s?$/;
/** What pandas calls a column without a name. */
const unnamedPattern = /^unnamed: \d+(\.\d+)*$/i;
/** Names of what is measured or passes in even steps. */
const measuredName =
  /^(.*[_ .([-])?(years?|yr|months?|weeks?|days?|dates?|times?|t|x|hours?|minutes?|seconds?|quarters?|periods?|epochs?|ages?|doses?|levels?|temp(erature)?s?|dist(ance)?|depth|heights?|weights?|sizes?|speed|steps?|iterations?|lag|conc(entration)?|voltage|pressure|power|price|length|width|degrees?)([_ .()[-].*)?$/i;
/** A correlation so far from chance is seen as one: its t statistic. */
const clearRatio = 3;

/** Whether a column numbers the rows, as far as its name and its values say. */
export interface RowNumbers {
  identifier: boolean;
  /** Of one that is called neither so nor otherwise: the columns that it goes with. It is no mere number to these. */
  carries?: string[];
}

/**
 * Whether a column of a table only numbers the rows: it has no name or a name such as `id`, `no` or `#` and counts them by
 * one; or it is called something like `id` and holds whole numbers that are all different; or it is called `Unnamed: 0`, as
 * pandas writes an index; or it stands first, counts the rows and goes with no other column.
 */
export function rowNumbers(columns: readonly Column[], index: number): RowNumbers {
  const column = columns[index];
  const { name } = column;
  if (unnamedPattern.test(name) && !column.unnamed) return { identifier: column.type === 'number' };
  const isKey = keyName.test(name) || camelCaseId.test(name);
  if (isKey && column.tellsRowsApart) return { identifier: true };
  if (!column.countsRows) return { identifier: false };
  if (isKey || column.unnamed || countingName.test(name)) return { identifier: true };
  if (index > 0 || measuredName.test(name)) return { identifier: false };
  return {
    identifier: true,
    carries: columns.filter((other, i) => i > 0 && goesWith(column, other)).map((other) => other.name),
  };
}

/** IDs have as many digits. */
const leastId = 10_000;

/** Whether the first column may hold IDs: large whole numbers, another in every row, that do not go with a target. */
export function mayBeId(columns: readonly Column[], target: number): boolean {
  const [column] = columns;
  if (measuredName.test(column.name) || column.min < leastId || !column.tellsRowsApart) return false;
  return !goesWith(column, columns[target]);
}

/** Whether two columns of numbers rise and fall together more than chance lets them. */
export function goesWith(column: Column, other: Column): boolean {
  if (other.type !== 'number' || other.numbers < 4 || column.constant || other.constant) return false;
  const [x, y] = [column.data, other.data];
  const [meanX, meanY] = [column.mean, other.mean];
  let [count, xx, xy, yy] = [0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [x[i] - meanX, y[i] - meanY];
    if (Number.isNaN(dx + dy)) continue;
    count++;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const share = Math.min(1, (xy * xy) / (xx * yy));
  return share * (count - 2) > clearRatio ** 2 * (1 - share);
}
