import { LineIndex, type Problem, type TextRange } from '../problem';
import { formFault, numberIn } from './cellForms';
import { CellReader } from './cellReader';
import type { Column } from './column';
import { MAX_COLUMNS, tooManyColumns } from './columnLimit';
import { columnOptions } from './columnOptions';
import { scannerOf } from './blankScanner';
import { cellNotation, type Dialect } from './dialect';
import type { Note } from './guessLayout';
import { headerColumns } from './headerColumns';
import { beginsWith } from './headRows';
import { MAX_PROBLEMS } from './problemCap';
import { nextLine, type RowScanner } from './rowScanner';
import { ownCopy } from './textCodes';
import { endsInTotals, holdsTotals, isTotalLabel, type HeldRow } from './tableEnd';
import { RowNotes, type Oddity } from './rowNotes';
import type { ReadOptions } from './table';

/** Beyond this a row is taken for a quote that was never closed. */
const MAX_ROW_LENGTH = 1 << 24;
/** Numbers that a table can hold: 4.3 GB of float32, what WebAssembly can address. */
const MAX_NUMBERS = 2 ** 30;
/** Rows from whose length the number of all rows is estimated. */
const FEW_ROWS = 1024;
const LINE_END = /\r\n?|\n/g;
/** What a comment may begin with. */
const MARKS = ['#', '%', '//', '!'];

/** Reads the rows of a delimited text into columns, piece by piece. */
export class CsvRows {
  /** The header's columns; empty where the text holds nothing. */
  columns: Column[] = [];
  /** Rows with as many cells as the header has; the others are problems and not kept. */
  count = 0;
  /** Where the header's cells are, or the first row's where there is no header. */
  headerPlaces: TextRange[] = [];
  /** Whether nothing more can be read; the problems say why. */
  refused = false;
  /** What is wrong with the text. */
  readonly problems: Problem[] = [];
  /** Faulty rows beyond those among the problems. */
  unlisted = 0;
  private text = '';
  /** Offset in `text` of the row that comes next, and its line in the file. */
  private at = 0;
  private line = 1;
  /** Length that `text` must have before it is worth another look. */
  private needed = 0;
  private capacity = FEW_ROWS;
  /** Characters of all rows before `text`. */
  private passed = 0;
  private rowIndex: LineIndex | undefined;
  private readonly scanner: RowScanner;
  /** How each column's cells are read. */
  private readers: CellReader[] = [];
  private readonly lastSkipped: number;
  /** Rows of which it is not known yet whether they are the last ones. */
  private held: HeldRow[] = [];
  /** Rows of few cells that other rows followed. */
  private sparseRows = 0;
  private readonly found = new RowNotes();
  /** The names as the header has them. */
  private header: string[] = [];
  /** The line of the row that was kept last. */
  private lastRow = 0;

  /** `size` is how long the whole text is, about, where that is known. */
  constructor(
    private readonly fileName: string,
    private readonly dialect: Dialect,
    private readonly options: ReadOptions,
    private readonly size: number | undefined,
  ) {
    this.scanner = scannerOf(dialect.style);
    this.lastSkipped = Math.max(0, ...dialect.skipped);
    if (dialect.fault) {
      this.refused = true;
      this.problems.push({ file: fileName, ...dialect.fault });
    }
  }

  /** Reads the rows that end within the next piece of the text, of which the `last` may have no line end. */
  feed(piece: string, last: boolean): void {
    this.passed += this.at;
    this.text = this.at > 0 ? this.text.slice(this.at) + piece : this.text + piece;
    this.at = 0;
    if (this.text.length < this.needed && !last) return;
    while (this.at < this.text.length && !this.refused) {
      if (this.isNoRow()) {
        const next = nextLine(this.text, this.at, this.dialect.style.lineEnd, last);
        if (next < 0) return;
        this.leaveLine(next);
        continue;
      }
      const whole = this.scanner.scan(this.text, this.at, last);
      const length = (whole ? this.scanner.next : this.text.length) - this.at;
      if (length > MAX_ROW_LENGTH) return this.refuse(this.tooLong());
      // A long row is looked at again only once it has grown as long again.
      this.needed = whole ? 0 : Math.min(2 * length, MAX_ROW_LENGTH + 1);
      if (!whole) return;
      this.takeRow();
    }
  }

  /** Takes the rows that were kept back, and says what is wrong with the text as a whole. */
  finish(): void {
    this.takeEnd();
    const none = this.problems.every((problem) => problem.severity !== 'error');
    if (this.columns.length === 0) {
      const message = 'the file is empty; a row of column names and rows of numbers are needed';
      this.report('empty', message, { line: 1, column: 1, endLine: 1, endColumn: 1 });
    } else if (this.count === 0 && none) {
      const [first, last] = [this.headerPlaces[0], this.headerPlaces[this.headerPlaces.length - 1]];
      const range = { ...first, endLine: last.endLine, endColumn: last.endColumn };
      this.report('no-rows', 'the file has column names but no rows of data below them', range);
    }
  }

  /** What is worth saying of the rows and cells that were read. */
  get notes(): Note[] {
    return this.found.of(this.columns, this.readers, this.options.decimal !== undefined);
  }

  private tooLong(): string {
    const size = `${MAX_ROW_LENGTH >> 20} million characters`;
    return `this row does not end within ${size}; close the double quote that it opens, or break the line`;
  }

  /** Reads no further because of the row at hand. */
  private refuse(message: string, code = 'row-too-long'): void {
    this.refused = true;
    this.report(code, message, { line: this.line, column: 1, endLine: this.line, endColumn: 1 });
  }

  /** Whether the line that comes next is no row, whatever it holds. */
  private isNoRow(): boolean {
    if (this.line <= this.lastSkipped && this.dialect.skipped.has(this.line)) return true;
    const { comment } = this.dialect;
    return comment !== undefined && beginsWith(this.text, this.at, comment.mark);
  }

  private leaveLine(next: number): void {
    // A line at the end counts, whatever it holds.
    if (this.options.skipFooter && this.columns.length > 0) this.held.push({ text: '', line: this.line });
    this.line++;
    this.at = next;
  }

  private takeRow(): void {
    const { scanner, text } = this;
    this.rowIndex = undefined;
    const { next } = scanner;
    const lines = scanner.oneLine ? 1 : (text.slice(this.at, next).match(LINE_END)?.length ?? 0);
    if (this.options.skipFooter && this.columns.length > 0) this.holdLast(this.options.skipFooter);
    else this.judgeRow();
    this.line += lines;
    this.at = next;
  }

  private judgeRow(): void {
    const { scanner, text, dialect } = this;
    if (dialect.comment?.inside) scanner.cutComment(text, dialect.comment.mark);
    const { cells, badQuote } = scanner;
    if (cells === 1 && badQuote < 0 && scanner.cellText(text, 0) === '') return;
    if (badQuote >= 0) {
      if (this.held.length > 0 && !this.options.skipFooter) this.takeHeld();
      this.reportQuotes(badQuote);
    }
    if (this.columns.length === 0) {
      if (scanner.cells > 1 && badQuote < 0 && this.isEmpty()) this.leaveOut('empty');
      else this.takeHeader();
    } else if (badQuote < 0) this.judgeCells();
  }

  /** Takes a row below the header for what it is. */
  private judgeCells(): void {
    const { scanner, text, columns } = this;
    const { starts, ends } = scanner;
    const width = columns.length;
    if (starts[0] === ends[0] && this.isEmpty()) return this.leaveOut('empty');
    if (this.repeatsHeader()) return this.leaveOut('header');
    if (this.options.skipFooter === undefined && this.mayBeEnd()) return this.hold(scanner.next);
    if (this.held.length > 0 && !this.options.skipFooter) this.takeHeld();
    if (scanner.cells === width) return this.keepRow();
    if (scanner.cells < width) return this.takeShort();
    for (let i = width; i < scanner.cells; i++)
      if (scanner.cellText(text, i) !== '') return this.reportRagged(scanner.cells);
    this.leaveOut('trailing', this.placeOf(width));
    this.keepRow();
  }

  private takeShort(): void {
    const { scanner, columns } = this;
    if (!this.options.fillShort) return this.reportRagged(scanner.cells);
    this.leaveOut('short');
    scanner.fill(columns.length, this.rowEnd());
    this.keepRow();
  }

  private isEmpty(): boolean {
    const { scanner, text } = this;
    if (scanner.cells < 2) return false;
    for (let i = 0; i < scanner.cells; i++) if (scanner.cellText(text, i) !== '') return false;
    return true;
  }

  private repeatsHeader(): boolean {
    const { scanner, text, columns, dialect } = this;
    if (!dialect.header || scanner.cells !== columns.length || columns.length < 2) return false;
    if (text.charCodeAt(scanner.starts[0]) !== this.header[0].charCodeAt(0)) return false;
    return this.header.every((name, i) => scanner.cellText(text, i) === name);
  }

  /** Whether a row may stand below the data: it ends early, holds nothing but a word, or calls itself a total. */
  private mayBeEnd(): boolean {
    const { scanner, text, columns } = this;
    const { starts, ends, cells } = scanner;
    const width = columns.length;
    if (width < 2) return false;
    if (cells < width) return true;
    if (cells === width && width > 2 && starts[1] === ends[1] && starts[2] === ends[2] && this.sparseRows === 0) {
      for (let i = 3; i < width; i++) if (starts[i] < ends[i]) return false;
      return Number.isNaN(Number(scanner.cellText(text, 0)));
    }
    if (ends[0] - starts[0] > 24 || text.charCodeAt(starts[0]) < 65) return false;
    // A line of words below numbers, where blanks stand between the cells.
    const isWords = (column: Column, i: number) =>
      column.numbers > 0 && Number.isNaN(this.readers[i].number(text, starts[i], ends[i]));
    if (cells === width && width > 2 && columns.every(isWords)) return true;
    return isTotalLabel(scanner.cellText(text, 0));
  }

  private hold(next: number): void {
    this.held.push({ text: ownCopy(this.text.slice(this.at, next)), line: this.line });
  }

  /** Keeps the last rows back, for they are no data. */
  private holdLast(rows: number): void {
    this.hold(this.scanner.next);
    while (this.held.length > rows) this.replay(this.held.shift()!, () => this.judgeRow());
  }

  /** Takes rows after all, since others follow. */
  private takeHeld(): void {
    const held = this.held;
    this.held = [];
    for (const row of held) {
      this.replay(row, () => {
        const isShort = this.scanner.cells < this.columns.length;
        if (!isShort) this.sparseRows++;
        if (isShort) this.takeShort();
        else this.keepRow();
      });
    }
    this.scanner.scan(this.text, this.at, true);
  }

  /** Scans a row again that was kept back. */
  private replay({ text, line }: HeldRow, take: () => void): void {
    const { text: now, at, line: lineNow } = this;
    [this.text, this.at, this.line, this.rowIndex] = [text, 0, line, undefined];
    this.scanner.scan(text, 0, true);
    take();
    [this.text, this.at, this.line, this.rowIndex] = [now, at, lineNow, undefined];
  }

  /** Judges the rows at the end that were kept back. */
  private takeEnd(): void {
    const { held, options, columns } = this;
    this.held = [];
    const lines = this.line - 1;
    if (options.skipFooter) {
      for (const row of held) this.replay(row, () => this.leaveOut('footer'));
    } else {
      const total = held.at(-1);
      for (const row of held) this.replay(row, () => this.judgeEnd(row === total, lines - row.line + 1));
      const last = this.lastRow;
      if (options.skipFooter === undefined && last > 0 && endsInTotals(columns, this.count)) {
        const message = `this last row is the sum of the rows above it; if it is no data, set dataset.skipfooter to ${lines - last + 1}`;
        const range = { line: last, column: 1, endLine: last, endColumn: 1 };
        this.found.add({ ...range, severity: 'warning', message, code: 'total-rows' });
      }
    }
  }

  private judgeEnd(isLast: boolean, lines: number): void {
    const { scanner, text, columns } = this;
    const cells = Array.from({ length: scanner.cells }, (_, i) => scanner.cellText(text, i));
    if (isLast && isTotalLabel(cells[0])) {
      if (holdsTotals(cells, columns, this.readers)) return this.leaveOut('total');
      if (cells.length === columns.length) {
        const message = `the last row calls itself ${JSON.stringify(cells[0])}; if it sums up the others, set dataset.skipfooter to ${lines}`;
        this.found.add({ ...this.wholeRow(), severity: 'warning', message, code: 'total-rows' });
        return this.keepRow();
      }
    }
    const held = cells.filter((cell) => cell !== '');
    const isText = held.length > 0 && held.every((cell) => Number.isNaN(Number(cell)));
    if (this.options.fillShort && !(isText && cells.length < columns.length)) {
      return cells.length < columns.length ? this.takeShort() : this.keepRow();
    }
    if (!isText) return cells.length < columns.length ? this.reportRagged(cells.length) : this.keepRow();
    const what =
      cells.length < columns.length
        ? `this row has ${cellsOf(cells.length)}, but the ${this.what} has ${columns.length}`
        : held.length === 1
          ? 'this row holds one cell alone'
          : 'this row holds words alone';
    this.report(
      'footer',
      `${what}; if it is a footer and no data, set dataset.skipfooter to ${lines}`,
      this.wholeRow(),
    );
  }

  private leaveOut(kind: Oddity, range = this.wholeRow()): void {
    this.found.addRow(kind, this.line, range);
  }

  private takeHeader(): void {
    const { scanner, text, dialect } = this;
    if (scanner.cells > MAX_COLUMNS) return this.refuse(tooManyColumns(scanner.cells), 'too-many-columns');
    const cells = Array.from({ length: scanner.cells }, (_, i) => i);
    const places = cells.map((i) => this.placeOf(i));
    const named = dialect.header
      ? cells.map((i) => scanner.cellText(text, i))
      : cells.map((i) => dialect.names?.texts[i] ?? `x${i}`);
    const [names, found] = dialect.rowNames
      ? [
          ['', ...named],
          [places[0], ...places],
        ]
      : [named, places];
    this.header = names;
    this.headerPlaces = dialect.names?.places.length === names.length ? dialect.names.places : found;
    const { columns, findings } = headerColumns(names, this.headerPlaces, columnOptions(this.options, names.length));
    this.columns = columns;
    columns.forEach((column, i) => (column.form = dialect.forms.get(i)));
    this.readers = this.readersOf(columns.length);
    for (const finding of findings) {
      if (!dialect.rowNames || finding.code !== 'no-name') this.problems.push({ file: this.fileName, ...finding });
    }
    if (!dialect.header && scanner.badQuote < 0) this.keepRow();
  }

  /** A reader for each column; what those of the same notation share is made once. */
  private readersOf(width: number): CellReader[] {
    const { thousands, naValues = [] } = this.options;
    const known = new Map<string, CellReader>();
    return Array.from({ length: width }, (_, i) => {
      const notation = cellNotation(this.dialect.notations[i] ?? this.dialect.notations[0], thousands, naValues);
      const key = `${notation.decimal} ${notation.thousands} ${notation.people.sure}`;
      const reader = new CellReader(notation, known.get(key));
      if (!known.has(key)) known.set(key, reader);
      return reader;
    });
  }

  private keepRow(): void {
    if (this.count === this.capacity) this.grow();
    if (this.refused) return;
    const { scanner, text, readers, columns } = this;
    const { starts, ends } = scanner;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i];
      const reader = readers[i];
      const { form } = column;
      const value =
        form === undefined
          ? reader.number(text, starts[i], ends[i])
          : numberIn(scanner.cellText(text, i), form, reader);
      let isNotable: boolean;
      if (Number.isFinite(Math.fround(value))) {
        isNotable = column.addNumber(value, column.wantsText ? scanner.cellText(text, i) : undefined);
      } else {
        const written = scanner.cellText(text, i);
        isNotable = column.addFault(form === undefined ? reader.faultOf(written) : formFault(written, reader), written);
      }
      if (isNotable) column.remember({ range: this.placeOf(i), text: scanner.cellText(text, i) });
      if (reader.isOdd) this.noteOdd(i, value);
    }
    this.count++;
    this.lastRow = this.line;
  }

  /** Remembers the first cell of a column that is written in a way of its own. */
  private noteOdd(column: number, value: number): void {
    this.readers[column].isOdd = false;
    if (Number.isNaN(value) || this.columns[column].form !== undefined) return;
    const place = { range: this.placeOf(column), text: this.scanner.cellText(this.text, column) };
    this.found.addCell(column, place, value);
  }

  /** Makes room for as many rows as there will be by the length of those so far. */
  private grow(): void {
    const width = this.columns.length;
    if (this.count * width > MAX_NUMBERS) {
      const rows = `${this.count} rows of ${width} columns`;
      return this.refuse(`the file has more than ${rows}; 4.3 GB of numbers is the most that can be held`, 'too-large');
    }
    const estimate = this.size ? Math.ceil((this.size / (this.passed + this.at)) * this.count * 1.02) : 0;
    const fits = estimate > this.count && estimate * width <= MAX_NUMBERS;
    this.capacity = fits ? estimate : Math.ceil(this.count * 1.5);
    for (const column of this.columns) column.reserve(this.capacity);
  }

  private reportRagged(found: number): void {
    const { what, columns, text, at } = this;
    const mark = MARKS.find((one) => beginsWith(text, at, one));
    const cure = mark
      ? `; if this is a comment, set dataset.comment to ${JSON.stringify(mark)}`
      : `; give every row as many cells as the ${what}${found < columns.length ? ', or set dataset.missing to "drop"' : ''}`;
    this.report(
      'ragged',
      `this row has ${cellsOf(found)}, but the ${what} has ${columns.length}${cure}`,
      this.wholeRow(),
    );
  }

  private get what(): string {
    return this.dialect.header ? 'header' : 'first row';
  }

  /** Offset where the row at hand ends, without its line end. */
  private rowEnd(): number {
    const { next } = this.scanner;
    const end = /(\r\n?|\n)$/.exec(this.text.slice(Math.max(this.at, next - 2), next));
    return end ? next - end[0].length : next;
  }

  private wholeRow(): TextRange {
    return this.range(this.at, this.rowEnd());
  }

  /** One problem a row, however many quotes in it are wrong. */
  private reportQuotes(at: number): void {
    const message =
      'the double quotes of this cell do not match; a cell that opens with " closes with ", and a " inside is written ""';
    this.report('quotes', message, this.range(at, at + 1));
  }

  private report(code: string, message: string, range: TextRange): void {
    if (this.problems.length >= MAX_PROBLEMS) this.unlisted++;
    else this.problems.push({ file: this.fileName, ...range, severity: 'error', code, message });
  }

  private placeOf(cell: number): TextRange {
    const { start, end } = this.scanner.cellPlace(this.text, cell);
    return this.range(start, end);
  }

  /** Where offsets of the row at hand stand in the file. */
  private range(start: number, end: number): TextRange {
    const { at, line, scanner } = this;
    const [column, endColumn] = [start - at + 1, Math.max(start, end) - at + 1];
    if (scanner.oneLine) return { line, column, endLine: line, endColumn };
    this.rowIndex ??= new LineIndex(this.text.slice(at, scanner.next));
    const { line: from, endLine: to, ...columns } = this.rowIndex.range(start - at, end - at);
    return { ...columns, line: from + line - 1, endLine: to + line - 1 };
  }
}

function cellsOf(count: number): string {
  return count === 1 ? '1 cell' : `${count} cells`;
}
