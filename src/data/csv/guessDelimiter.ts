import { whitespace } from '../../base/whitespace';
import { headRows, type HeadRow, type NoRows } from './headRows';
import { isNumberish } from '../table/numberish';
import type { RowStyle } from './rowScanner';

const delimiters = [',', ';', '\t', '|'];
/** Rows by which a delimiter is told. */
const sampleRows = 100;
/** Rows of other lengths among those by which whitespace is told: a title, a header that is one name short. */
const fewShare = 0.35;

/** How well a delimiter fits. */
interface Fit {
  delimiter: string;
  /** Cells of most rows. */
  width: number;
  /** Share of the rows that have another number of cells. */
  misfits: number;
  /** Share of the cells that may be numbers. */
  numeric: number;
}

/** The delimiter that gives most rows of equal length; of several, the one that leaves most numbers whole, then most cells. */
export function guessDelimiter(text: string, style: Omit<RowStyle, 'delimiter'>, noRows: NoRows): string {
  const fitOf = (delimiter: string) => fit(delimiter, headRows(text, { ...style, delimiter }, noRows, sampleRows).rows);
  const fits = delimiters.map(fitOf).filter(({ width }) => width > 1);
  fits.sort((a, b) => a.misfits - b.misfits || b.numeric - a.numeric || b.width - a.width);
  const best = fits.at(0);
  const { rows } = headRows(text, { ...style, delimiter: whitespace }, noRows, sampleRows);
  if (isWhitespace(rows, best)) return whitespace;
  return best?.delimiter ?? ',';
}

/** How many cells most of some rows have; of several numbers the one of the earliest row. */
export function usualWidth(rows: readonly HeadRow[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [1, 0])[0];
}

function fit(delimiter: string, rows: HeadRow[]): Fit {
  const width = usualWidth(rows);
  const usual = rows.filter(({ cells }) => cells.length === width).flatMap(({ cells }) => cells);
  const numeric = usual.filter(({ text }) => isWhole(text)).length / Math.max(1, usual.length);
  const other = rows.filter(({ cells }) => cells.length !== width);
  return { delimiter, width, misfits: other.length / Math.max(1, rows.length), numeric };
}

/** A comma at the end of a cell stood between cells. */
function isWhole(text: string): boolean {
  return isNumberish(text) && !/[,;|]$/.test(text);
}

/**
 * Whether runs of blanks stand between the cells: nearly all rows have as many, some columns hold hardly anything but numbers, and no other
 * delimiter does as well. Where most cells after the first are groups of three digits, blanks may group digits.
 */
function isWhitespace(rows: HeadRow[], best: Fit | undefined): boolean {
  const found = fit(whitespace, rows);
  const { width } = found;
  if (width < 2 || rows.length < 2 || found.misfits > fewShare || (best && best.misfits < found.misfits)) return false;
  const last = rows.slice(-Math.max(1, rows.length - 1)).filter(({ cells }) => cells.length === width);
  const columns = Array.from({ length: width }, (_, i) => last.map(({ cells }) => cells[i].text));
  const numbers = columns.filter((column) => 10 * column.filter(isWhole).length >= 7 * column.length);
  if (numbers.length === 0 || last.length === 0) return false;
  const groups = columns.slice(1).every((column) => column.every((text) => /^\d{3}$/.test(text)));
  if (groups && columns[0].every((text) => /^[+-]?\d{1,3}$/.test(text))) return false;
  // A single name over cells of two parts is a column of values with units.
  if (rows[0].cells.length < 2) return false;
  if (!best) return true;
  return best.numeric < 0.1 || (numbers.length === width && (best.numeric < 0.6 || best.misfits > found.misfits));
}
