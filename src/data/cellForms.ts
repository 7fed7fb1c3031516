import type { CellReader } from './cellReader';
import type { CellFault } from './parseCell';

/** What the numbers of a column are written with: the same sign beside each, such as `%` or `$`; or as `true` and `false`. */
export type CellForm = { sign: string } | 'truth';

const TRUTH = /^(true|false)$/i;
/** A number with a currency sign before or after it, or a percent sign after it. */
const SIGNED = /^([+-]?)\s*(\p{Sc})?\s*([^\s%\p{Sc}].*?)\s*(%|\p{Sc})?$/u;

/** The form that each of some cells has, none of which is empty; undefined where they have none in common. */
export function formOf(cells: readonly string[], reader: CellReader): CellForm | undefined {
  if (cells.length === 0) return undefined;
  const form = TRUTH.test(cells[0]) ? 'truth' : signOf(cells[0]);
  const isOfForm = (cell: string) => Number.isFinite(numberIn(cell, form!, reader));
  return form && cells.every(isOfForm) ? form : undefined;
}

/** The number of a cell in a form; NaN where the cell does not have that form. */
export function numberIn(cell: string, form: CellForm, reader: CellReader): number {
  if (form === 'truth') return TRUTH.test(cell) ? Number(cell.length === 4) : NaN;
  const [, minus, before, digits, after] = SIGNED.exec(cell) ?? [];
  if (digits === undefined || (before ?? after) !== form.sign || (before && after)) return NaN;
  const plain = minus + digits;
  return reader.number(plain, 0, plain.length);
}

/** The fault of a cell that does not have the form of its column. */
export function formFault(cell: string, reader: CellReader): CellFault {
  return reader.isMissing(cell) ? 'missing' : 'text';
}

/** What would make a cell fit the others of its column. */
export function formCure(form: CellForm): string {
  if (form === 'truth') return 'the cells above it are true or false';
  return `the cells above it have ${JSON.stringify(form.sign)} beside their numbers, so write it here too`;
}

function signOf(cell: string): CellForm | undefined {
  const [, , before, , after] = SIGNED.exec(cell) ?? [];
  const sign = before ?? after;
  return sign === undefined ? undefined : { sign };
}
