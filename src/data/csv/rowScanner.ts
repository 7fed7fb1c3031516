import type { CodedText } from '../bytes/codedText';

const lineFeedCode = 10;
const carriageReturnCode = 13;
const spaceCode = 32;

/** What a cell looks like: bare, in quotes, or in quotes with doubled quotes inside. */
export type CellKind = 0 | 1 | 2;

/** What stands between cells and rows. */
export interface RowStyle {
  /** One character, or `whitespace` where runs of blanks and tabs stand between the cells. */
  delimiter: string;
  /** `\n`, before which `\r` may stand, or `\r`, after which `\n` may stand. */
  lineEnd: '\n' | '\r';
  /** What stands around cells that hold delimiters: a double quote where left out. */
  quote?: '"' | "'";
  /** Whether blanks may stand before a quote that opens a cell. */
  blanksBeforeQuotes?: boolean;
}

/** Finds the cells of one row after the other in a delimited text, without taking them out of it. */
export class RowScanner {
  /** Cells of the row that was scanned last. */
  cells = 0;
  /** Offsets in the text where each cell starts and ends, inside its quotes where it has some. */
  starts: Int32Array = new Int32Array(64);
  ends: Int32Array = new Int32Array(64);
  kinds: Uint8Array = new Uint8Array(64);
  /** Offset just after the row and what ends it. */
  next = 0;
  /** Whether the row is a line by itself, without line ends inside. */
  oneLine = true;
  /** Offset of the first opening quote without its counterpart; -1 where all match. */
  badQuote = -1;
  /** Whether cells were added that the text does not have. */
  isFilled = false;
  protected readonly delimiter: number;
  private readonly quote: number;

  constructor(protected readonly style: RowStyle) {
    this.delimiter = style.delimiter.charCodeAt(0);
    this.quote = (style.quote ?? '"').charCodeAt(0);
  }

  /** Whether a quote opens at an offset. */
  protected isQuote(text: string, at: number): boolean {
    return text.charCodeAt(at) === this.quote;
  }

  /** Scans the row at offset `from`; false where it continues beyond the text, unless that is the `last` there is. */
  scan(coded: CodedText, from: number, last: boolean): boolean {
    const { delimiter, quote } = this;
    const { codes } = coded;
    const { length } = codes;
    this.begin();
    let at = from;
    for (;;) {
      const open = this.style.blanksBeforeQuotes ? this.afterBlanks(coded.text, at) : at;
      const quoted = open < length && codes[open] === quote;
      let end = quoted ? this.endOfQuoted(coded.text, open, last) : at;
      if (end < 0) return false;
      const start = at;
      for (; end < length; end++) {
        const code = codes[end];
        if (code === delimiter) break;
        if (code > carriageReturnCode || (code !== lineFeedCode && code !== carriageReturnCode)) continue;
        const width = this.lineEndAt(code, codes[end + 1], last);
        if (width < 0) return false;
        if (width > 0) {
          if (!quoted) this.push(start, end, 0);
          this.next = end + width;
          return true;
        }
        this.oneLine = false;
      }
      if (end === length && !last) return false;
      if (!quoted) this.push(start, end, 0);
      if (end === length) {
        this.next = length;
        return true;
      }
      at = end + 1;
    }
  }

  /** Adds empty cells at an offset, up to this many in all. */
  fill(cells: number, at: number): void {
    this.isFilled = true;
    while (this.cells < cells) this.push(at, at, 0);
  }

  /** Takes the row to end where a mark begins a comment in it. */
  cutComment(text: string, mark: string): void {
    for (let i = 0; i < this.cells; i++) {
      const at = this.kinds[i] === 0 ? text.indexOf(mark, this.starts[i]) : -1;
      if (at < 0 || at >= this.ends[i]) continue;
      this.ends[i] = at;
      this.cells = i + 1;
    }
  }

  protected begin(): void {
    this.cells = 0;
    this.oneLine = true;
    this.badQuote = -1;
    this.isFilled = false;
  }

  /** A cell as it is meant: without spaces around it, and quotes inside it as one. */
  cellText(text: string, cell: number): string {
    const inner = text.slice(this.starts[cell], this.ends[cell]).trim();
    if (this.kinds[cell] !== 2) return inner;
    const { quote = '"' } = this.style;
    return inner.replaceAll(quote + quote, quote);
  }

  /** Offsets of a cell with its quotes, without the spaces around it. */
  cellPlace(text: string, cell: number): { start: number; end: number } {
    const [start, end] = [this.starts[cell], this.ends[cell]];
    if (this.kinds[cell] !== 0) return { start: start - 1, end: Math.min(end + 1, text.length) };
    const raw = text.slice(start, end);
    const bare = raw.trim();
    if (bare === '') return { start, end: start };
    const from = start + raw.length - raw.trimStart().length;
    return { start: from, end: from + bare.length };
  }

  /** Length of the line end that starts with `code`, followed by `after`: 0 if it is none, -1 if the text ends too early to tell. */
  protected lineEndAt(code: number, after: number | undefined, last: boolean): number {
    if (code === lineFeedCode) return this.style.lineEnd === '\n' ? 1 : 0;
    if (after === undefined) return last ? 1 : -1;
    if (after === lineFeedCode) return 2;
    return this.style.lineEnd === '\r' ? 1 : 0;
  }

  /** Notes the quoted cell that opens at an offset; returns where its delimiter or row end is, -1 where the text ends first. */
  protected endOfQuoted(text: string, open: number, last: boolean): number {
    let kind: CellKind = 1;
    const { quote: mark = '"' } = this.style;
    let quote = text.indexOf(mark, open + 1);
    for (; quote >= 0; quote = text.indexOf(mark, quote + 1)) {
      if (text.charCodeAt(quote + 1) === this.quote) {
        kind = 2;
        quote++;
        continue;
      }
      const after = this.cellEndAfter(text, quote + 1, last);
      if (after === -1) return -1;
      if (after > 0) {
        this.pushQuoted(text, open + 1, quote, kind);
        return after;
      }
      // Not the end of the cell, so it should have been doubled.
      if (this.badQuote < 0) this.badQuote = open;
    }
    if (!last) return -1;
    if (this.badQuote < 0) this.badQuote = open;
    this.pushQuoted(text, open + 1, text.length, kind);
    return text.length;
  }

  /** Where the cell ends, of which only spaces are left from an offset on; 0 where something else is, -1 where the text ends first. */
  protected cellEndAfter(text: string, from: number, last: boolean): number {
    let at = from;
    while (at < text.length && text.charCodeAt(at) === spaceCode && this.delimiter !== spaceCode) at++;
    if (at === text.length) return last ? at : -1;
    const code = text.charCodeAt(at);
    if (code === this.delimiter) return at;
    if (code !== lineFeedCode && code !== carriageReturnCode) return 0;
    const width = this.lineEndAt(code, codeAt(text, at + 1), last);
    return width > 0 ? at : width;
  }

  private afterBlanks(text: string, from: number): number {
    let at = from;
    while (text.charCodeAt(at) === spaceCode) at++;
    return at;
  }

  private pushQuoted(text: string, start: number, end: number, kind: CellKind): void {
    if (this.oneLine && /[\r\n]/.test(text.slice(start, end))) this.oneLine = false;
    this.push(start, end, kind);
  }

  protected push(start: number, end: number, kind: CellKind): void {
    if (this.cells === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
      const kinds = new Uint8Array(this.starts.length);
      kinds.set(this.kinds);
      this.kinds = kinds;
    }
    this.starts[this.cells] = start;
    this.ends[this.cells] = end;
    this.kinds[this.cells++] = kind;
  }
}

/** Offset after the line that starts at an offset, whatever it holds; -1 where it continues beyond the text, unless that is the `last` there is. */
export function nextLine(text: string, from: number, lineEnd: '\n' | '\r', last: boolean): number {
  const end = text.indexOf(lineEnd, from);
  if (end < 0) return last ? text.length : -1;
  if (lineEnd === '\n') return end + 1;
  if (end + 1 === text.length) return last ? end + 1 : -1;
  return text.charCodeAt(end + 1) === lineFeedCode ? end + 2 : end + 1;
}

/** The character code at an offset; undefined beyond the text. */
export function codeAt(text: string, at: number): number | undefined {
  return at < text.length ? text.charCodeAt(at) : undefined;
}

function grown(numbers: Int32Array): Int32Array {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
