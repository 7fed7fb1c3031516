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

/** Rows that are filled at a time, so that their cache lines are fetched once and not once a column. */
const tileRows = 256;

/** Puts columns side by side, row after row: all rows, or those in `kept`, `rows` in number. */
export function fillRowMajor(
  numbers: Numbers,
  columns: readonly FilledColumn[],
  rows: number,
  kept: Uint32Array | undefined,
): void {
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
