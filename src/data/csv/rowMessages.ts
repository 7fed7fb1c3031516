import type { CsvRow } from './csvRow';
import { beginsWith } from './headRows';

/** What a comment may begin with. */
const commentSigns = ['#', '%', '//', '!'];

/** Of a cell whose quotes do not match. */
export const quoteSigns =
  'the double quotes of this cell do not match; a cell that opens with " closes with ", and a " inside is written ""';

/** How long rows are to be: as long as the header, or as the first row where there is no header. */
export interface RowLength {
  what: 'header' | 'first row';
  cells: number;
}

/** Of a row that does not end within this many characters. */
export function tooLongMessage(characters: number): string {
  const size = `${characters >> 20} million characters`;
  return `this row does not end within ${size}; close the double quote that it opens, or break the line`;
}

/** Of a row of another length than the others. */
export function raggedMessage({ text, at, length }: CsvRow, { what, cells }: RowLength): string {
  const mark = commentSigns.find((one) => beginsWith(text, at, one));
  const cure = mark
    ? `; if this is a comment, set dataset.comment to ${JSON.stringify(mark)}`
    : `; give every row as many cells as the ${what}${length < cells ? ', or set dataset.missing to "drop"' : ''}`;
  return `this row has ${cellsOf(length)}, but the ${what} has ${cells}${cure}`;
}

/** Of a row at the end that holds words alone, so many `lines` before the end. */
export function footerMessage(row: CsvRow, { what, cells }: RowLength, lines: number): string {
  const held = row.cellTexts().filter((text) => text !== '');
  const found =
    row.length < cells
      ? `this row has ${cellsOf(row.length)}, but the ${what} has ${cells}`
      : `this row holds ${held.length === 1 ? 'one cell' : 'words'} alone`;
  return `${found}; if it is a footer and no data, set dataset.skipfooter to ${lines}`;
}

function cellsOf(count: number): string {
  return count === 1 ? '1 cell' : `${count} cells`;
}

/** `line 3`, or `lines 1, 2 and 4`. */
export function listed(lines: readonly number[]): string {
  if (lines.length === 1) return `line ${lines[0]}`;
  return `lines ${lines.slice(0, -1).join(', ')} and ${lines[lines.length - 1]}`;
}
