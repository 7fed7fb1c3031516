import type { Problem, TextRange } from '../../base/problem';
import { LineIndex } from '../../base/problem';
import { cutCure, cutNumbers, decimalCells } from './decimalCells';
import type { HeadCell, HeadRow } from './headRows';
import { isAll, isNames, RowLooks } from './rowLooks';
import { listed } from './rowMessages';
import { isNumberish } from '../table/numberish';
import type { TableStart } from '../table/table';

/** What is to be said of a file's rows, at its place. */
export type Note = Omit<Problem, 'file'>;

/** Which of a text's first rows hold names and data. */
export interface Layout {
  header: boolean;
  /** Lines from 1 that are no rows: titles, units, a second header. */
  skipped: number[];
  /** Whether each row begins with its own name, for which the header has none. */
  rowNames: boolean;
  /** Names from a comment, for a text whose rows have none. */
  names?: { texts: string[]; places: TextRange[] };
  notes: Note[];
  /** Why the rows cannot be read as they are. */
  fault?: Note;
  /** Where the table may begin, below lines that are no rows; the first is the likeliest. */
  starts?: TableStart[];
}

/** What is known of a text before its rows are looked at. */
export interface LayoutInput {
  text: string;
  /** Rows that hold anything. */
  rows: HeadRow[];
  comments: HeadRow[];
  /** What a comment's own cells are. */
  cellsOf(comment: string): string[];
  delimiter: string;
  header: boolean | undefined;
  naValues: readonly string[];
  /** Whether rows that end early are filled with empty cells. */
  fillShort: boolean;
  /** Whether no row is to be left out. */
  keepsRows: boolean;
}

/** Rows from which their number of cells outweighs that of the header. */
const manyRows = 3;

/** How the rows of a text's head are to be taken. */
export function guessLayout(input: LayoutInput): Layout {
  const { rows, text } = input;
  const layout: Layout = { header: input.header ?? true, skipped: [], rowNames: false, notes: [] };
  if (rows.length === 0) return layout;
  const index = new LineIndex(text);
  const table = new RowLooks(input, index);
  const cut = decimalCells(input, index);
  if (cut) return { ...layout, fault: cut };
  const first = input.keepsRows ? 0 : table.firstRow();
  skip(
    layout,
    rows.slice(0, first),
    index,
    (lines) =>
      `${lines} above the table: no row of it, so left out; set dataset.skiprows to 0 to keep what stands there`,
  );
  if (first > 0) layout.starts = [startAt(rows[first], rows[first].line - 1)];
  if (input.header === undefined) decideHeader(layout, table, first, input);
  if (layout.fault || !layout.header) return layout;
  const header = rows.find((row) => row.line >= rows[first].line && !layout.skipped.includes(row.line));
  if (header) checkWidth(layout, table, header, input);
  return layout;
}

function decideHeader(layout: Layout, table: RowLooks, first: number, input: LayoutInput): void {
  const { rows } = table;
  const columns = table.numericColumns(first);
  const head = rows[first];
  const { numbers, texts } = table.count(head, columns);
  if (input.keepsRows && texts > 0) return;
  if (head.cells[0].text === 'TOA5' && rows.length > first + 4) {
    const others = [head, rows[first + 2], rows[first + 3]];
    skip(layout, others, table.index, (lines) => `${lines} of a data logger (TOA5): not data, so left out`);
    return;
  }
  if (texts === 0 && numbers > 0) {
    const next = rows[first + 1];
    if (next && !table.count(next, columns).numbers && table.isTexts(next, columns) && isAll(next)) {
      skip(
        layout,
        [head],
        table.index,
        (lines) =>
          `${lines} above the names: no row of the table, so left out; set dataset.header to false if it holds data`,
      );
      return;
    }
    takeNames(layout, input, head, table);
    layout.header = !layout.names && isNames(table, head, columns);
    return;
  }
  if (rows[first + 1]?.cells.every(({ text }) => /^(:?-+:?|=+|[+|]?-+[-+|]+)?$/.test(text))) {
    skip(layout, [rows[first + 1]], table.index, (lines) => `${lines} below the names: a rule, no data, so left out`);
    return;
  }
  let last = first + 1;
  while (last < rows.length - 1 && table.isTexts(rows[last], columns)) last++;
  // A row of few words below several headers names the rows.
  const isIdle = (row: HeadRow) => Object.values(table.count(row, columns)).every((found) => found === 0);
  while (last > first + 1 && last < rows.length - 1 && isIdle(rows[last])) last++;
  if (last > first + 1) judgeHeaders(layout, table, rows.slice(first, last), columns);
}

/** Takes the names from the comment above the rows, where it has as many. */
function takeNames(layout: Layout, { comments, cellsOf, header }: LayoutInput, head: HeadRow, table: RowLooks): void {
  const above = comments.filter(({ line }) => line < head.line).at(-1);
  if (!above || header === false) return;
  const { text, start } = above.cells[0];
  const texts = cellsOf(text.slice(1).replace(/^ +/, ''));
  const named = texts[0] === '' ? [text[0], ...texts.slice(1)] : texts;
  if (named.length !== table.width || named.every(isNumberish) || new Set(named).size < named.length) return;
  const place = table.index.range(start, start + text.length);
  layout.names = { texts: named, places: named.map(() => place) };
  const message = 'the columns are named by this comment; if it does not name them, set dataset.header to false';
  layout.notes.push({ ...place, severity: 'information', message, code: 'comment-names' });
}

/** Of several rows of words above the numbers, one holds the names. Rows of units are left out; else it is not certain. */
function judgeHeaders(layout: Layout, table: RowLooks, headers: HeadRow[], columns: readonly number[]): void {
  const [names, ...others] = headers;
  const isUnits = (row: HeadRow) => {
    const { texts, units } = table.count(row, columns);
    return (texts > 0 && 2 * units >= texts) || /^(units?|einheit(en)?|unité)$/i.test(row.cells[0].text);
  };
  if (!isUnits(names) && others.every(isUnits)) {
    skip(
      layout,
      others,
      table.index,
      (lines) => `${lines} below the names: units, not data, so left out; set dataset.skiprows to 0 to keep them`,
    );
    return;
  }
  const lines = headers.map(({ line }) => line);
  const words = ({ cells }: HeadRow) => cells.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);
  const isTitle = words(names) >= 2 * names.cells.length && words(names) > words(others[0]);
  const [here, other] = isTitle ? [names, others[0]] : [others[0], names];
  const rest = others.map(({ line }) => line - 1);
  const ways =
    headers.length === 2
      ? `set dataset.skiprows to [${rest[0]}] if the names stand in line ${lines[0]}, or to ${lines[1] - 1} if they stand in line ${lines[1]}`
      : `set dataset.skiprows to the other ones, counted from 0: [${rest.join(', ')}] if the names stand in line ${lines[0]}`;
  const message = `this row holds words above columns of numbers, as line ${other.line} does, and only one row can hold the names; ${ways}`;
  layout.fault = { ...table.placeOf(here), severity: 'error', message, code: 'header-rows' };
  const starts = headers.map((row) =>
    startAt(
      row,
      lines.filter((line) => line !== row.line).map((line) => line - 1),
    ),
  );
  layout.starts = isTitle ? [...starts.slice(1), starts[0]] : starts;
}

function startAt({ line, cells }: HeadRow, skipRows: TableStart['skipRows']): TableStart {
  return { line, texts: cells.map(({ text }) => text), skipRows };
}

/** Compares the header's length with that of most rows. */
function checkWidth(layout: Layout, table: RowLooks, header: HeadRow, { fillShort, delimiter }: LayoutInput): void {
  const names = header.cells.length;
  const body = table.rows.filter(({ line }) => line > header.line && !layout.skipped.includes(line));
  if (names === table.width || body.length === 0) return;
  const same = body.filter(({ cells }) => cells.length === table.width);
  if (10 * same.length < 8 * body.length) return;
  const extra = same.flatMap(({ cells }) => cells.slice(names)).filter(({ text }) => text !== '').length;
  if (names < table.width && extra === 0) return;
  const place = table.placeOf(header);
  const cut = delimiter === ',' && names < table.width ? cutNumbers(same) : undefined;
  if (names === table.width - 1 && areRowNames(same) && cut !== 'certain') {
    layout.rowNames = true;
    const message =
      'the header has one name fewer than the rows have cells, so each row begins with its own name, which is not taken as an input';
    layout.notes.push({ ...place, severity: 'information', message, code: 'row-names' });
    return;
  }
  if (body.length < manyRows || (names > table.width && fillShort)) return;
  const isQuoted = table.width === 1 && same.every(({ cells: [{ text }] }) => text.includes(delimiter));
  const fill = names > table.width && table.width > 1 ? ', or set dataset.missing to "drop"' : '';
  const usual = isQuoted ? 'delete the quotes around whole rows' : `give every row as many cells as the header${fill}`;
  const cure = cut ? cutCure : usual;
  const message = `the header has ${names === 1 ? '1 name' : `${names} names`}, but the rows below it have ${table.width === 1 ? '1 cell' : `${table.width} cells`}; ${cure}`;
  layout.fault = { ...place, severity: 'error', message, code: 'ragged' };
}

/** Whether the first cells of rows may name them: they are all different, and words or numbers that count up. */
function areRowNames(rows: HeadRow[]): boolean {
  const first = rows.map(({ cells }) => cells[0].text);
  if (first.includes('') || new Set(first).size < first.length) return false;
  if (!first.every(isNumberish)) return first.every((text) => !isNumberish(text)) || rows.length > 1;
  return first.every((text, i) => Number.isInteger(Number(text)) && (i === 0 || Number(text) > Number(first[i - 1])));
}

/** Leaves rows out, and says so. */
function skip(layout: Layout, rows: HeadRow[], index: LineIndex, message: (lines: string) => string): void {
  if (rows.length === 0) return;
  for (const { line, lines } of rows) for (let i = 0; i < lines; i++) layout.skipped.push(line + i);
  const { cells } = rows[0];
  const place = index.range(cells[0].start, lastEnd(cells));
  const named = listed(rows.map(({ line }) => line));
  layout.notes.push({ ...place, severity: 'warning', message: message(named), code: 'skipped-rows' });
}

function lastEnd(cells: HeadCell[]): number {
  return cells[cells.length - 1].end;
}
