import type { LineIndex } from '../../base/problem';
import type { LayoutInput, Note } from './guessLayout';
import type { HeadRow } from './headRows';
import { isNumberish } from '../table/numberish';

/** Rows from which their number of cells outweighs that of the header. */
const manyRows = 3;

/**
 * What is wrong where commas stand between cells and before fractions too: rows of up to twice as many whole numbers as there
 * are names. Undefined where they do not.
 */
export function decimalCells({ rows, delimiter, header }: LayoutInput, index: LineIndex): Note | undefined {
  const [head, ...body] = rows;
  const names = head.cells.length;
  if (delimiter !== ',' || header === false || names < 2 || body.length < manyRows) return undefined;
  if (head.cells.some(({ text }) => isNumberish(text))) return undefined;
  const lengths = body.map(({ cells }) => cells.length);
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  const isMore = 2 * lengths.filter((length) => length > names).length > lengths.length;
  if (!isMore || least < names || most > 2 * names || most - names < 2) return undefined;
  if (!body.every(({ cells }) => cells.every(({ text }) => /^[+-]?\d+$/.test(text)))) return undefined;
  const cells = least === most ? `${most} cells` : `${least} to ${most} cells`;
  const message = `the header has ${names} names, but the rows below it have ${cells}; if commas stand before fractions too, write the file with semicolons between the cells, or points in the numbers`;
  const place = index.range(head.cells[0].start, head.cells[names - 1].end);
  return { ...place, severity: 'error', message, code: 'ragged' };
}

/** What to do with commas that cut numbers. */
export const cutCure =
  'if commas stand before fractions or between thousands too, write such numbers in quotes, or the file with semicolons between the cells';

/**
 * Whether commas between cells cut numbers of some rows too: a column of as many digits in every row stands behind one of whole
 * numbers. It is certain where some of these digits begin with 0.
 */
export function cutNumbers(rows: readonly HeadRow[]): 'certain' | 'possible' | undefined {
  if (rows.length < manyRows) return undefined;
  const digits = rows[0].cells
    .map((_, i) => i)
    .filter((i) => i > 0 && isCut(rows.map(({ cells }) => [cells[i - 1].text, cells[i].text])));
  if (digits.length === 0) return undefined;
  return digits.some((i) => rows.some(({ cells }) => /^0\d/.test(cells[i].text))) ? 'certain' : 'possible';
}

function isCut(pairs: string[][]): boolean {
  const [[, { length }]] = pairs;
  return pairs.every(
    ([whole, rest]) => /^[+-]?(0|[1-9]\d*)$/.test(whole) && /^\d+$/.test(rest) && rest.length === length,
  );
}
