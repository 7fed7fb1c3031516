import type { Problem } from '../../base/problem';
import type { ReadWatch } from '../bytes/byteSource';
import { readCsv } from '../csv/csv';
import { readSheet, type Sheet } from './sheetCells';
import type { ReadOptions, TableResult } from '../table/table';
import { ZipFault } from '../bytes/zipEntries';

/**
 * Reads a sheet of an Excel workbook: its cells as delimited text, so that titles, units and totals are found as in a csv. A
 * problem's line is the row in the sheet, its column the column. Never throws for what is in the bytes.
 */
export async function readXlsx(
  bytes: Uint8Array,
  fileName: string,
  options: ReadOptions,
  watch: ReadWatch,
): Promise<TableResult> {
  const start = { file: fileName, line: 1, column: 1, endLine: 1, endColumn: 1 };
  let sheet: Sheet;
  try {
    sheet = await readSheet(bytes, options.sheet, options.decimal);
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    const message = `the workbook cannot be read: ${error.message}`;
    const isSheet = error.message.startsWith('it has no sheet');
    const cure = isSheet ? '' : '; save it anew as .xlsx, or as CSV';
    return { problems: [{ ...start, severity: 'error', message: message + cure, code: 'workbook' }], unlisted: 0 };
  }
  const lines = Array.from(sheet.rows, (row) => (row ?? []).map(quoted).join(','));
  const { table, problems, unlisted } = await readCsv(
    lines.join('\n'),
    fileName,
    // A sheet keeps no cell that is empty, so that its rows end where they please.
    { ...options, delimiter: ',', decimal: options.decimal ?? '.', fillShort: true },
    watch,
  );
  const told = problems.filter(({ code }) => code !== 'short-rows');
  const placed = told.map((problem) => ({ ...problem, ...inSheet(problem, lines) }));
  if (sheet.unknown) {
    const { row: line, column } = sheet.unknown;
    const message =
      'the workbook has no value for this formula, as the program that wrote it does not calculate; open it in Excel or LibreOffice and save it';
    const range = { line, column, endLine: line, endColumn: column + 1 };
    placed.unshift({ file: fileName, ...range, severity: 'warning', message, code: 'no-formula-value' });
  }
  if (options.sheet === undefined && sheet.names.length > 1) {
    const others = sheet.names.filter((name) => name !== sheet.name).map((name) => JSON.stringify(name));
    const message = `sheet ${JSON.stringify(sheet.name)} is read; to read another (${others.slice(0, 5).join(', ')}), set dataset.sheet to its name`;
    placed.unshift({ ...start, severity: 'information', message, code: 'sheet' });
  }
  if (!table) return { problems: placed, unlisted };
  const cell: typeof table.cell = (row, column) => {
    const place = table.cell(row, column);
    const range = inSheet(place.range, lines);
    const isBeyond = row >= 0 && cellsIn(lines[range.line - 1]) <= column;
    return { ...place, range: isBeyond ? { ...range, column: column + 1, endColumn: column + 2 } : range };
  };
  return { table: { ...table, cell }, problems: placed, unlisted };
}

/** A cell that no character in it ends. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""').replace(/[\r\n]+/g, ' ')}"` : text;
}

/** A place in the text as the row and the column of its cell. */
function inSheet(
  { line, column, endLine, endColumn }: Pick<Problem, 'line' | 'column' | 'endLine' | 'endColumn'>,
  lines: string[],
) {
  const cellAt = (row: number, at: number) => cellsIn((lines[row - 1] ?? '').slice(0, at - 1));
  return { line, column: cellAt(line, column), endLine, endColumn: cellAt(endLine, Math.max(1, endColumn)) + 1 };
}

function cellsIn(line: string): number {
  return line.replace(/"[^"]*("|$)/g, '').split(',').length;
}
