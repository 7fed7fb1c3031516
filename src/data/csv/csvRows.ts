import type { Problem, TextRange } from '../../base/problem';
import { CodedText } from '../bytes/codedText';
import type { Column } from '../table/column';
import { CsvColumns } from './csvColumns';
import { CsvRow } from './csvRow';
import type { Dialect } from './dialect';
import type { Note } from './guessLayout';
import { beginsWith } from './headRows';
import { maxProblems } from '../table/problemCap';
import { quoteSigns, footerMessage, raggedMessage, tooLongMessage, type RowLength } from './rowMessages';
import { nextLine } from './rowScanner';
import { ownCopy } from '../table/textCodes';
import { isMeanLabel, isTotalLabel, labelOf, mayBeEnd, sumNote, totalsAmong, type HeldRow } from './tableEnd';
import type { Oddity } from './rowNotes';
import type { ReadOptions } from '../table/table';

/** Beyond this a row is taken for a quote that was never closed. */
const maxRowLength = 1 << 24;

/** Reads the rows of a delimited text into columns, piece by piece. */
export class CsvRows {
  /** Whether nothing more can be read; the problems say why. */
  refused = false;
  /** What is wrong with the text. */
  readonly problems: Problem[] = [];
  /** Faulty rows beyond those among the problems. */
  unlisted = 0;
  /** Length that `text` must have before it is worth another look. */
  private needed = 0;
  private readonly row: CsvRow;
  private readonly table: CsvColumns;
  private readonly lastSkipped: number;
  /** Rows of which it is not known yet whether they are the last ones. */
  private held: HeldRow[] = [];
  /** Rows of few cells that other rows followed. */
  private sparseRows = 0;

  /** `size` is how long the whole text is, about, where that is known. */
  constructor(
    private readonly fileName: string,
    private readonly dialect: Dialect,
    private readonly options: ReadOptions,
    size: number | undefined,
  ) {
    this.row = new CsvRow(dialect);
    this.table = new CsvColumns(this.row, dialect, options, size);
    this.lastSkipped = Math.max(0, ...dialect.skipped);
    if (dialect.fault) {
      this.refused = true;
      this.problems.push({ file: fileName, ...dialect.fault });
    }
  }

  /** The header's columns; empty where the text holds nothing. */
  get columns(): Column[] {
    return this.table.columns;
  }

  /** Rows with as many cells as the header has; the others are problems and not kept. */
  get count(): number {
    return this.table.count;
  }

  /** Where the header's cells are, or the first row's where there is no header. */
  get headerPlaces(): TextRange[] {
    return this.table.places;
  }

  /** Reads the rows that end within the next piece of the text, of which the `last` may have no line end. */
  feed(piece: CodedText, last: boolean): void {
    const { row } = this;
    this.table.passed += row.at;
    row.stretch = row.stretch.followedBy(piece, row.at);
    row.at = 0;
    if (row.stretch.length < this.needed && !last) return;
    while (row.at < row.stretch.length && !this.refused) {
      if (this.isNoRow()) {
        const next = nextLine(row.text, row.at, this.dialect.style.lineEnd, last);
        if (next < 0) return;
        this.leaveLine(next);
        continue;
      }
      const whole = row.scan(last);
      const taken = (whole ? row.scanner.next : row.stretch.length) - row.at;
      if (taken > maxRowLength) return this.refuse(tooLongMessage(maxRowLength));
      // A long row is looked at again only once it has grown as long again.
      this.needed = whole ? 0 : Math.min(2 * taken, maxRowLength + 1);
      if (!whole) return;
      this.takeRow();
    }
  }

  /** Takes the rows that were kept back, and says what is wrong with the text as a whole. */
  finish(): void {
    this.table.settle();
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
    return this.table.notes;
  }

  /** Reads no further because of the row at hand. */
  private refuse(message: string, code = 'row-too-long'): void {
    this.refused = true;
    this.table.settle();
    this.report(code, message, { line: this.row.line, column: 1, endLine: this.row.line, endColumn: 1 });
  }

  /** Whether the line that comes next is no row, whatever it holds. */
  private isNoRow(): boolean {
    if (this.row.line <= this.lastSkipped && this.dialect.skipped.has(this.row.line)) return true;
    const { comment } = this.dialect;
    return comment !== undefined && beginsWith(this.row.text, this.row.at, comment.mark);
  }

  private leaveLine(next: number): void {
    // A line at the end counts, whatever it holds.
    if (this.options.skipFooter && this.columns.length > 0) this.held.push({ text: '', line: this.row.line });
    this.row.line++;
    this.row.at = next;
  }

  private takeRow(): void {
    const { row } = this;
    const [next, lines] = [row.scanner.next, row.lines];
    if (this.options.skipFooter && this.columns.length > 0) this.holdLast(this.options.skipFooter);
    else this.judgeRow();
    row.line += lines;
    row.at = next;
  }

  private judgeRow(): void {
    const { row } = this;
    const { cells, badQuote } = row.scanner;
    if (cells === 1 && badQuote < 0 && row.cellText(0) === '') return;
    if (badQuote >= 0) {
      if (this.held.length > 0 && !this.options.skipFooter) this.takeHeld();
      this.report('quotes', quoteSigns, row.range(badQuote, badQuote + 1));
    }
    if (this.columns.length === 0) {
      if (badQuote < 0 && row.isEmpty()) this.leaveOut('empty');
      else this.takeHeader();
    } else if (badQuote < 0) this.judgeCells();
  }

  /** Takes a row below the header for what it is. */
  private judgeCells(): void {
    const { row, columns } = this;
    const { scanner } = row;
    const { starts, ends } = scanner;
    const { readers } = this.table;
    const width = columns.length;
    if (starts[0] === ends[0] && row.isEmpty()) return this.leaveOut('empty');
    if (this.table.repeatsHeader()) return this.leaveOut('header');
    if (this.options.skipFooter === undefined && mayBeEnd(row, columns, readers, this.sparseRows > 0))
      return this.hold();
    if (this.held.length > 0 && !this.options.skipFooter) this.takeHeld();
    if (scanner.cells === width) return this.keep();
    if (scanner.cells < width) return this.takeShort();
    for (let i = width; i < scanner.cells; i++) if (row.cellText(i) !== '') return this.reportRagged();
    this.leaveOut('trailing', row.placeOf(width));
    this.keep();
  }

  private takeShort(): void {
    const { row, columns } = this;
    if (!this.options.fillShort) return this.reportRagged();
    this.leaveOut('short');
    row.scanner.fill(columns.length, row.end());
    this.keep();
  }

  private takeHeader(): void {
    for (const finding of this.table.takeHeader()) this.problems.push({ file: this.fileName, ...finding });
    if (this.table.isUnwanted) this.refused = true;
    else this.refuseBeyond();
  }

  private keep(): void {
    this.table.keep();
    this.refuseBeyond();
  }

  private refuseBeyond(): void {
    const { refusal } = this.table;
    if (refusal) this.refuse(refusal.message, refusal.code);
  }

  private hold(): void {
    const { text, at, line, scanner } = this.row;
    this.held.push({ text: ownCopy(text.slice(at, scanner.next)), line });
  }

  /** Keeps the last rows back, for they are no data. */
  private holdLast(rows: number): void {
    this.hold();
    while (this.held.length > rows) this.replay(this.held.shift()!, () => this.judgeRow());
  }

  /** Takes rows after all, since others follow. */
  private takeHeld(): void {
    for (const row of this.held.splice(0)) {
      this.replay(row, () => {
        const isShort = this.row.length < this.columns.length;
        if (!isShort) this.sparseRows++;
        if (!isShort && isTotalLabel(labelOf(this.row.cellTexts()))) this.leaveOut('subtotal');
        if (isShort) this.takeShort();
        else this.keep();
      });
    }
    this.row.scan(true);
  }

  /** Scans a row again that was kept back. */
  private replay({ text, line }: HeldRow, take: () => void): void {
    const { row } = this;
    const { stretch, at, line: lineNow } = row;
    [row.stretch, row.at, row.line] = [new CodedText(text), 0, line];
    row.scan(true);
    take();
    [row.stretch, row.at, row.line] = [stretch, at, lineNow];
  }

  /** Judges the rows at the end that were kept back. */
  private takeEnd(): void {
    const { options, columns } = this;
    const held = this.held.splice(0);
    const lines = this.row.line - 1;
    if (options.skipFooter) {
      for (const row of held) this.replay(row, () => this.leaveOut('footer'));
    } else {
      const cells = held.map((row) => this.cellsOf(row));
      const totals = totalsAmong(cells, columns, this.table.readers);
      held.forEach((row, i) => {
        const [isLast, below] = [i === held.length - 1, lines - row.line + 1];
        this.replay(row, () =>
          totals.has(cells[i]) ? this.leaveOut('total') : this.judgeEnd(cells[i], isLast, below),
        );
      });
      const sum = options.skipFooter === undefined && sumNote(columns, this.count, this.table.lastRow, lines);
      if (sum) this.table.found.add(sum);
    }
  }

  private cellsOf(held: HeldRow): string[] {
    let cells: string[] = [];
    this.replay(held, () => (cells = this.row.cellTexts()));
    return cells;
  }

  private judgeEnd(cells: string[], isLast: boolean, lines: number): void {
    const { columns } = this;
    // What mends a footer leaves out all that stands below it.
    if (this.problems.at(-1)?.code === 'footer') return;
    const held = cells.filter((cell) => cell !== '');
    const [label = ''] = held;
    const [isTotal, isWhole] = [isTotalLabel(label), cells.length === columns.length];
    if (isTotal && isWhole && !isLast) this.leaveOut('subtotal');
    if (isLast && isWhole && (isTotal || (isMeanLabel(label) && columns[cells.indexOf(label)].type === 'number'))) {
      const message = `the last row calls itself ${JSON.stringify(label)}; if it sums up the others, set dataset.skipfooter to ${lines}`;
      // A label that does not stand first stands where others have a number.
      if (cells[0] === '') return this.report('total-rows', message, this.row.place());
      this.table.found.add({ ...this.row.place(), severity: 'warning', message, code: 'total-rows' });
      return this.keep();
    }
    const isText = held.length > 0 && held.every((cell) => Number.isNaN(Number(cell)));
    if (this.options.fillShort && !(isText && !isWhole)) return isWhole ? this.keep() : this.takeShort();
    if (!isText) return isWhole ? this.keep() : this.reportRagged();
    this.report('footer', footerMessage(this.row, this.rowLength, lines), this.row.place());
  }

  private leaveOut(kind: Oddity, range = this.row.place()): void {
    this.table.found.addRow(kind, this.row.line, range);
  }

  private reportRagged(): void {
    this.report('ragged', raggedMessage(this.row, this.rowLength), this.row.place());
  }

  private get rowLength(): RowLength {
    return { what: this.dialect.header ? 'header' : 'first row', cells: this.columns.length };
  }

  private report(code: string, message: string, range: TextRange): void {
    if (this.problems.length >= maxProblems) this.unlisted++;
    else this.problems.push({ file: this.fileName, ...range, severity: 'error', code, message });
  }
}
