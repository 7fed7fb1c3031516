/** A line of comma-separated cells, without its line end; cells that need quotes have them. */
export function csvLine(cells: readonly (string | number)[]): string {
  return cells.map(csvCell).join(',');
}

/** Rows as a spreadsheet takes them from the clipboard: a tab between cells, a line a row. */
export function clipboardText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map((cell) => cell.replace(/[\t\r\n]+/g, ' ')).join('\t') + '\n').join('');
}

function csvCell(cell: string | number): string {
  if (typeof cell === 'number') return String(cell);
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
