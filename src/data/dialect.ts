import { LineIndex, type TextRange } from '../problem';
import { formOf, type CellForm } from './cellForms';
import { CellReader } from './cellReader';
import { RowScanner } from './rowScanner';
import type { ReadOptions } from './table';

const DELIMITERS = [',', ';', '\t', '|'];
/** Rows by which a delimiter is told. */
const SAMPLE_ROWS = 10;
/** Characters by which a dialect is told. */
export const HEAD_LENGTH = 65536;

/** How a delimited text is written. */
export interface Dialect {
  delimiter: string;
  lineEnd: '\n' | '\r';
  decimal: '.' | ',';
  header: boolean;
  /** Whether the first row, which was taken for names where nobody said so, looks like one of numbers. */
  doubtfulHeader: boolean;
  /** The cell by which decimal commas were told, where nobody said so. */
  decimalComma?: { range: TextRange; text: string };
  /** What the numbers of a column are written with, by its place, where all its cells in the first rows show it. */
  forms: ReadonlyMap<number, CellForm>;
}

/** The dialect of a text by its first HEAD_LENGTH characters, as far as the options leave it open. */
export function dialectOf(head: string, options: ReadOptions): Dialect {
  const lineEnd = head.includes('\r') && !head.includes('\n') ? '\r' : '\n';
  const cut = head.length < HEAD_LENGTH ? head.length : head.lastIndexOf(lineEnd) + 1 || head.length;
  const text = head.slice(0, cut);
  const delimiter = options.delimiter ?? detectDelimiter(text, lineEnd);
  const rows = rowsOf(text, delimiter, lineEnd, Infinity);
  const comma = options.decimal === undefined && delimiter === ';' ? decimalComma(text, rows, options) : undefined;
  const decimal = options.decimal ?? (comma ? ',' : '.');
  const reader = new CellReader({ decimal });
  const first = rows[0]?.map(({ text: cell }) => cell) ?? [];
  const numbers = first.map((cell) => reader.number(cell, 0, cell.length));
  const header = options.header ?? (rows.length === 0 || !numbers.every(Number.isFinite));
  const doubtfulHeader = options.header === undefined && header && holdsData(first, numbers, reader);
  const forms = formsOf(header ? rows.slice(1) : rows, decimal, options);
  return { delimiter, lineEnd, decimal, header, doubtfulHeader, forms, ...(comma && { decimalComma: comma }) };
}

function formsOf(rows: HeadCell[][], decimal: '.' | ',', { thousands, naValues = [] }: ReadOptions): Dialect['forms'] {
  const reader = new CellReader({ decimal, ...(thousands && { thousands }), naValues });
  const forms = new Map<number, CellForm>();
  const width = rows[0]?.length ?? 0;
  for (let i = 0; i < width; i++) {
    const cells = rows.flatMap((row) => (row[i] && !reader.isMissing(row[i].text) ? [row[i].text] : []));
    const form = formOf(cells, reader);
    if (form) forms.set(i, form);
  }
  return forms;
}

/** Whether half of a row's cells or more are numbers or words for no value, and no names that count up, as years do. */
function holdsData(cells: string[], numbers: number[], reader: CellReader): boolean {
  const isGap = (cell: string) => cell !== '' && reader.isMissing(cell);
  const found = numbers.filter(Number.isFinite);
  const gaps = cells.filter(isGap).length;
  if (found.length === 0 || 2 * (found.length + gaps) < cells.length) return false;
  const countsUp = found.every((value, i) => Number.isInteger(value) && (i === 0 || value === found[i - 1] + 1));
  return gaps > 0 || !countsUp;
}

interface HeadCell {
  text: string;
  start: number;
  end: number;
}

/** The cells of the first rows that are not blank. */
function rowsOf(text: string, delimiter: string, lineEnd: '\n' | '\r', limit: number): HeadCell[][] {
  const scanner = new RowScanner(delimiter, lineEnd);
  const rows: HeadCell[][] = [];
  for (let at = 0; at < text.length && rows.length < limit; at = scanner.next) {
    scanner.scan(text, at, true);
    const cells = Array.from({ length: scanner.cells }, (_, i) => ({
      text: scanner.cellText(text, i),
      ...scanner.cellPlace(text, i),
    }));
    if (cells.length > 1 || cells[0].text !== '') rows.push(cells);
  }
  return rows;
}

/** The delimiter that gives rows of the most equal length; of several, the one that leaves most numbers whole, then most cells. */
function detectDelimiter(text: string, lineEnd: '\n' | '\r'): string {
  const readers = [new CellReader({ decimal: '.' }), new CellReader({ decimal: ',' })];
  const isNumber = ({ text: cell }: HeadCell) =>
    readers.some((reader) => !Number.isNaN(reader.number(cell, 0, cell.length)));
  let best = { delimiter: ',', unevenness: Infinity, numeric: 0, width: 0 };
  for (const delimiter of DELIMITERS) {
    const rows = rowsOf(text, delimiter, lineEnd, SAMPLE_ROWS);
    const cells = rows.flat();
    const width = cells.length / rows.length;
    if (!(width > 1.99)) continue;
    const unevenness = rows.reduce((sum, row, i) => sum + (i > 0 ? Math.abs(row.length - rows[i - 1].length) : 0), 0);
    const found = { delimiter, unevenness, numeric: cells.filter(isNumber).length / cells.length, width };
    const order = best.unevenness - found.unevenness || found.numeric - best.numeric || found.width - best.width;
    if (order > 0) best = found;
  }
  return best.delimiter;
}

/** The first number with a decimal comma, where some columns have those alone and none has decimal points. */
function decimalComma(text: string, all: HeadCell[][], { thousands, naValues = [] }: ReadOptions) {
  if (thousands === ',') return undefined;
  const notation = { ...(thousands && { thousands }), naValues };
  const withComma = new CellReader({ decimal: ',', ...notation });
  const withPoint = new CellReader({ decimal: '.', ...(thousands === '.' ? { naValues } : notation) });
  const reads = (reader: CellReader, cell: string) => Number.isFinite(reader.number(cell, 0, cell.length));
  // Names, if there are any, say nothing of numbers.
  const rows = all[0]?.every((cell) => reads(withComma, cell.text)) ? all : all.slice(1);
  let found: HeadCell | undefined;
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  for (let i = 0; i < width; i++) {
    const cells = rows.flatMap((row) => (row[i] && !withComma.isMissing(row[i].text) ? [row[i]] : []));
    const needsPoint = cells.some((cell) => !reads(withComma, cell.text));
    const needing = cells.find((cell) => !reads(withPoint, cell.text));
    if (needing && !needsPoint) found ??= needing;
    else if (needsPoint && !needing) return undefined;
  }
  return found && { range: new LineIndex(text).range(found.start, found.end), text: found.text };
}
