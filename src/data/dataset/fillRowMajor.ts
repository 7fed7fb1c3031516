import type { InputColumn } from '../../engine/dataset';
import type { Numbers } from '../../engine/numbers';

/** A column of a row-major table: numbers, or 1 where they are those of a category and else 0. */
export interface FilledColumn {
  name: string;
  data: Numbers;
  /** Taken where a number is missing. */
  mean?: number;
  category?: number;
  /** Absent where the column is as it stands in the file. */
  source?: InputColumn;
}

/** Columns of one table: all of its rows, or those in `kept`, `rows` in number. */
export interface FilledPart {
  columns: readonly FilledColumn[];
  rows: number;
  kept: Uint32Array | undefined;
}

/** Rows that are filled at a time, so that their cache lines are fetched once and not once a column. */
const tileRows = 256;

/** The rows of all parts. */
export function partRows(parts: readonly FilledPart[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}

/** Puts the columns of each part side by side, row after row, one part below the other. */
export function fillParts(numbers: Numbers, parts: readonly FilledPart[]): void {
  let start = 0;
  for (const part of parts) {
    const end = start + part.rows * part.columns.length;
    fillRowMajor(numbers.subarray(start, end), part);
    start = end;
  }
}

function fillRowMajor(numbers: Numbers, { columns, rows, kept }: FilledPart): void {
  // Each of these may be computed anew whenever it is asked for.
  const sources = columns.map(({ data, mean = NaN, category }) => ({ data, mean, category }));
  for (let from = 0; from < rows; from += tileRows) {
    const to = Math.min(rows, from + tileRows);
    sources.forEach((source, i) => fillTile(numbers, sources.length, i, source, from, to, kept));
  }
}

function fillTile(
  numbers: Numbers,
  width: number,
  column: number,
  { data, mean, category }: { data: Numbers; mean: number; category: number | undefined },
  from: number,
  to: number,
  kept: Uint32Array | undefined,
): void {
  for (let row = from; row < to; row++) {
    const value = data[kept ? kept[row] : row];
    const at = row * width + column;
    if (category !== undefined) numbers[at] = value === category ? 1 : 0;
    else numbers[at] = Number.isNaN(value) ? mean : value;
  }
}
