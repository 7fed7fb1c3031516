import { LineIndex, type Problem, type TextRange } from '../../base/problem';
import { pauseFor, type ReadWatch } from '../bytes/byteSource';
import { CellReader } from './cellReader';
import { Column } from './column';
import { maxColumns, refusedColumns } from './columnLimit';
import { columnOptions } from './columnOptions';
import type { CellValue, Decoded, DecodedTable } from './decodedTable';
import { givenNames, headerColumns } from './headerColumns';
import type { CellFault } from './parseCell';
import type { RowSink } from './rowSink';
import type { CellPlace, ReadOptions, TableResult } from './table';
import type { Finding } from '../../base/problem';

const nowhere = { start: 0, end: 0 };

/**
 * Makes the columns of a decoded file. Cells of a format that is no text are all at the file's first line, and the table
 * says so. Asks the watch between two columns. @throws ReadCancelled
 */
export async function tableOfDecoded(
  decoded: Decoded,
  fileName: string,
  options: ReadOptions = {},
  watch: ReadWatch = {},
): Promise<TableResult> {
  const columns = decoded.table?.names.length ?? 0;
  return columns > maxColumns
    ? columnsOf(refusedColumns(columns), fileName, options, watch)
    : columnsOf(decoded, fileName, options, watch);
}

async function columnsOf(
  { table, findings, unlisted = 0, text }: Decoded,
  fileName: string,
  options: ReadOptions,
  watch: ReadWatch,
): Promise<TableResult> {
  const lines = new LineIndex(text ?? '');
  const locate = ({ start, end, ...rest }: Finding): Problem => ({
    file: fileName,
    ...lines.range(start, end),
    ...rest,
  });
  if (!table) return { problems: findings.map(locate), unlisted };

  const { rows, values } = table;
  const { columns, findings: faults } = namedColumns(table, options);
  const problems = [...findings, ...faults].map(locate);
  const rangeOf = rangesOf(table, lines);
  const reader = new CellReader({ decimal: '.', naValues: options.naValues ?? [] });
  if (options.sink) {
    if (options.sink.begin(columns, rangeOf(-1, 0))) pass(table, reader, rangeOf, options.sink);
  } else {
    for (let i = 0; i < columns.length; i++) {
      await pauseFor(watch);
      fill(columns[i], values[i], rows, reader, (row) => rangeOf(row, i));
    }
  }
  const cell = (row: number, column: number): CellPlace => {
    const { name, places, data } = columns[column];
    return places.get(row) ?? { range: rangeOf(row, column), text: row < 0 ? name : cellText(data[row]) };
  };
  const { numbered = false } = table;
  return { table: { fileName, rows, columns, numbered, cell, placeless: text === undefined }, problems, unlisted };
}

/** Where cells stand; apart from what holds their values, which need not stay in memory. */
function rangesOf({ place }: DecodedTable, lines: LineIndex): (row: number, column: number) => TextRange {
  return (row, column) => {
    const { start, end } = place?.(row, column) ?? nowhere;
    return lines.range(start, end);
  };
}

/** NaN is how NumPy, pandas and Python's json write a value that is not known, so it counts as missing here. */
function isMissingValue(value: CellValue): value is null | undefined {
  return value === null || value === undefined || Number.isNaN(value);
}

function cellText(value: CellValue): string {
  return isMissingValue(value) ? '' : String(value);
}

function fill(
  column: Column,
  values: ArrayLike<CellValue>,
  rows: number,
  reader: CellReader,
  rangeOf: (row: number) => TextRange,
): void {
  column.reserve(rows);
  for (let row = 0; row < rows; row++) {
    const value = values[row];
    const isNotable = column.addValue(isMissingValue(value) ? null : value, reader);
    if (isNotable) column.remember({ range: rangeOf(row), text: cellText(value) });
  }
}

/** Hands the rows on, one after the other. */
function pass(
  { values, rows }: DecodedTable,
  reader: CellReader,
  rangeOf: (row: number, column: number) => TextRange,
  sink: RowSink,
): void {
  const numbers = new Float64Array(values.length);
  for (let row = 0; row < rows; row++) {
    const text = (column: number) => cellText(values[column][row]).trim();
    values.forEach((column, i) => (numbers[i] = numberOf(column[row], reader)));
    sink.take({
      numbers,
      text,
      fault: (column) => faultOf(values[column][row], reader),
      place: (column) => rangeOf(row, column),
      asWritten: () => undefined,
    });
  }
}

/** The number that a value is; NaN if a float32 cannot hold it. */
function numberOf(value: CellValue, reader: CellReader): number {
  if (isMissingValue(value)) return NaN;
  const number = typeof value === 'string' ? reader.numberOf(value) : Number(value);
  const isNumber = Number.isFinite(Math.fround(number)) && !reader.isMissingNumber(number);
  return isNumber ? number : NaN;
}

function faultOf(value: CellValue, reader: CellReader): CellFault {
  if (typeof value === 'string') return reader.faultOf(value.trim());
  if (isMissingValue(value) || reader.isMissingNumber(Number(value))) return 'missing';
  return Number.isFinite(value) ? 'tooLarge' : 'notFinite';
}

/** Places are looked up only where something is wrong with the names: finding them can take a pass over the whole text. */
function namedColumns(
  { names, numbered = false, place }: DecodedTable,
  options: ReadOptions,
): { columns: Column[]; findings: Finding[] } {
  const trimmed = givenNames(names, numbered, options).map((name) => name.trim());
  const optionsOf = columnOptions(options, names.length);
  if (!trimmed.includes('') && new Set(trimmed).size === names.length) {
    return { columns: trimmed.map((name) => new Column(name, false, optionsOf(name))), findings: [] };
  }
  const places = trimmed.map((text, column) => ({ ...(place?.(-1, column) ?? nowhere), text }));
  const { columns, findings } = headerColumns(trimmed, places, optionsOf);
  return { columns, findings: findings.filter((finding) => finding.code !== 'no-header') };
}
