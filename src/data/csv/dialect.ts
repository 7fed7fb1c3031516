import { LineIndex } from '../../base/problem';
import { whitespace } from '../../base/whitespace';
import { CellReader } from '../table/cellReader';
import { foreignText, hiddenCells } from './foreignText';
import { guessDelimiter, usualWidth } from './guessDelimiter';
import { guessLayout, type Layout, type Note } from './guessLayout';
import { headNumbers, type HeadNumbers } from './headNumbers';
import { headRows, type HeadRow, type NoRows } from './headRows';
import { isNumberish } from '../table/numberish';
import { listed } from './rowMessages';
import type { RowStyle } from './rowScanner';
import type { ReadOptions, TableStart } from '../table/table';

/** Characters by which a dialect is told. */
export const headLength = 65536;
/** Marks of lines that are comments. */
const commentMarks = ['#', '%'];
/** Excel's first line, which says what stands between the cells. */
const sepLine = /^"?sep=(.|\\t)"?[ \t,;]*(\r|\n|$)/i;

/** How a delimited text is written. */
export interface Dialect extends HeadNumbers {
  style: RowStyle;
  /** Lines from 1 that are no rows. */
  skipped: ReadonlySet<number>;
  /** What lines that are comments begin with; `inside` rows too, it begins one. */
  comment?: { mark: string; inside: boolean };
  header: boolean;
  names?: Layout['names'];
  /** Whether each row begins with its own name, for which the header has none. */
  rowNames: boolean;
  /** Why the text cannot be read. */
  fault?: Note;
  /** Where the table may begin, where lines stand above it that nobody spoke of. */
  starts?: TableStart[];
}

/** The dialect of a text by its first HEAD_LENGTH characters, as far as the options leave it open. */
export function dialectOf(head: string, options: ReadOptions): Dialect {
  const lineEnd = head.includes('\r') && !head.includes('\n') ? '\r' : '\n';
  const cut = head.length < headLength ? head.length : head.lastIndexOf(lineEnd) + 1 || head.length;
  const text = head.slice(0, cut);
  const index = new LineIndex(text);
  const notes: Note[] = [];
  const skipped = new Set(skippedLines(options.skipRows));
  const sep = skipped.has(1) ? undefined : sepLine.exec(text)?.[1].replace('\\t', '\t');
  if (sep !== undefined) {
    skipped.add(1);
    const message = `this line says what stands between the cells, ${JSON.stringify(options.delimiter ?? sep)}; it is no row`;
    notes.push({ ...index.range(0, text.search(/\r|\n|$/)), severity: 'information', message, code: 'sep-line' });
  }
  const comment = options.comment ?? guessComment(text, skipped);
  const noRows: NoRows = { lines: skipped, comment };
  const style = styleOf(text, { ...options, delimiter: options.delimiter ?? sep }, lineEnd, noRows);
  const { rows, comments } = headRows(text, style, noRows);
  const isRow = ({ cells: [{ text: line }] }: HeadRow) => hasCells(line, style.delimiter, usualWidth(rows));
  notes.push(...commentNotes(comments, options, index, isRow));
  const reader = new CellReader({ decimal: '.', naValues: options.naValues ?? [] });
  const from = typeof options.header === 'number' ? rows.slice(0, options.header) : [];
  for (const { line, lines } of from) for (let i = 0; i < lines; i++) skipped.add(line + i);
  const layout = guessLayout({
    text,
    rows: rows.slice(from.length),
    comments,
    cellsOf: (written) =>
      headRows(`${written}\n`, style, { lines: new Set() }).rows[0]?.cells.map((cell) => cell.text) ?? [],
    delimiter: style.delimiter,
    header: typeof options.header === 'number' ? true : options.header,
    naValues: options.naValues ?? [],
    fillShort: options.fillShort ?? false,
    keepsRows: options.skipRows === 0,
  });
  for (const line of layout.skipped) skipped.add(line);
  const kept = rows.filter(({ line }) => !skipped.has(line));
  const width = usualWidth(kept);
  const names = kept[0]?.cells;
  // Neither a footer nor the header again says how numbers are written.
  const isHeader = ({ cells }: HeadRow) =>
    layout.header && cells.length === names.length && cells.every(({ text }, i) => text === names[i].text);
  const isData = (row: HeadRow) => row.cells.length >= width && !isHeader(row);
  const data = kept.filter(isData);
  const ofRowNames = layout.rowNames ? 1 : 0;
  const own = layout.header && !options.names?.always ? names?.map(({ text: name }) => name) : options.names?.texts;
  const nameOf = (column: number) => own?.[column - ofRowNames];
  return {
    ...{ style, skipped, header: layout.header, rowNames: layout.rowNames },
    ...(comment !== undefined && { comment: { mark: comment, inside: options.comment !== undefined } }),
    ...(layout.names && { names: layout.names }),
    ...(layout.starts && options.skipRows === undefined && { starts: layout.starts }),
    ...headNumbers(
      data,
      { delimiter: style.delimiter, options, reader, nameOf },
      { notes: [...notes, ...layout.notes], index },
    ),
    ...faultOf(text, rows, style, options, { layout, noRows }),
  };
}

/** Why the rows cannot be read: they are of another kind, or stand apart by something else. */
function faultOf(
  text: string,
  rows: HeadRow[],
  style: RowStyle,
  { delimiter }: ReadOptions,
  { layout, noRows }: { layout: Layout; noRows: NoRows },
): { fault?: Note } {
  const foreign = foreignText(text);
  if (foreign) return { fault: foreign };
  const hidden = delimiter === undefined && usualWidth(rows) === 1 ? hiddenCells(text) : undefined;
  if (hidden) return { fault: hidden };
  const other = delimiter !== undefined && otherDelimiter(text, rows, style, noRows);
  if (other) return { fault: other };
  if (layout.fault) return { fault: layout.fault };
  const runs = delimiter === ' ' && blankRuns(text, style);
  return runs ? { fault: runs } : {};
}

/** What stands between the cells where what a person named does not, and most rows are no numbers as they are. */
function otherDelimiter(text: string, rows: HeadRow[], style: RowStyle, noRows: NoRows): Note | undefined {
  if (usualWidth(rows) > 1) return undefined;
  const found = guessDelimiter(text, style, noRows);
  const apart = headRows(text, { ...style, delimiter: found }, noRows).rows;
  const width = usualWidth(apart);
  const numbers = rows.filter(({ cells }) => isNumberish(cells[0].text)).length;
  // One comma in each row may stand before a fraction.
  if (found === style.delimiter || width === 1 || (width === 2 && 2 * numbers > rows.length)) return undefined;
  const { start, cells } = rows[0];
  const place = new LineIndex(text).range(start, cells[cells.length - 1].end);
  const [named, right] = [style.delimiter, found].map((delimiter) => JSON.stringify(delimiter));
  const message = `dataset.delimiter is ${named}, which stands between no cells; set dataset.delimiter to ${right}`;
  return { ...place, severity: 'error', message, code: 'other-delimiter' };
}

/** Where runs of blanks stand between cells of which one blank was to stand between. */
function blankRuns(text: string, style: RowStyle): Note | undefined {
  const by = (delimiter: string) => headRows(text, { ...style, delimiter }, { lines: new Set() }).rows;
  const [single, runs] = [by(' '), by(whitespace)];
  const width = usualWidth(runs);
  const apart = single.find((row) => row.cells.slice(0, -1).some((cell) => cell.text === ''));
  if (!apart || usualWidth(single) <= width || width < 2) return undefined;
  const place = new LineIndex(text).range(apart.start, apart.cells[apart.cells.length - 1].end);
  const message = 'several blanks stand between cells here; set dataset.delimiter to "whitespace"';
  return { ...place, severity: 'error', message, code: 'blank-runs' };
}

/** Lines from 1 that a person has left out. */
function skippedLines(skipRows: ReadOptions['skipRows']): number[] {
  if (typeof skipRows === 'number') return Array.from({ length: skipRows }, (_, i) => i + 1);
  return (skipRows ?? []).map((row) => row + 1);
}

/** What begins the lines of comments: a mark that some lines begin with, and others do not. */
function guessComment(text: string, skipped: ReadonlySet<number>): string | undefined {
  const lines = text.split(/\r\n?|\n/).filter((line, i) => line.trim() !== '' && !skipped.has(i + 1));
  return commentMarks.find((mark) => {
    const marked = lines.filter((line) => line.trimStart().startsWith(mark));
    if (marked.length === 0 || marked.length === lines.length) return false;
    const leading = lines.findIndex((line) => !line.trimStart().startsWith(mark));
    // Within the data, a line of cells may begin with it too: `#N/A,2`.
    const isAbove = leading === 0 || isComment(lines, leading, mark);
    return isAbove && marked.slice(leading).every((line) => isApart(line, mark));
  });
}

/** Whether the lines above a table are comments: not where one line alone names the columns, the first `#`. */
function isComment(lines: string[], leading: number, mark: string): boolean {
  if (leading > 1) return true;
  const rest = lines[0].trimStart().slice(mark.length);
  const isData =
    /^\S/.test(rest) &&
    rest
      .split(/[,;\t|]/)
      .slice(1)
      .some(isNumberish);
  return !isData && !/^["']?[,;\t|]/.test(rest);
}

function isApart(line: string, mark: string): boolean {
  const rest = line.trimStart().slice(mark.length);
  return /^\s|^$/.test(rest) || /^[^,;\t|]*$/.test(rest);
}

/** Whether a line has as many cells as most rows, of which all but the first are numbers. */
function hasCells(line: string, delimiter: string, width: number): boolean {
  const cells = line.split(delimiter);
  return cells.length > 2 && cells.length === width && cells.slice(1).every(isNumberish);
}

/** Rows that somebody has left out are a kind of comment, too, but may be data whose first cell begins with the mark. */
function commentNotes(
  comments: HeadRow[],
  { comment }: ReadOptions,
  index: LineIndex,
  isRow: (comment: HeadRow) => boolean,
): Note[] {
  if (comments.length === 0 || comment !== undefined) return [];
  const row = comments.find(isRow);
  const { text, start } = (row ?? comments[0]).cells[0];
  const lines = comments.length > 5 ? `${comments.length} lines` : listed(comments.map(({ line }) => line));
  const mark = JSON.stringify(text[0]);
  const message = `${lines} beginning with ${mark} ${comments.length === 1 ? 'is a comment' : 'are comments'}, no ${comments.length === 1 ? 'row' : 'rows'}`;
  const severity = row ? 'warning' : 'information';
  const doubt = row ? `; this one has as many cells as a row, so remove ${mark} from it if it is data` : '';
  return [{ ...index.range(start, start + text.length), severity, message: message + doubt, code: 'comment' }];
}

/** What stands between and around the cells. */
function styleOf(text: string, options: ReadOptions, lineEnd: '\n' | '\r', noRows: NoRows): RowStyle {
  const quote = hasSingleQuotes(text, options.delimiter) ? ("'" as const) : undefined;
  const base = { lineEnd, ...(quote && { quote }) };
  const delimiter = options.delimiter ?? guessDelimiter(text, base, noRows);
  const style: RowStyle = { ...base, delimiter };
  const { rows } = headRows(text, style, noRows);
  const isLate = rows.some(({ cells }) =>
    cells.some((cell) => cell.text.startsWith('"') && text[cell.start - 1] === ' '),
  );
  if (!isLate) return style;
  const blanks: RowStyle = { ...style, blanksBeforeQuotes: true };
  return headRows(text, blanks, noRows).rows.some(({ badQuote }) => badQuote) ? style : blanks;
}

/** Whether single quotes stand around every cell of the first lines. */
function hasSingleQuotes(text: string, delimiter: string | undefined): boolean {
  const lines = text.split(/\r\n?|\n/, 20).filter((line) => line !== '');
  const between = delimiter === undefined ? '[,;\\t|]' : `[${delimiter.replace(/[\\\]^-]/g, '\\$&')}]`;
  const quoted = new RegExp(`^'(?:[^']|'')*'(\\s*${between}\\s*'(?:[^']|'')*')+$`);
  return lines.length > 1 && lines.every((line) => quoted.test(line.trim()));
}
