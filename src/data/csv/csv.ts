import { formatQuantity } from '../../base/format';
import { LineIndex, type Problem, type TextRange } from '../../base/problem';
import type { DataSource, ReadWatch } from '../bytes/byteSource';
import { CodedText } from '../bytes/codedText';
import { CsvRows } from './csvRows';
import type { Note } from './guessLayout';
import { isNumbered } from './csvColumns';
import { headLength, dialectOf, type Dialect } from './dialect';
import type { CellPlace, ReadOptions, TableReader, TableResult } from '../table/table';
import { NotUtf8, textPieces } from '../bytes/textPieces';

const binaryProbe = 4096;
/** How zip (and so xlsx), gzip, NumPy, parquet, Arrow and pdf files begin, as Latin-1. */
const signatures = ['PK\x03\x04', '\x1f\u2039', '\u201cNUMPY', 'PAR1', 'ARROW1', '%PDF-'];
const startRange: TextRange = { line: 1, column: 1, endLine: 1, endColumn: 1 };

/** Reads comma-separated values; semicolons, tabs and bars in place of commas are told by the first rows. */
export const readCsv: TableReader = (source, fileName, options, watch) =>
  readDelimited({ source, fileName, options, watch });

/** Reads tab-separated values. */
export const readTsv: TableReader = (source, fileName, options, watch) =>
  readDelimited({ source, fileName, options: { delimiter: '\t', ...options }, watch });

interface Reading {
  source: DataSource;
  fileName: string;
  options: ReadOptions;
  watch: ReadWatch;
}

async function readDelimited(reading: Reading): Promise<TableResult> {
  try {
    const replaced = 'this character cannot be read in the encoding that dataset.encoding names';
    const finder = new Finder(/\uFFFD/, { severity: 'warning', message: replaced });
    return await readPieces(reading, reading.options, reading.options.encoding ? finder : undefined);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    const message = 'the file is not UTF-8, so it is read as Latin-1 (Windows-1252); name another in dataset.encoding';
    const finder = new Finder(/[\u0080-\uFFFF]/, { severity: 'information', message });
    return readPieces(reading, { ...reading.options, encoding: 'latin1' }, finder);
  }
}

async function readPieces(
  { source, fileName, watch }: Reading,
  options: ReadOptions,
  finder: Finder | undefined,
): Promise<TableResult> {
  let head = '';
  let rows: CsvRows | undefined;
  let dialect: Dialect | undefined;
  const begin = () => {
    dialect = dialectOf(head.slice(0, headLength), options);
    rows = new CsvRows(fileName, dialect, options, typeof source === 'string' ? source.length : sizeOf(source));
    return rows;
  };
  const fail = (message: string, code: string): TableResult => {
    return { problems: [{ file: fileName, ...startRange, severity: 'error', message, code }], unlisted: 0 };
  };
  for await (const piece of textPieces(source, options.encoding, watch)) {
    finder?.look(piece.text);
    if (rows) rows.feed(piece, false);
    else if ((head += piece.text).length >= headLength) {
      if (isBinary(head)) break;
      begin().feed(new CodedText(head), false);
    }
    if (rows?.refused) break;
  }
  if (isBinary(head)) return fail(binaryMessage, 'binary');
  if (!rows) begin().feed(new CodedText(head), true);
  else if (!rows.refused) rows.feed(new CodedText(''), true);
  return resultOf(rows!, dialect!, fileName, finder?.found);
}

const binaryMessage =
  'this is a binary file, not a text with columns; export it as csv in UTF-8, or name its encoding in dataset.encoding';

function sizeOf(source: Exclude<DataSource, string>): number | undefined {
  return source instanceof Uint8Array ? source.length : source.size;
}

/** Whether a text is really a binary file: it begins like one, or has characters of code 0 after something that is not text. */
function isBinary(head: string): boolean {
  if (signatures.some((signature) => head.startsWith(signature))) return true;
  const nul = head.slice(0, binaryProbe).indexOf('\0');
  // oxlint-disable-next-line no-control-regex -- Such characters are what is looked for.
  return nul >= 0 && !/^[^\0-\x08\x0e-\x1f\ufffd]+[\r\n]/.test(head.slice(0, nul));
}

function resultOf(rows: CsvRows, dialect: Dialect, fileName: string, encoding: Note | undefined): TableResult {
  if (!rows.refused) rows.finish();
  const { columns, count, unlisted, headerPlaces } = rows;
  const empty = columns.map((_, i) => i).filter((i) => columns[i].unnamed && columns[i].samples.length === 0);
  const notes = dialect.fault
    ? []
    : [
        ...(encoding ? [encoding] : []),
        ...dialect.notes,
        ...rows.notes,
        ...emptyNotes(empty, headerPlaces),
        ...notesOf(dialect, headerPlaces),
      ];
  // Delimiters after the last column make columns that nobody misses.
  const isMissed = ({ code, line, column }: Problem) =>
    code !== 'no-name' || !empty.some((i) => headerPlaces[i].line === line && headerPlaces[i].column === column);
  // A row at the end is judged when it is known to be the last.
  rows.problems.sort((a, b) => a.line - b.line || a.column - b.column);
  const problems = [...rows.problems.filter(isMissed), ...notes.map((note) => ({ file: fileName, ...note }))];
  const starts = dialect.starts && { starts: dialect.starts };
  if (count === 0) return { problems, unlisted, ...starts };
  const cell = (row: number, column: number): CellPlace => {
    const { name, places } = columns[column];
    return places.get(row) ?? { range: headerPlaces[column], text: row < 0 ? name : String(columns[column].data[row]) };
  };
  const { delimiter } = dialect.style;
  const table = { fileName, rows: count, columns, numbered: isNumbered(dialect), delimiter, cell };
  return { table, problems, unlisted, ...starts };
}

function notesOf({ header, names }: Dialect, places: TextRange[]): Note[] {
  if (header || names || places.length === 0) return [];
  const called = places.length > 1 ? `columns are called x0 to x${places.length - 1}` : 'column is called x0';
  const message = `the first row holds numbers, so the ${called}; if it holds names, set dataset.header to true`;
  return [{ ...wholeRow(places), severity: 'information', message, code: 'no-header' }];
}

function emptyNotes(empty: number[], places: TextRange[]): Note[] {
  if (empty.length === 0) return [];
  const message = `${formatQuantity(empty.length, 'column')} without a name and without any value: left out`;
  return [{ ...places[empty[0]], severity: 'information', message, code: 'empty-columns' }];
}

function wholeRow(places: TextRange[]): TextRange {
  const { endLine, endColumn } = places[places.length - 1];
  return { ...places[0], endLine, endColumn };
}

/** Finds the first place of a character in a text that comes in pieces. */
class Finder {
  found: Note | undefined;
  private line = 1;
  private column = 1;

  constructor(
    private readonly character: RegExp,
    private readonly note: Pick<Note, 'severity' | 'message'>,
  ) {}

  look(piece: string): void {
    if (this.found) return;
    const at = piece.search(this.character);
    const end = new LineIndex(piece).position(at < 0 ? piece.length : at);
    const column = end.line === 1 ? this.column + end.column - 1 : end.column;
    const line = this.line + end.line - 1;
    [this.line, this.column] = [line, column];
    if (at >= 0) this.found = { line, column, endLine: line, endColumn: column + 1, ...this.note, code: 'encoding' };
  }
}
