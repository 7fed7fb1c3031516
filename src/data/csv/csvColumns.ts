import type { TextRange } from '../../base/problem';
import { formFault, numberIn } from '../table/cellForms';
import { CellReader } from '../table/cellReader';
import type { Column } from '../table/column';
import { maxColumns, tooManyColumns } from '../table/columnLimit';
import { columnOptions } from '../table/columnOptions';
import type { CsvRow } from './csvRow';
import type { Dialect } from './dialect';
import { cellNotation } from './headNumbers';
import type { Note } from './guessLayout';
import { givenNames, headerColumns } from '../table/headerColumns';
import { PassedCsvRow } from './passedCsvRow';
import { RowNotes, signNotes } from './rowNotes';
import type { RowSink } from '../table/rowSink';
import type { ReadOptions } from '../table/table';
import { WaitingNumbers } from './waitingNumbers';

/** Numbers that a table can hold: 4.3 GB of float32, what WebAssembly can address. */
const maxNumbers = 2 ** 30;
/** Rows from whose length the number of all rows is estimated. */
const fewRows = 1024;

/** Whether a text does not name its columns. */
export function isNumbered({ header, names }: Dialect): boolean {
  return !header && !names;
}

/** The columns of a delimited text, into which its rows are read. */
export class CsvColumns {
  /** Empty until there is a header. */
  columns: Column[] = [];
  /** How each column's cells are read. */
  readers: CellReader[] = [];
  /** The names as the header has them. */
  names: string[] = [];
  /** Where the header's cells are, or the first row's where there is no header. */
  places: TextRange[] = [];
  /** Rows that were kept. */
  count = 0;
  /** The line of the row that was kept last. */
  lastRow = 0;
  /** Characters of the file before the text of the row at hand. */
  passed = 0;
  /** Why no more can be taken. */
  refusal: { message: string; code: string } | undefined;
  /** Whether whoever takes the rows has no use for them. */
  isUnwanted = false;
  readonly found = new RowNotes();
  private capacity = fewRows;
  private waiting = new WaitingNumbers([]);
  private passing: { sink: RowSink; row: PassedCsvRow } | undefined;

  /** `row` is the row at hand; `size` is how long the whole text is, about, where that is known. */
  constructor(
    private readonly row: CsvRow,
    private readonly dialect: Dialect,
    private readonly options: ReadOptions,
    private readonly size: number | undefined,
  ) {}

  /** What is worth saying of the rows and cells that were read. */
  get notes(): Note[] {
    const { columns, readers, places } = this;
    return [
      ...this.found.of(columns, readers, this.options.decimal !== undefined),
      ...signNotes(columns, readers, places),
    ];
  }

  /** Makes the columns that the row at hand names, or keeps it where there are no names; what is wrong with these. */
  takeHeader(): Note[] {
    const { row, dialect } = this;
    if (row.length > maxColumns) {
      this.refusal = { message: tooManyColumns(row.length), code: 'too-many-columns' };
      return [];
    }
    const cells = Array.from({ length: row.length }, (_, i) => i);
    const places = cells.map((i) => row.placeOf(i));
    const named = dialect.header
      ? cells.map((i) => row.cellText(i))
      : cells.map((i) => dialect.names?.texts[i] ?? `x${i}`);
    const [names, found] = dialect.rowNames
      ? [
          ['', ...named],
          [places[0], ...places],
        ]
      : [named, places];
    this.names = givenNames(names, isNumbered(dialect), this.options);
    this.places = dialect.names?.places.length === names.length ? dialect.names.places : found;
    const { columns, findings } = headerColumns(this.names, this.places, columnOptions(this.options, names.length));
    this.columns = columns;
    columns.forEach((column, i) => (column.form ??= dialect.forms.get(i)));
    this.readers = this.readersOf(columns.length);
    columns.forEach((column, i) => (column.reader = this.readers[i]));
    this.waiting = new WaitingNumbers(columns);
    if (this.options.sink) this.beginPassing(this.options.sink);
    if (this.isUnwanted) return [];
    if (!dialect.header && row.scanner.badQuote < 0) this.keep();
    return findings.filter(({ code }) => !dialect.rowNames || code !== 'no-name');
  }

  /** Whether the row at hand holds the names of the columns. */
  repeatsHeader(): boolean {
    const { row, columns, names } = this;
    if (!this.dialect.header || row.length !== columns.length || columns.length < 2) return false;
    if (row.stretch.codes[row.scanner.starts[0]] !== names[0].charCodeAt(0)) return false;
    return names.every((name, i) => row.cellText(i) === name);
  }

  private beginPassing(sink: RowSink): void {
    const { row, columns, readers, dialect } = this;
    this.passing = { sink, row: new PassedCsvRow(row, columns, readers, dialect) };
    this.isUnwanted = !sink.begin(columns, this.places[0]);
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

  /** Reads the row at hand, which has a cell for each column. */
  keep(): void {
    if (this.count === this.capacity && !this.passing) this.grow();
    if (this.refusal) return;
    const { row, readers, columns, passing, waiting } = this;
    const { scanner, stretch } = row;
    const { starts, ends } = scanner;
    const { mayWait, numbers, at } = waiting;
    for (let i = 0; i < columns.length; i++) {
      const reader = readers[i];
      const form = mayWait[i] === 1 ? undefined : columns[i].form;
      const value =
        form === undefined ? reader.number(stretch, starts[i], ends[i]) : numberIn(row.cellText(i), form, reader);
      const isNumber = Number.isFinite(Math.fround(value));
      if (passing) passing.row.numbers[i] = isNumber ? value : NaN;
      if (isNumber && mayWait[i] === 1) numbers[at + i] = value;
      else this.keepCell(i, isNumber ? value : undefined);
      if (reader.isOdd) this.noteOdd(i, value);
    }
    waiting.endRow();
    passing?.sink.take(passing.row);
    this.count++;
    this.lastRow = row.line;
  }

  /** A column takes its cell of the row at hand, which holds a number or none, at once. */
  private keepCell(i: number, value: number | undefined): void {
    const { row, readers, waiting } = this;
    const column = waiting.before(i);
    const { form } = column;
    let isNotable: boolean;
    if (value !== undefined) {
      isNotable = column.addNumber(value, column.wantsText ? row.cellText(i) : undefined);
    } else {
      const written = row.cellText(i);
      const fault = form === undefined ? readers[i].faultOf(written) : formFault(written, readers[i]);
      isNotable = column.addFault(fault, written);
    }
    if (isNotable) column.remember({ range: row.placeOf(i), text: row.cellText(i) });
    waiting.after(i);
  }

  /** The columns hold all rows from now on; before, they may lack the last ones. */
  settle(): void {
    this.waiting.end();
  }

  /** Remembers the first cell of a column that is written in a way of its own. */
  private noteOdd(column: number, value: number): void {
    this.readers[column].isOdd = false;
    if (Number.isNaN(value) || this.columns[column].form !== undefined) return;
    const place = { range: this.row.placeOf(column), text: this.row.cellText(column) };
    this.found.addCell(column, place, value);
  }

  /** Makes room for as many rows as there will be by the length of those so far. */
  private grow(): void {
    const width = this.columns.length;
    if (this.count * width > maxNumbers) {
      const message = `the file has more than ${this.count} rows of ${width} columns; 4.3 GB of numbers is the most that can be held`;
      this.refusal = { message, code: 'too-large' };
      return;
    }
    const estimate = this.size ? Math.ceil((this.size / (this.passed + this.row.at)) * this.count * 1.02) : 0;
    const fits = estimate > this.count && estimate * width <= maxNumbers;
    this.capacity = fits ? estimate : Math.ceil(this.count * 1.5);
    for (const column of this.columns) column.reserve(this.capacity);
  }
}
