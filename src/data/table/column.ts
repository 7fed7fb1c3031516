import type { Numbers } from '../../engine/numbers';
import { formFault, numberIn, type CellForm } from './cellForms';
import type { CellReader } from './cellReader';
import type { ColumnWriting } from '../../engine/dataset';
import { writingOf } from './columnWriting';
import { NumberStore } from './numberStore';
import type { CellFault } from './parseCell';
import { maxFaults, type ColumnOptions } from './columnOptions';
import type { CellPlace, IsKnown } from './table';
import { TextCodes, ownCopy } from './textCodes';

/** Different values up to which a column counts them. */
export const maxDistinct = 100;
const samplesShown = 3;
/** Rows among which different first values are looked for. */
const sampledRows = 1000;
const sampleLength = 40;
/** Rows that do not tell whether a column counts them: few numbers in a row are in order by chance. */
const fewRows = 10;

/** One column as it is read: its numbers, what they span, and which cells are not numbers. Memory: 4 bytes a row, 8 where `NumberStore` needs them, and room to grow. */
export class Column {
  /** How many cells have each fault. */
  readonly faultCounts: Record<CellFault, number> = { missing: 0, text: 0, notFinite: 0, tooLarge: 0 };
  /** The first rows with each fault, at most MAX_FAULTS of each. */
  readonly faultRows: Record<CellFault, number[]> = { missing: [], text: [], notFinite: [], tooLarge: [] };
  /** How many cells hold a value that is not known, and the first rows with one, at most MAX_FAULTS. */
  readonly unknown = { count: 0, rows: [] as number[] };
  /** Where faulty cells stand and what they say, by row. */
  readonly places = new Map<number, CellPlace>();
  /** The first different values as they are written, shortened. */
  readonly samples: string[] = [];
  /** What its numbers are written with, where that is more than digits. */
  form: CellForm | undefined;
  /** What read them, of delimited text. */
  reader: CellReader | undefined;
  /** The column's texts, where they are kept. */
  readonly texts: TextCodes | undefined;
  private readonly store: NumberStore;
  /** Sum of the numbers, in double precision. */
  sum = 0;
  /** Cells that hold a number which a float32 can hold. */
  numbers = 0;
  /** The different values, and how often each text occurs. */
  private distinctValues: Map<number | string, number> | undefined = new Map();
  private order = { whole: true, steady: true, rising: true, step: 0, last: 0 };
  private readonly least: number;
  private readonly most: number;
  /** Numbers beyond the range that can still be remembered. */
  private beyond: number;
  private readonly faultLimit: number;
  private readonly isKnown: IsKnown | undefined;

  /** `name` as in the header; `unnamed` where the header has none and the name stands in for it. */
  constructor(
    readonly name: string,
    readonly unnamed = false,
    {
      texts = false,
      range = [-Infinity, Infinity],
      scaled = false,
      faultLimit = maxFaults,
      passing = false,
      isKnown,
      form,
    }: ColumnOptions = {},
  ) {
    this.form = form;
    this.texts = texts ? new TextCodes() : undefined;
    this.store = new NumberStore(passing ? 'none' : texts ? 'exact' : scaled ? 'scaled' : 'trained');
    [this.least, this.most] = range;
    this.beyond = faultLimit;
    this.faultLimit = faultLimit;
    this.isKnown = isKnown;
  }

  /** Whether `add` needs to be told how the cell is written. */
  get wantsText(): boolean {
    return this.texts !== undefined || (this.samples.length < samplesShown && this.length < sampledRows);
  }

  /** How its numbers are written, as far as its cells show it. */
  get writing(): ColumnWriting | undefined {
    return writingOf(this.reader, this.form);
  }

  /** Whether a plain number is only appended, now and later: how it is written is not needed, nor is any too small or too large. */
  get onlyAppends(): boolean {
    return this.form === undefined && !this.wantsText && this.least === -Infinity && this.most === Infinity;
  }

  /** Rows so far. */
  private get length(): number {
    return this.store.length;
  }

  /**
   * Appends a row's number; `written` is needed where `wantsText` says so. True where the cell's place is to be
   * remembered, with `remember`.
   */
  addNumber(value: number, written: string | undefined): boolean {
    this.append(value);
    if (written !== undefined) this.addWritten(written);
    if (this.isKnown && this.isUnknown(value, written!)) return true;
    return (value < this.least || value > this.most) && this.beyond-- > 0;
  }

  /** Appends numbers of a column that only appends them: `count`, every `step` from a place on. */
  addNumbers(values: Float64Array, from: number, step: number, count: number): void {
    for (let i = 0, at = from; i < count; i++, at += step) this.append(values[at]);
  }

  /** Appends a row's cell that is no number. True where the cell's place is to be remembered. */
  addFault(fault: CellFault, written: string): boolean {
    const row = this.store.add(NaN);
    const count = this.faultCounts[fault]++;
    if (fault === 'missing') this.texts?.add(undefined);
    else {
      if (this.distinctValues !== undefined) this.addDistinct(written);
      if (this.wantsText) this.addWritten(written);
    }
    const isUnknown = (fault === 'text' || fault === 'tooLarge') && this.isUnknown(NaN, written);
    if (isUnknown && count >= this.faultLimit) return true;
    if (count >= this.faultLimit) return false;
    this.faultRows[fault].push(row);
    return true;
  }

  /**
   * Appends a row's value as a format with types gives it: truth values are 1 and 0, a text is read as a cell is. True
   * where the cell's place is to be remembered.
   */
  addValue(value: number | string | boolean | null | undefined, reader: CellReader): boolean {
    if (value === null || value === undefined) return this.addFault('missing', '');
    if (typeof value === 'string') {
      const written = value.trim();
      const { form } = this;
      const number = form ? numberIn(written, form, reader) : reader.numberOf(value);
      const isNumber = Number.isFinite(Math.fround(number));
      if (isNumber) return this.addNumber(number, written);
      return this.addFault(form ? formFault(written, reader) : reader.faultOf(written), written);
    }
    const number = Number(value);
    if (reader.isMissingNumber(number)) return this.addFault('missing', '');
    if (Number.isFinite(Math.fround(number))) {
      return this.addNumber(number, this.wantsText ? String(number) : undefined);
    }
    return this.addFault(Number.isFinite(number) ? 'tooLarge' : 'notFinite', String(number));
  }

  /** Remembers where the cell that was added last stands and what it says. */
  remember(place: CellPlace): void {
    this.places.set(this.length - 1, place);
  }

  /** Makes room for this many rows. */
  reserve(rows: number): void {
    this.texts?.reserve(rows);
    this.store.reserve(rows);
  }

  /** The numbers, one a row, in double precision where float32 would lose of them; NaN where the cell has a fault. */
  get data(): Numbers {
    return this.store.numbers;
  }

  /** Lowest and highest number, in double precision; Infinity and -Infinity without any. */
  get min(): number {
    return this.store.min;
  }

  get max(): number {
    return this.store.max;
  }

  /** A column counts as numbers when most of its cells that hold anything do, so that a stray text is a fault in it. */
  get type(): 'number' | 'text' {
    const { text, notFinite, tooLarge } = this.faultCounts;
    const numeric = this.numbers + notFinite + tooLarge;
    return numeric > text ? 'number' : 'text';
  }

  /** Whether the column can be taken without being named: a number column with a name of its own. */
  get candidate(): boolean {
    return this.type === 'number' && !this.unnamed;
  }

  /** Mean of the numbers; NaN without any. */
  get mean(): number {
    return this.sum / this.numbers;
  }

  /** How many different values there are; undefined beyond MAX_DISTINCT. */
  get distinct(): number | undefined {
    return this.distinctValues?.size;
  }

  /** How often each different value occurs in a column of texts, at the least; undefined beyond MAX_DISTINCT. */
  get counts(): number[] | undefined {
    return this.distinctValues && [...this.distinctValues.values()];
  }

  /** Whether every cell that holds anything holds the same. */
  get constant(): boolean {
    return this.distinct === 1;
  }

  /** Whether it holds a whole number in every row, each higher by one than the one before. Few rows do not tell. */
  get countsRows(): boolean {
    const { steady, rising, step } = this.order;
    return this.wholeInManyRows && steady && rising && step === 1;
  }

  /** Whether it holds a whole number in every row, and none twice. Few rows do not tell. */
  get tellsRowsApart(): boolean {
    return this.wholeInManyRows && (this.order.rising || this.allDifferent());
  }

  private get wholeInManyRows(): boolean {
    return this.order.whole && this.numbers === this.length && this.numbers > fewRows;
  }

  private append(value: number): void {
    this.store.add(value);
    this.sum += value;
    this.numbers++;
    if (this.order.whole) this.follow(value, this.numbers);
    if (this.distinctValues) this.addDistinct(value);
  }

  /** Follows whole numbers as they rise; `count` of them so far. */
  private follow(value: number, count: number): void {
    const { order } = this;
    if (!Number.isInteger(value)) {
      order.whole = false;
      return;
    }
    const step = value - order.last;
    if (count === 2) order.step = step;
    else if (count > 2 && step !== order.step) order.steady = false;
    if (count > 1 && step <= 0) order.rising = false;
    order.last = value;
  }

  private allDifferent(): boolean {
    if (this.distinctValues) return this.distinctValues.size === this.numbers;
    const sorted = this.data.slice().sort();
    return sorted.every((value, i) => i === 0 || value !== sorted[i - 1]);
  }

  /** Whether the cell that was added last holds a value that is not known, and is to be remembered. */
  private isUnknown(value: number, written: string): boolean {
    if (!this.isKnown || this.isKnown(value, written) || this.unknown.count++ >= this.faultLimit) return false;
    this.unknown.rows.push(this.length - 1);
    return true;
  }

  private addWritten(written: string): void {
    if (this.samples.length < samplesShown) this.addSample(written.slice(0, sampleLength));
    this.texts?.add(written);
  }

  private addSample(written: string): void {
    if (!this.samples.includes(written)) this.samples.push(ownCopy(written));
  }

  private addDistinct(value: number | string): void {
    const count = this.distinctValues!.get(value);
    if (count !== undefined) {
      if (typeof value === 'string') this.distinctValues!.set(value, count + 1);
      return;
    }
    this.distinctValues!.set(typeof value === 'string' ? ownCopy(value) : value, 1);
    if (this.distinctValues!.size > maxDistinct) this.distinctValues = undefined;
  }
}
