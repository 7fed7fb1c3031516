import { whitespace } from '../../base/whitespace';
import type { CodedText } from '../bytes/codedText';
import { codeAt, RowScanner, type RowStyle } from './rowScanner';

const spaceCode = 32;
const tabCode = 9;
const lineFeedCode = 10;
const carriageReturnCode = 13;

/** Finds the cells of rows in which runs of blanks and tabs stand between cells, and perhaps before the first and after the last. */
export class BlankScanner extends RowScanner {
  override scan({ text }: CodedText, from: number, last: boolean): boolean {
    const { length } = text;
    this.begin();
    let at = from;
    for (;;) {
      while (at < length && isBlank(text.charCodeAt(at))) at++;
      if (at === length && !last) return false;
      const width = at === length ? 0 : this.rowEnd(text, at, last);
      if (width < 0) return false;
      if (at === length || width > 0) {
        if (this.cells === 0) this.push(from, at, 0);
        this.next = at + width;
        return true;
      }
      const end = this.isQuote(text, at) ? this.endOfQuoted(text, at, last) : this.endOfBare(text, at, last);
      if (end < 0) return false;
      at = end;
    }
  }

  protected override cellEndAfter(text: string, from: number, last: boolean): number {
    if (from === text.length) return last ? from : -1;
    if (isBlank(text.charCodeAt(from))) return from;
    const width = this.rowEnd(text, from, last);
    return width > 0 ? from : width;
  }

  /** Notes the cell at an offset; returns where it ends, -1 where the text ends before that is known. */
  private endOfBare(text: string, start: number, last: boolean): number {
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > spaceCode) continue;
      if (isBlank(code)) break;
      const width = this.rowEnd(text, at, last);
      if (width < 0) return -1;
      if (width > 0) break;
      this.oneLine &&= code !== lineFeedCode && code !== carriageReturnCode;
    }
    if (at === text.length && !last) return -1;
    this.push(start, at, 0);
    return at;
  }

  private rowEnd(text: string, at: number, last: boolean): number {
    const code = text.charCodeAt(at);
    return code === lineFeedCode || code === carriageReturnCode ? this.lineEndAt(code, codeAt(text, at + 1), last) : 0;
  }
}

/** The scanner for a way of writing rows. */
export function scannerOf(style: RowStyle): RowScanner {
  return style.delimiter === whitespace ? new BlankScanner(style) : new RowScanner(style);
}

function isBlank(code: number): boolean {
  return code === spaceCode || code === tabCode;
}
