import { LineIndex, type Problem, type TextRange } from '../problem';
import { formFault, numberIn } from './cellForms';
import { CellReader } from './cellReader';
import type { Column } from './column';
import { MAX_COLUMNS, tooManyColumns } from './columnLimit';
import { columnOptions } from './columnOptions';
import type { Dialect } from './dialect';
import { headerColumns } from './headerColumns';
import { MAX_PROBLEMS } from './problemCap';
import { RowScanner } from './rowScanner';
import type { ReadOptions } from './table';

/** Beyond this a row is taken for a quote that was never closed. */
const MAX_ROW_LENGTH = 1 << 24;
/** Numbers that a table can hold: 4.3 GB of float32, what WebAssembly can address. */
const MAX_NUMBERS = 2 ** 30;
/** Rows from whose length the number of all rows is estimated. */
const FEW_ROWS = 1024;
const LINE_END = /\r\n?|\n/g;

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
  private readonly reader: CellReader;

  /** `size` is how long the whole text is, about, where that is known. */
  constructor(
    private readonly fileName: string,
    private readonly dialect: Dialect,
    private readonly options: ReadOptions,
    private readonly size: number | undefined,
  ) {
    this.scanner = new RowScanner(dialect.delimiter, dialect.lineEnd);
    const { thousands, naValues = [] } = options;
    this.reader = new CellReader({ decimal: dialect.decimal, ...(thousands && { thousands }), naValues });
  }

  /** Reads the rows that end within the next piece of the text, of which the `last` may have no line end. */
  feed(piece: string, last: boolean): void {
    this.passed += this.at;
    this.text = this.at > 0 ? this.text.slice(this.at) + piece : this.text + piece;
    this.at = 0;
    if (this.text.length < this.needed && !last) return;
    while (this.at < this.text.length && !this.refused) {
      const whole = this.scanner.scan(this.text, this.at, last);
      const length = (whole ? this.scanner.next : this.text.length) - this.at;
      if (length > MAX_ROW_LENGTH) return this.refuse(this.tooLong());
      // A long row is looked at again only once it has grown as long again.
      this.needed = whole ? 0 : Math.min(2 * length, MAX_ROW_LENGTH + 1);
      if (!whole) return;
      this.takeRow();
    }
  }

  /** Says what is wrong with the text as a whole. */
  finish(): void {
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

  private tooLong(): string {
    const size = `${MAX_ROW_LENGTH >> 20} million characters`;
    return `this row does not end within ${size}; close the double quote that it opens, or break the line`;
  }

  /** Reads no further because of the row at hand. */
  private refuse(message: string, code = 'row-too-long'): void {
    this.refused = true;
    this.report(code, message, { line: this.line, column: 1, endLine: this.line, endColumn: 1 });
  }

  private takeRow(): void {
    const { scanner, text } = this;
    this.rowIndex = undefined;
    const { cells, badQuote } = scanner;
    const isBlank = cells === 1 && badQuote < 0 && scanner.cellText(text, 0) === '';
    if (!isBlank) {
      if (badQuote >= 0) this.reportQuotes(badQuote);
      if (this.columns.length === 0) this.takeHeader();
      else if (badQuote < 0 && cells !== this.columns.length) this.reportRagged(cells);
      else if (badQuote < 0) this.keepRow();
    }
    this.line += scanner.oneLine ? 1 : (text.slice(this.at, scanner.next).match(LINE_END)?.length ?? 0);
    this.at = scanner.next;
  }

  private takeHeader(): void {
    const { scanner, text, dialect } = this;
    if (scanner.cells > MAX_COLUMNS) return this.refuse(tooManyColumns(scanner.cells), 'too-many-columns');
    const cells = Array.from({ length: scanner.cells }, (_, i) => i);
    this.headerPlaces = cells.map((i) => this.placeOf(i));
    const names = cells.map((i) => (dialect.header ? scanner.cellText(text, i) : `x${i}`));
    const { columns, findings } = headerColumns(names, this.headerPlaces, columnOptions(this.options, names.length));
    this.columns = columns;
    columns.forEach((column, i) => (column.form = dialect.forms.get(i)));
    for (const finding of findings) this.problems.push({ file: this.fileName, ...finding });
    if (!dialect.header && scanner.badQuote < 0) this.keepRow();
  }

  private keepRow(): void {
    if (this.count === this.capacity) this.grow();
    if (this.refused) return;
    const { scanner, text, reader, columns } = this;
    const { starts, ends } = scanner;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i];
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
    }
    this.count++;
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
    const expected = this.columns.length;
    const cells = found === 1 ? '1 cell' : `${found} cells`;
    const what = this.dialect.header ? 'header' : 'first row';
    const message = `this row has ${cells}, but the ${what} has ${expected}; give every row as many cells as the ${what}`;
    const end = this.text.slice(this.at, this.scanner.next).search(LINE_END);
    this.report('ragged', message, this.range(this.at, end < 0 ? this.scanner.next : this.at + end));
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
