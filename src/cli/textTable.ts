import { visibleLine } from './say';

/** Columns padded to their widest cell, numbers to the right. */
export function textTable(cells: string[][]): string {
  const rows = cells.map((row) => row.map(visibleLine));
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const isNumber = (cell: string) => /^-?[\d.]|^-?∞$|^NaN$/.test(cell);
  const right = rows[0].map((_, column) => rows.slice(1).every((row) => isNumber(row[column])));
  return rows
    .map(
      (row) =>
        row
          .map((cell, i) => (right[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
          .join('  ')
          .trimEnd() + '\n',
    )
    .join('');
}
