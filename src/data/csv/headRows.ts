import { CodedText } from '../bytes/codedText';
import { scannerOf } from './blankScanner';
import { nextLine, type RowStyle } from './rowScanner';

/** A cell of a file's first rows. */
export interface HeadCell {
  text: string;
  /** Offsets in the text. */
  start: number;
  end: number;
}

/** One of a file's first rows. */
export interface HeadRow {
  /** Its first line in the file, from 1. */
  line: number;
  /** Lines that it takes. */
  lines: number;
  start: number;
  cells: HeadCell[];
  /** Whether a quote in it has no counterpart. */
  badQuote: boolean;
}

/** Which lines are no rows, whatever they hold. */
export interface NoRows {
  /** By their number, from 1. */
  lines: ReadonlySet<number>;
  /** Those that begin with this, blanks aside. */
  comment?: string | undefined;
}

const lineEndPattern = /\r\n?|\n/g;

/** The rows of a text's head that hold anything, and the lines that hold comments. */
export function headRows(
  text: string,
  style: RowStyle,
  { lines, comment }: NoRows,
  limit = Infinity,
): { rows: HeadRow[]; comments: HeadRow[] } {
  const scanner = scannerOf(style);
  const coded = new CodedText(text);
  const rows: HeadRow[] = [];
  const comments: HeadRow[] = [];
  let line = 1;
  for (let at = 0; at < text.length && rows.length < limit;) {
    const isComment = comment !== undefined && beginsWith(text, at, comment);
    if (isComment || lines.has(line)) {
      const next = nextLine(text, at, style.lineEnd, true);
      const cell = { text: text.slice(at, next).trim(), start: at, end: next };
      if (isComment) comments.push({ line, lines: 1, start: at, cells: [cell], badQuote: false });
      at = next;
      line++;
      continue;
    }
    scanner.scan(coded, at, true);
    const cells = Array.from({ length: scanner.cells }, (_, i) => ({
      text: scanner.cellText(text, i),
      ...scanner.cellPlace(text, i),
    }));
    const taken = text.slice(at, scanner.next).match(lineEndPattern)?.length ?? 1;
    if (cells.some((cell) => cell.text !== '')) {
      rows.push({ line, lines: taken, start: at, cells, badQuote: scanner.badQuote >= 0 });
    }
    line += taken;
    at = scanner.next;
  }
  return { rows, comments };
}

/** Whether the line at an offset begins with a mark, blanks aside. */
export function beginsWith(text: string, from: number, mark: string): boolean {
  let at = from;
  while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++;
  return text.startsWith(mark, at);
}
