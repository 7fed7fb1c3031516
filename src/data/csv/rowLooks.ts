import { type LineIndex, type TextRange } from '../../base/problem';
import { CellReader } from '../table/cellReader';
import { isNothing, isNumberish, isUnit } from '../table/numberish';
import { usualWidth } from './guessDelimiter';
import type { HeadRow } from './headRows';

/** Rows below the header by which columns are told. */
const sampleRows = 200;

/** Looks at rows by what their cells may be. */
export class RowLooks {
  /** Cells of most rows. */
  readonly width: number;
  private readonly reader: CellReader;

  constructor(
    private readonly input: { rows: HeadRow[]; naValues: readonly string[] },
    readonly index: LineIndex,
  ) {
    this.width = usualWidth(input.rows.slice(0, sampleRows));
    this.reader = new CellReader({ decimal: '.', naValues: input.naValues });
  }

  get rows(): HeadRow[] {
    return this.input.rows;
  }

  /** The place of the first row that belongs to the table: its header, or its first row of data. */
  firstRow(): number {
    const { rows, width } = this;
    const at = rows.findIndex(({ cells }) => cells.length === width);
    const names = this.belowTitles(Math.max(0, at));
    if (names > at || at <= 0) return names;
    if (this.isHeader(rows[0], at)) return 0;
    const columns = this.numericColumns(at);
    const before = rows[at - 1];
    const held = before.cells.filter((cell) => cell.text !== '').length;
    const { numbers, texts } = this.count(rows[at], columns);
    if (texts > numbers) return at;
    if (held < width - 1 && numbers > 0 && texts === 0 && isNames(this, rows[at], columns)) return at;
    // Names of which some are missing, or too many of them, are the header still.
    return held > 1 || held === width - 1 ? at - 1 : at;
  }

  /** Whether a first row names the columns of rows of data, up to `at`, that have more cells than most. */
  private isHeader(row: HeadRow, at: number): boolean {
    const between = this.rows.slice(1, at);
    const columns = this.numericColumns(0);
    const isData = (one: HeadRow) => {
      const { numbers, texts } = this.count(one, columns);
      return one.cells.length > this.width && numbers > 0 && texts === 0;
    };
    return between.length > 0 && this.isTexts(row, columns) && between.every(isData);
  }

  /** The row below those from `at` on that hold a title, or a word and what it says, where it names every column; `at` without any. */
  private belowTitles(at: number): number {
    const { rows, width } = this;
    const isTitle = ({ cells }: HeadRow) => {
      const held = cells.filter(({ text }) => text !== '');
      const isPair = width > 3 && held.length === 2 && held[0] === cells[0] && held[1] === cells[1];
      return (held.length === 1 || isPair) && cells.length === width && !isNumberish(held[0].text);
    };
    const names = rows.findIndex((row, i) => i >= at && !isTitle(row));
    if (width < 3 || names <= at || !isAll(rows[names])) return at;
    return this.isTexts(rows[names], this.numericColumns(names)) ? names : at;
  }

  /** The columns that hold numbers below a row. */
  numericColumns(row: number): number[] {
    const below = this.rows.slice(row + 1, row + 1 + sampleRows).filter(({ cells }) => cells.length >= this.width);
    return Array.from({ length: this.width }, (_, i) => i).filter((i) => {
      const cells = below.map(({ cells }) => cells[i].text).filter((text) => !isNothing(text, this.reader));
      return cells.length > 0 && 2 * cells.filter(isNumberish).length >= cells.length;
    });
  }

  /** How many numbers and texts a row has in some columns. */
  count({ cells }: HeadRow, columns: readonly number[]): { numbers: number; texts: number; units: number } {
    const found = columns.flatMap((i) => (i < cells.length ? [cells[i].text] : []));
    const held = found.filter((text) => text !== '' && (isUnit(text) || !isNothing(text, this.reader)));
    const numbers = held.filter(isNumberish).length;
    // What merely begins with a number, or is below one, is a value that cannot be read.
    const texts = held.filter((text) => !isNumberish(text) && !/^[\d<>~≤≥]/.test(text));
    return { numbers, texts: texts.length, units: texts.filter(isUnit).length };
  }

  /** Whether a row among numbers holds words: names, or units. */
  isTexts(row: HeadRow, columns: readonly number[]): boolean {
    const { numbers, texts, units } = this.count(row, columns);
    return texts > numbers && (texts > 1 || units > 0);
  }

  /** Whether a text of a row stands again in its column. */
  recurs({ cells, line }: HeadRow, columns: readonly number[]): boolean {
    const below = this.rows.filter((row) => row.line > line);
    return cells.some(
      ({ text }, i) => !columns.includes(i) && text !== '' && below.some((row) => row.cells[i]?.text === text),
    );
  }

  placeOf({ cells }: HeadRow): TextRange {
    return this.index.range(cells[0].start, cells[cells.length - 1].end);
  }
}

/** Whether a row holds a text of its own in every cell. */
export function isAll({ cells }: HeadRow): boolean {
  return cells.every(({ text }) => text !== '') && new Set(cells.map(({ text }) => text)).size === cells.length;
}

/** Whether a first row of numbers and words holds names: numbers that count up, as years do, over words that stand nowhere below. */
export function isNames(table: RowLooks, head: HeadRow, columns: readonly number[]): boolean {
  const { cells } = head;
  if (columns.length === cells.length) return false;
  const held = columns.flatMap((i) => (cells[i].text === '' ? [] : [Number(cells[i].text)]));
  const steps = held.slice(1).map((value, i) => value - held[i]);
  const counts = held.every(Number.isInteger) && steps.every((step) => step === steps[0] && step > 0);
  return counts && !table.recurs(head, columns);
}
