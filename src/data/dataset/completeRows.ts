import type { Problem } from '../../base/problem';
import type { Numbers } from '../../engine/numbers';
import { formatCount } from '../../base/format';
import type { Table } from '../table/table';

/** Places of left-out rows that a note names. */
const maxNamed = 10;

/** Rows without an empty cell in the used columns; undefined where that is all of them. */
export function completeRows(
  table: Table,
  used: number[],
  numbers: (column: number) => Numbers | undefined,
): Uint32Array | undefined {
  const gaps = used.filter((i) => table.columns[i].faultCounts.missing > 0).flatMap((i) => numbers(i) ?? []);
  if (gaps.length === 0) return undefined;
  const kept = new Uint32Array(table.rows);
  let count = 0;
  for (let row = 0; row < table.rows; row++) {
    if (gaps.every((data) => !Number.isNaN(data[row]))) kept[count++] = row;
  }
  return kept.subarray(0, count);
}

/** Says which rows are left out for empty cells in the used columns, at the first of these cells. */
export function droppedNotes(table: Table, used: number[], kept: number): Problem[] {
  const dropped = table.rows - kept;
  if (kept === 0) {
    const message =
      'every row has an empty cell in a column that is used; name other columns, or set dataset.missing to "mean"';
    const place = { file: table.fileName, ...table.cell(-1, 0).range };
    return [{ ...place, severity: 'error', message, code: 'no-rows' }];
  }
  const gaps = firstGaps(table, used);
  const are = dropped === 1 ? 'is' : 'are';
  const message = `${dropped} of ${table.rows} rows ${are} left out: a column that is used has no value in ${named(table, gaps, dropped)}`;
  const { row, column } = gaps[0];
  const place = { file: table.fileName, ...table.cell(row, column).range };
  return [{ ...place, severity: 'information', message, code: 'dropped' }];
}

interface Gap {
  row: number;
  column: number;
}

/** The first empty cell of each of the first rows that have one, as far as every column remembers its own. */
function firstGaps({ columns }: Table, used: number[]): Gap[] {
  const known = used.map((column) => ({ column, rows: columns[column].faultRows.missing }));
  const isCut = ({ column, rows }: (typeof known)[number]) => rows.length < columns[column].faultCounts.missing;
  const end = Math.min(...known.filter(isCut).map(({ rows }) => rows[rows.length - 1]));
  const byRow = new Map<number, number>();
  for (const { column, rows } of known) {
    for (const row of rows) if (row <= end && !(byRow.get(row)! < column)) byRow.set(row, column);
  }
  const gaps = [...byRow].map(([row, column]) => ({ row, column })).sort((a, b) => a.row - b.row);
  return gaps.slice(0, maxNamed);
}

/** `lines 5, 9, 31 and 40`, or `rows 1, 2 and 30 more` where rows have no lines of their own. */
function named(table: Table, gaps: Gap[], dropped: number): string {
  const lines = gaps.map(({ row, column }) => table.cell(row, column).range.line);
  const haveLines = !table.placeless && new Set(lines).size === lines.length;
  const unit = haveLines ? 'line' : 'row';
  const places = (haveLines ? lines : gaps.map(({ row }) => row + 1)).map(String);
  const rest = dropped - gaps.length;
  const parts = rest > 0 ? [...places, `${formatCount(rest)} more`] : places;
  const last = parts.pop()!;
  return parts.length > 0 ? `${unit}s ${parts.join(', ')} and ${last}` : `${unit} ${last}`;
}
