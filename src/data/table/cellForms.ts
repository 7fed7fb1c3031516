import type { CellReader } from './cellReader';
import { daysIn, type DateForm } from './dateCells';
import type { CellFault } from './parseCell';

/**
 * What the numbers of a column are written with: the same sign or unit beside each, such as `%`, `$`, `CHF` or `kg`; a K, M
 * or B for thousands, millions or billions; as `true` and `false`; or as dates.
 */
export type CellForm = { sign: string } | DateForm | 'multiples' | 'truth';

/** Cells of a column of numbers that hold some, at least. */
const leastNumbers = 0.8;
const truthPattern = /^(true|false)$/i;
/** Units that stand beside a number without a blank; after a blank it may be any short word. */
const unitPattern =
  '[kmcµu]?m[²³23]?|[kmµu]?g|t|[kmµu]?[sWVAJNl]|[kmcd]?L|h|kWh|[kMG]?Hz|[kMGT]B|°[CF]?|[kMh]?Pa|mph|lbs?|oz|ft|in|ppm|px|km/h|m/s';
/** A number with a currency before or after it, or a percent sign or a unit after it. */
const signedPattern = new RegExp(
  `^([+-]?)\\s*(\\p{Sc}|[A-Z]{3}(?=\\s))?\\s*([^\\s%\\p{Sc}\\p{L}].*?)\\s*(%|\\p{Sc}|(?<=\\s)[\\p{L}°][\\p{L}°/²³23]{0,9}|(?<=\\d)(?:${unitPattern}))?$`,
  'u',
);
const multiplePattern = /^([+-]?)(\p{Sc}?)([\d.,]+)\s?([kKMB])?$/u;
const multipleFactors: Record<string, number> = { k: 1e3, K: 1e3, M: 1e6, B: 1e9 };

/**
 * The form that each of some cells has, none of which is empty; undefined where they have none in common. Few words among
 * them, such as `k.A.`, may stand for no value.
 */
export function formOf(written: readonly string[], reader: CellReader): CellForm | undefined {
  const cells = written.filter((cell) => /\d/.test(cell) || truthPattern.test(cell));
  if (cells.length === 0 || cells.length < leastNumbers * written.length) return undefined;
  const isOfForm = (form: CellForm) => cells.every((cell) => Number.isFinite(numberIn(cell, form, reader)));
  const found = [
    truthPattern.test(cells[0]) ? 'truth' : signOf(cells[0]),
    areMultiples(cells) ? 'multiples' : undefined,
  ] as const;
  return found.find((form) => form !== undefined && isOfForm(form));
}

/** The number of a cell in a form; NaN where the cell does not have that form. */
export function numberIn(cell: string, form: CellForm, reader: CellReader): number {
  if (form === 'truth') return truthPattern.test(cell) ? Number(cell.length === 4) : NaN;
  if (form === 'multiples') {
    const [, minus, , digits, factor] = multiplePattern.exec(cell) ?? [];
    return digits === undefined ? NaN : numberOf(minus + digits, reader) * (factor ? multipleFactors[factor] : 1);
  }
  if ('since' in form) return daysIn(cell, form);
  const [, minus, before, digits, after] = signedPattern.exec(withMinus(cell)) ?? [];
  if (digits === undefined || (before ?? after) !== form.sign || (before && after)) return NaN;
  return numberOf(minus + digits, reader);
}

/** The fault of a cell that does not have the form of its column. */
export function formFault(cell: string, reader: CellReader): CellFault {
  return reader.isMissing(cell) ? 'missing' : 'text';
}

/** What would make a cell fit the others of its column. */
export function formCure(form: CellForm): string {
  if (form === 'truth') return 'the cells above it are true or false';
  if (form === 'multiples') return 'the cells above it are numbers with K, M or B behind them';
  if ('since' in form) {
    return form.dayFirst
      ? 'dataset.dayfirst is true, so dates stand as day, month and year, or as in 2023-01-31'
      : 'dates stand as in 2023-01-31, 1/31/2023 or 31.1.2023; set dataset.dayfirst to true where 31/1/2023 is one';
  }
  return `the cells above it have ${JSON.stringify(form.sign)} beside their numbers, so write it here too`;
}

function numberOf(plain: string, reader: CellReader): number {
  return reader.numberOf(plain);
}

/** An amount in brackets, with a trailing minus or with another minus sign, rewritten with a plain minus in front. */
function withMinus(cell: string): string {
  return cell
    .replace(/^\(\s?([^()-]+?)\s?\)$/, '-$1')
    .replace(/^(?=[^-\u2212]*\d)([^-\u2212]*?)\s?[-\u2212]$/, '-$1')
    .replace(/^\u2212\s?/, '-');
}

function areMultiples(cells: readonly string[]): boolean {
  const factors = cells.map((cell) => multiplePattern.exec(cell)?.[4]);
  return factors.filter((factor) => factor !== undefined && factor !== 'k').length * 2 >= cells.length;
}

function signOf(cell: string): CellForm | undefined {
  const [, , before, , after] = signedPattern.exec(withMinus(cell)) ?? [];
  const sign = before ?? after;
  return sign === undefined ? undefined : { sign };
}
