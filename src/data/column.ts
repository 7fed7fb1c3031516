import { faultOf, parseNumber, type CellFault } from './parseCell';

/** Faulty cells of a kind whose rows a column remembers; the rest are only counted. */
export const MAX_FAULTS = 100;
/** Different values up to which a column counts them. */
export const MAX_DISTINCT = 100;
const SAMPLES = 3;
const SAMPLE_LENGTH = 40;

/** One column as it is read: its numbers, what they span, and which cells are not numbers. Memory: 4 to 8 bytes a row. */
export class Column {
  /** Lowest and highest number, in double precision; Infinity and -Infinity without any. */
  min = Infinity;
  max = -Infinity;
  /** Sum of the numbers, in double precision. */
  sum = 0;
  /** Cells that hold a number which a float32 can hold. */
  numbers = 0;
  /** How many cells have each fault. */
  readonly faultCounts: Record<CellFault, number> = { missing: 0, text: 0, notFinite: 0, tooLarge: 0 };
  /** The first rows with each fault, at most MAX_FAULTS of each. */
  readonly faultRows: Record<CellFault, number[]> = { missing: [], text: [], notFinite: [], tooLarge: [] };
  /** The first values as they are written, shortened. */
  readonly samples: string[] = [];
  private values = new Float32Array(16);
  private length = 0;
  private distinctValues: Set<number | string> | undefined = new Set();

  /** `name` as in the header; `unnamed` where the header has none and the name stands in for it. */
  constructor(
    readonly name: string,
    readonly unnamed = false,
  ) {}

  /** Appends a row's cell. */
  add(cell: string): void {
    if (this.length === this.values.length) this.grow();
    const value = parseNumber(cell);
    const fault = Number.isFinite(Math.fround(value)) ? undefined : faultOf(cell, value);
    if (fault === undefined) this.addNumber(value);
    else this.addFault(fault);
    if (this.distinctValues !== undefined && fault !== 'missing')
      this.addDistinct(fault === undefined ? value : cell.trim());
    if (this.samples.length < SAMPLES && fault !== 'missing')
      this.samples.push(ownCopy(cell.trim().slice(0, SAMPLE_LENGTH)));
    this.length++;
  }

  /** Appends a row's value as a format with types gives it: truth values are 1 and 0, a text is read as a cell is. */
  addValue(value: number | string | boolean | null | undefined): void {
    if (typeof value === 'string') return this.add(value);
    if (this.length === this.values.length) this.grow();
    if (value === null || value === undefined) this.addFault('missing');
    else this.addTyped(Number(value), value);
    this.length++;
  }

  /** The numbers in float32, one a row; NaN where the cell has a fault. */
  get data(): Float32Array {
    return this.values.subarray(0, this.length);
  }

  /** A column counts as numbers when most of its cells that hold anything do, so that a stray text is a fault in it. */
  get type(): 'number' | 'text' {
    const { text, notFinite, tooLarge } = this.faultCounts;
    const numeric = this.numbers + notFinite + tooLarge;
    return numeric > text ? 'number' : 'text';
  }

  /** Whether the column is taken without being named: a number column with a name of its own. */
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

  /** Whether every cell that holds anything holds the same. */
  get constant(): boolean {
    return this.distinct === 1;
  }

  private addTyped(number: number, value: number | boolean): void {
    const fits = Number.isFinite(Math.fround(number));
    if (fits) this.addNumber(number);
    else this.addFault(Number.isFinite(number) ? 'tooLarge' : 'notFinite');
    if (this.distinctValues !== undefined) this.addDistinct(fits ? number : String(value));
    if (this.samples.length < SAMPLES) this.samples.push(String(value));
  }

  private addNumber(value: number): void {
    this.values[this.length] = value;
    this.numbers++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  private addFault(fault: CellFault): void {
    this.values[this.length] = NaN;
    this.faultCounts[fault]++;
    if (this.faultRows[fault].length < MAX_FAULTS) this.faultRows[fault].push(this.length);
  }

  private addDistinct(value: number | string): void {
    if (this.distinctValues!.has(value)) return;
    this.distinctValues!.add(typeof value === 'string' ? ownCopy(value) : value);
    if (this.distinctValues!.size > MAX_DISTINCT) this.distinctValues = undefined;
  }

  private grow(): void {
    const larger = new Float32Array(this.values.length * 2);
    larger.set(this.values);
    this.values = larger;
  }
}

/** The text in memory of its own; a plain slice would keep the whole file's text. */
export function ownCopy(text: string): string {
  return Array.from(text).join('');
}
