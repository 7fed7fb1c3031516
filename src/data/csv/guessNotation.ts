import type { ColumnWriting } from '../../engine/dataset';
import type { HeadCell } from './headRows';

/** How the numbers of a column are written. */
export interface Notation {
  decimal: '.' | ',';
  thousands?: string;
  /** Whether it is known which of the two stands before a fraction. */
  sure: boolean;
  /** The cell by which it was told, where it was not by itself. */
  by?: HeadCell;
  /** Whether the other way of reading is as likely. */
  doubtful?: boolean;
}

/** What is known of a file's numbers beforehand. */
export interface NotationInput {
  delimiter: string;
  decimal?: '.' | ',' | undefined;
  thousands?: string | undefined;
  isMissing(text: string): boolean;
  /** How the numbers of a column are written in another file with such a column. */
  elsewhere?(column: number): ColumnWriting['notation'];
}

/** What stands around the digits of a number: signs, currencies, units, brackets, an exponent. */
const signsAround = /^[=("\s+\-\u2212\u2013\p{Sc}]*([A-Z]{3}\s)?|[)"\s]*(-|%|\p{Sc}|[A-Za-z°µ/³²]+)?$/gu;
const exponentPattern = /e[+-]?\d+$/i;
const shapePatterns: [keyof Tally, RegExp][] = [
  ['small', /^\d{1,3}$/],
  ['large', /^\d+$/],
  ['threePoints', /^[1-9]\d{0,2}\.\d{3}$/],
  ['threeCommas', /^[1-9]\d{0,2},\d{3}$/],
  ['point', /^\d*\.\d*$/],
  ['comma', /^\d*,\d*$/],
  ['comma', /^\d{1,3}((\.\d{3})+,\d*|(\.\d{3}){2,})$/],
  ['point', /^\d{1,3}((,\d{2,3})*,\d{3}\.\d*|(,\d{2,3})+,\d{3})$/],
  ['point', /^\d{1,3}([\s'\u2019]\d{3})+\.\d*$/],
  ['comma', /^\d{1,3}([\s'\u2019]\d{3})+,\d*$/],
  ['small', /^\d{1,3}([\s'\u2019]\d{3})+$/],
];

/** How many cells of a column have each shape. */
interface Tally {
  /** Whole numbers below a thousand, or grouped by blanks; all others. */
  small: number;
  large: number;
  /** One to three digits, a sign and three digits: either a fraction or a thousands separator. */
  threePoints: number;
  threeCommas: number;
  /** The decimal sign that a cell can only have. */
  point: number;
  comma: number;
  other: number;
}

interface Column extends Tally {
  /** The first cell of each shape. */
  cells: Partial<Record<keyof Tally, HeadCell>>;
}

/** How the numbers of each column are written, by the cells of the first rows, as far as nobody said so. */
export function guessNotations(
  rows: readonly (readonly HeadCell[])[],
  width: number,
  input: NotationInput,
): Notation[] {
  const columns = Array.from({ length: width }, (_, i) =>
    tally(
      rows.flatMap((row) => row[i] ?? []),
      input,
    ),
  );
  const told = toldNotation(input);
  if (told) return columns.map((column) => (input.decimal === undefined && ownDecimal(column, input)) || told);
  const first = columns.map((column) => clear(column, input));
  const votes = first.map((notation) => notation?.decimal);
  const file = { points: votes.includes('.'), commas: votes.includes(',') };
  return columns.map(
    (column, i) => first[i] ?? asElsewhere(column, file, input.elsewhere?.(i)) ?? unclear(column, file, input),
  );
}

/** What a person said: one of the two signs says what the other is. */
function toldNotation({ decimal, thousands }: NotationInput): Notation | undefined {
  if (decimal !== undefined) return { decimal, sure: true };
  if (thousands === '.') return { decimal: ',', sure: true };
  return thousands === ',' ? { decimal: '.', sure: true } : undefined;
}

/** The notation of a column where the sign that groups digits elsewhere can only stand before fractions. */
function ownDecimal(column: Column, input: NotationInput): Notation | undefined {
  const notation = clear(column, input);
  const mayGroup = input.thousands === '.' ? column.threePoints : column.threeCommas;
  return notation?.decimal === input.thousands && mayGroup === 0 ? notation : undefined;
}

function tally(cells: readonly HeadCell[], { isMissing }: NotationInput): Column {
  const column: Column = {
    ...{ small: 0, large: 0, threePoints: 0, threeCommas: 0, point: 0, comma: 0, other: 0 },
    cells: {},
  };
  for (const cell of cells) {
    if (isMissing(cell.text)) continue;
    const shape = shapeOf(cell.text);
    column[shape]++;
    column.cells[shape] ??= cell;
  }
  return column;
}

/** Most cells are plain whole numbers or words, which are told without the slow patterns. */
function shapeOf(text: string): keyof Tally {
  if (/^\d+$/.test(text)) return text.length > 3 ? 'large' : 'small';
  if (!/[\d.,]/.test(text)) return 'other';
  const digits = text.replace(exponentPattern, '').replace(signsAround, '');
  return shapePatterns.find(([, pattern]) => pattern.test(digits))?.[0] ?? 'other';
}

/** The notation of a column whose cells say it. */
function clear(column: Column, { delimiter }: NotationInput): Notation | undefined {
  const { point, comma, other, small, large, threePoints, threeCommas, cells } = column;
  const numbers = point + comma + small + large + threePoints + threeCommas;
  if (other > numbers || point + comma === 0) return undefined;
  if (point >= comma) return { decimal: '.', sure: true };
  // Between cells of a file with commas, one cell may as well be mistyped.
  const isOften = delimiter !== ',' || comma > 1 || 2 * comma >= numbers;
  return isOften ? { decimal: ',', sure: true, by: cells.comma! } : { decimal: '.', sure: false };
}

/** The notation of a column that does not say it, as it was elsewhere; not where this file writes its numbers in another way. */
function asElsewhere(
  { cells }: Column,
  file: { points: boolean; commas: boolean },
  notation: ColumnWriting['notation'],
): Notation | undefined {
  if (!notation) return undefined;
  const isOtherwise = notation.decimal === ',' ? file.points && !file.commas : file.commas && !file.points;
  if (isOtherwise) return undefined;
  const isPlain = notation.decimal === '.' && notation.thousands === undefined;
  const by = isPlain ? undefined : (cells.threePoints ?? cells.threeCommas);
  return { ...notation, sure: true, ...(by && { by }) };
}

/** The notation of a column whose signs all stand before three digits. */
function unclear(column: Column, file: { points: boolean; commas: boolean }, { delimiter }: NotationInput): Notation {
  const { small, large, threePoints, threeCommas, other, cells } = column;
  const plain: Notation = { decimal: file.commas && !file.points ? ',' : '.', sure: file.points !== file.commas };
  if (other > small + large + threePoints + threeCommas) return { ...plain, sure: false };
  const isMixed = small > 0 && large === 0;
  if (threePoints > 0 && threeCommas === 0) {
    const by = cells.threePoints!;
    if (file.commas && !file.points) return { decimal: ',', thousands: '.', sure: true, by };
    if (file.points || delimiter !== ';') return { decimal: '.', sure: file.points };
    if (isMixed && threePoints > 1) return { decimal: ',', thousands: '.', sure: false, by, doubtful: true };
    return { decimal: '.', sure: false, by };
  }
  if (threeCommas > 0 && threePoints === 0) {
    const by = cells.threeCommas!;
    if (file.points && !file.commas) return { decimal: '.', thousands: ',', sure: true, by };
    if (file.commas) return { decimal: ',', sure: true, by };
    if (delimiter === ',' && large === 0) return { decimal: '.', thousands: ',', sure: false, by };
    if (delimiter === ';') {
      if (isMixed && threeCommas > 1) return { decimal: '.', thousands: ',', sure: false, by, doubtful: true };
      return { decimal: ',', sure: false, by };
    }
  }
  return plain;
}
