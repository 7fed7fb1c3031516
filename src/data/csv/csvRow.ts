import { CodedText } from '../bytes/codedText';
import { LineIndex, type TextRange } from '../../base/problem';
import { scannerOf } from './blankScanner';
import type { Dialect } from './dialect';
import type { RowScanner } from './rowScanner';

const lineEndPattern = /\r\n?|\n/g;

/** The row of a delimited text at hand, and where it stands in the file. */
export class CsvRow {
  /** A stretch of the text, the offset in it where the row begins, and the line in the file where it does. */
  stretch = new CodedText('');
  at = 0;
  line = 1;
  readonly scanner: RowScanner;
  private readonly commentInside: string | undefined;
  private index: LineIndex | undefined;

  constructor({ style, comment }: Dialect) {
    this.scanner = scannerOf(style);
    this.commentInside = comment?.inside ? comment.mark : undefined;
  }

  get text(): string {
    return this.stretch.text;
  }

  /** Finds the row's cells; whether the row ends within the text, which is sure where the text is the `last`. */
  scan(last: boolean): boolean {
    this.index = undefined;
    const whole = this.scanner.scan(this.stretch, this.at, last);
    if (this.commentInside !== undefined) this.scanner.cutComment(this.text, this.commentInside);
    return whole;
  }

  get length(): number {
    return this.scanner.cells;
  }

  /** Lines that the row takes. */
  get lines(): number {
    const { scanner, at } = this;
    return scanner.oneLine ? 1 : (this.text.slice(at, scanner.next).match(lineEndPattern)?.length ?? 0);
  }

  cellText(cell: number): string {
    return this.scanner.cellText(this.text, cell);
  }

  /** What each cell holds. */
  cellTexts(): string[] {
    return Array.from({ length: this.length }, (_, i) => this.cellText(i));
  }

  /** Whether it holds cells, and nothing in any of them. */
  isEmpty(): boolean {
    if (this.length < 2) return false;
    for (let i = 0; i < this.length; i++) if (this.cellText(i) !== '') return false;
    return true;
  }

  /** Offset where the row ends, without its line end. */
  end(): number {
    const { next } = this.scanner;
    const end = /(\r\n?|\n)$/.exec(this.text.slice(Math.max(this.at, next - 2), next));
    return end ? next - end[0].length : next;
  }

  /** Where the row stands in the file. */
  place(): TextRange {
    return this.range(this.at, this.end());
  }

  placeOf(cell: number): TextRange {
    const { start, end } = this.scanner.cellPlace(this.text, cell);
    return this.range(start, end);
  }

  /** Where offsets of the row stand in the file. */
  range(start: number, end: number): TextRange {
    const { at, line, scanner } = this;
    const [column, endColumn] = [start - at + 1, Math.max(start, end) - at + 1];
    if (scanner.oneLine) return { line, column, endLine: line, endColumn };
    this.index ??= new LineIndex(this.text.slice(at, scanner.next));
    const { line: from, endLine: to, ...columns } = this.index.range(start - at, end - at);
    return { ...columns, line: from + line - 1, endLine: to + line - 1 };
  }
}
