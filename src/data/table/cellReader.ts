import type { CharacterCodes, CodedText } from '../bytes/codedText';
import type { CellFault } from './parseCell';
import { respelled } from './respelled';

/** How numbers and gaps are written in a file. */
export interface CellNotation {
  /** Between the whole and the fraction. */
  decimal: '.' | ',';
  /** Between groups of digits, e.g. `1,000`; nothing where left out. */
  thousands?: string;
  /** Words besides the usual ones that stand for no value. */
  naValues?: readonly string[];
  /** Whether numbers may be written as `respelled` reads them; `sure` where it is known which sign stands before a fraction. */
  people?: { sure: boolean };
}

/** What a reader saw of its column's numbers: by these it is known whether a sign before three digits may be a thousands separator. */
export interface SeenNumbers {
  /** Numbers such as 2.155: one to three digits, then three after the decimal sign. */
  threes: number;
  /** Numbers with a decimal sign that can be nothing else. */
  fractions: number;
  /** Whole numbers below a thousand, and all others. */
  small: number;
  large: number;
}

/** Words for no value in any case: nothing else is called so. */
const missingInAnyCase = new Set(['', 'na', 'n/a', 'nan', '-nan', 'null', '?']);
/** Words for no value as they are written here, of which some could be names in another case. */
const missingAsWritten = new Set([
  'None',
  '<NA>',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '1.#IND',
  '-1.#IND',
  '1.#QNAN',
  '-1.#QNAN',
]);
/** All words for no value besides the empty cell: those that pandas takes for it, and `?`. */
export const missingWords: readonly string[] = [...missingInAnyCase, ...missingAsWritten].filter(Boolean);
const longestMissing = Math.max(...missingWords.map((word) => word.length));
const notFinite = /^[+-]?(nan|inf|infinity)$/i;
const otherBase = /^[+-]?0[xob]/i;
const powersOfTen = Float64Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`));
/** Whole numbers of this many digits, and powers of ten up to as many, are exact in a double, and so their quotient is rounded once. */
const exactDigits = 15;

/** Codes of a cell that does not stand in a larger text. */
const single = new Uint16Array(64);

/** Reads numbers out of a text in one notation. */
export class CellReader {
  /** What was read so far. */
  readonly seen: SeenNumbers = { threes: 0, fractions: 0, small: 0, large: 0 };
  /** Set where the number that was read last is one that a note may be needed of; whoever looks unsets it. */
  isOdd = false;
  private readonly decimalCode: number;
  private readonly words: Set<string>;
  private readonly naNumbers: Set<number>;
  private readonly naSingles: Set<number>;
  private readonly grouped: RegExp | undefined;

  /** `like` is a reader of the same notation. */
  constructor(
    readonly notation: CellNotation,
    like?: CellReader,
  ) {
    const { decimal, thousands, naValues = [] } = notation;
    this.decimalCode = decimal.charCodeAt(0);
    if (like) {
      ({ words: this.words, naNumbers: this.naNumbers, naSingles: this.naSingles, grouped: this.grouped } = like);
      return;
    }
    this.words = new Set(naValues.map((word) => word.trim()));
    const point = decimal === '.' ? '\\.' : ',';
    const comma = thousands?.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
    if (comma)
      this.grouped = new RegExp(`^[+-]?\\d{1,3}(${comma}\\d{2,3})*${comma}\\d{3}(${point}\\d*)?(e[+-]?\\d+)?$`, 'i');
    this.naNumbers = new Set(naValues.map((word) => this.slow(word)).filter((value) => !Number.isNaN(value)));
    this.naSingles = new Set([...this.naNumbers].map(Math.fround));
  }

  /** Whether a number of a format with types, in single or double precision, is one that stands for no value. */
  isMissingNumber(value: number): boolean {
    return this.naNumbers.size > 0 && (this.naNumbers.has(value) || this.naSingles.has(value));
  }

  /** The number in a text that may have spaces around it; NaN where it holds none. */
  numberOf(text: string): number {
    const length = Math.min(text.length, single.length);
    for (let i = 0; i < length; i++) single[i] = text.charCodeAt(i);
    return this.accepted(length < text.length ? this.slow(text) : this.fast(single, { text }, 0, length));
  }

  /** The number from offset `start` up to `end`, which may have spaces around it; NaN where it is no number. */
  number(coded: CodedText, start: number, end: number): number {
    return this.accepted(this.fast(coded.codes, coded, start, end));
  }

  /** NaN instead of a number that stands for no value. */
  private accepted(value: number): number {
    if (this.naNumbers.size > 0 && this.naNumbers.has(value)) return NaN;
    return value;
  }

  /** The fault of a cell whose number is no finite float32. */
  faultOf(cell: string): CellFault {
    if (this.isMissing(cell)) return 'missing';
    if (notFinite.test(cell)) return 'notFinite';
    return Number.isNaN(this.slow(cell)) ? 'text' : 'tooLarge';
  }

  /** Whether a cell without spaces around it stands for no value: it is empty, one of MISSING_WORDS, or a word of one's own. */
  isMissing(cell: string): boolean {
    const isShort = cell.length <= longestMissing;
    if (isShort && (missingAsWritten.has(cell) || missingInAnyCase.has(cell.toLowerCase()))) return true;
    return (
      this.words.size > 0 && (this.words.has(cell) || (this.naNumbers.size > 0 && this.naNumbers.has(this.slow(cell))))
    );
  }

  private fast(codes: CharacterCodes, whole: { text: string }, start: number, end: number): number {
    let at = start;
    let stop = end;
    while (at < stop && codes[at] === 32) at++;
    while (at < stop && codes[stop - 1] === 32) stop--;
    if (at === stop) return NaN;
    const sign = codes[at];
    if (sign === 45 || sign === 43) at++;
    let mantissa = 0;
    let digits = 0;
    let point = -1;
    for (; at < stop; at++) {
      const code = codes[at];
      const digit = code - 48;
      if (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digits++;
      } else if (code === this.decimalCode && point < 0) point = digits;
      else return this.slow(whole.text.slice(start, end));
    }
    if (digits === 0 || digits > exactDigits) return this.slow(whole.text.slice(start, end));
    const { seen } = this;
    if (point < 0) {
      if (mantissa < 1000) seen.small++;
      else seen.large++;
      return sign === 45 ? -mantissa : mantissa;
    }
    if (digits - point !== 3 || point > 3 || mantissa < 1000) seen.fractions++;
    else if (seen.threes++ === 0) this.isOdd = true;
    const value = point === digits ? mantissa : mantissa / powersOfTen[digits - point];
    return sign === 45 ? -value : value;
  }

  private slow(cell: string): number {
    const plain = cell.trim();
    const first = plain.charCodeAt(0) | 32;
    if (plain === '' || (first >= 97 && first <= 122)) return NaN;
    const value = this.written(plain);
    const { people, decimal } = this.notation;
    if (!people || !Number.isNaN(value)) return value;
    const other = respelled(plain, decimal, people.sure);
    if (other === undefined) return NaN;
    const read = this.written(other);
    if (!Number.isNaN(read)) this.isOdd = true;
    return read;
  }

  private written(cell: string): number {
    const { decimal, thousands } = this.notation;
    let plain = cell;
    if (otherBase.test(plain) || notFinite.test(plain)) return NaN;
    if (this.grouped?.test(plain)) plain = plain.replaceAll(thousands!, '');
    if (decimal === ',') {
      if (plain.includes('.')) return NaN;
      plain = plain.replace(',', '.');
    }
    return Number(plain);
  }
}
