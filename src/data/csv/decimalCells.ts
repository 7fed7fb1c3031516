import type { LineIndex } from '../../base/problem';
import type { LayoutInput, Note } from './guessLayout';
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
