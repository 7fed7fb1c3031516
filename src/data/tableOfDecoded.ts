import { LineIndex, type Problem } from '../problem';
import { Column } from './column';
import type { CellValue, Decoded, DecodedTable } from './decodedTable';
import { headerColumns } from './headerColumns';
import type { Finding, TableResult } from './table';

const NOWHERE = { start: 0, end: 0 };

/** Makes the columns of a decoded file. Cells of a format that is no text are all at the file's first line. Never throws. */
export function tableOfDecoded({ table, findings, unlisted = 0, text = '' }: Decoded, fileName: string): TableResult {
  const lines = new LineIndex(text);
  const locate = ({ start, end, ...rest }: Finding): Problem => ({
    file: fileName,
    ...lines.range(start, end),
    ...rest,
  });
  if (!table) return { problems: findings.map(locate), unlisted };

  const { rows, names, values } = table;
  const named = namedColumns(table);
  const problems = [...findings, ...named.findings].map(locate);
  named.columns.forEach((column, i) => fill(column, values[i], rows));
  const textOf = (row: number, column: number) => cellText(values[column][row]);
  const cell = (row: number, column: number) => {
    const { start, end } = table.place?.(row, column) ?? NOWHERE;
    return { range: lines.range(start, end), text: row < 0 ? names[column] : textOf(row, column) };
  };
  return { table: { fileName, rows, columns: named.columns, cell, text: textOf }, problems, unlisted };
}

/** NaN is how NumPy, pandas and Python's json write a value that is not known, so it counts as missing here. */
function isMissingValue(value: CellValue): value is null | undefined {
  return value === null || value === undefined || Number.isNaN(value);
}

function cellText(value: CellValue): string {
  return isMissingValue(value) ? '' : String(value);
}

function fill(column: Column, values: ArrayLike<CellValue>, rows: number): void {
  for (let row = 0; row < rows; row++) {
    const value = values[row];
    column.addValue(isMissingValue(value) ? null : value);
  }
}

/** Places are looked up only where something is wrong with the names: finding them can take a pass over the whole text. */
function namedColumns({ names, place }: DecodedTable): { columns: Column[]; findings: Finding[] } {
  const trimmed = names.map((name) => name.trim());
  if (!trimmed.includes('') && new Set(trimmed).size === names.length) {
    return { columns: trimmed.map((name) => new Column(name)), findings: [] };
  }
  const places = trimmed.map((text, column) => ({ ...(place?.(-1, column) ?? NOWHERE), text }));
  const { columns, findings } = headerColumns(trimmed, places);
  return { columns, findings: findings.filter((finding) => finding.code !== 'no-header') };
}
