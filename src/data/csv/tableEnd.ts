import { numberIn } from '../table/cellForms';
import type { CellReader } from '../table/cellReader';
import type { Column } from '../table/column';
import type { CsvRow } from './csvRow';
import type { Note } from './guessLayout';

/** A row at the end of a file that may be no data, kept until it is known whether others follow. */
export interface HeldRow {
  text: string;
  line: number;
}

/** Few rows can be the sum of others by chance. */
const fewRows = 6;
const totalPattern =
  /^((grand|overall|sub)[ _-]?)?(totals?|sum|summe|(ins)?gesamt(summe)?|totale?|total général|suma|somme|totaal|итого|合計|总计|Σ)\s*:?$/i;

const meanPattern = /^(averages?|avg\.?|means?|mittelwert|durchschnitt|moyenne|media|promedio|среднее|平均)\s*:?$/i;

const spreadPattern =
  /^(st(an)?d(ard)?\.?[ -]?(dev(iation)?|abw(eichung)?|err(or)?)?\.?|s\.?d\.?|sem?|variance|var|rsd|cv|median|min(imum)?|max(imum)?|count|n|écart[ -]type)\s*:?$/i;

/** Whether a cell may say that its row describes the others, beside a row of their means. */
function isSpreadLabel(text: string): boolean {
  return text.length < 24 && spreadPattern.test(text);
}

/** Whether a cell says that its row holds the sums of others. */
export function isTotalLabel(text: string): boolean {
  return text.length < 24 && totalPattern.test(text);
}

/** Whether a cell may say that its row holds the means of others; outside of columns of numbers it may be any word. */
export function isMeanLabel(text: string): boolean {
  return text.length < 24 && meanPattern.test(text);
}

function isLabel(text: string): boolean {
  return isTotalLabel(text) || isMeanLabel(text) || isSpreadLabel(text);
}

/**
 * Whether a row may stand below the data: it ends early, holds nothing but a word, or calls itself a total. Where other rows
 * are `sparse` too, a word alone says nothing.
 */
export function mayBeEnd(
  row: CsvRow,
  columns: readonly Column[],
  readers: readonly CellReader[],
  sparse: boolean,
): boolean {
  const { codes } = row.stretch;
  const { starts, ends, cells } = row.scanner;
  const width = columns.length;
  if (width < 2) return false;
  if (cells < width) return true;
  if (cells === width && width > 2 && starts[1] === ends[1] && starts[2] === ends[2] && !sparse) {
    let i = 3;
    while (i < width && starts[i] === ends[i]) i++;
    if (i === width) return Number.isNaN(Number(row.cellText(0)));
  }
  if (starts[0] === ends[0]) {
    const first = columns.findIndex((_, i) => i < cells && starts[i] < ends[i]);
    return first > 0 && codes[starts[first]] >= 65 && isLabel(row.cellText(first));
  }
  if (ends[0] - starts[0] > 24 || codes[starts[0]] < 65) return false;
  // A line of words below numbers, where blanks stand between the cells.
  const isWords = (column: Column, i: number) =>
    column.numbers > 0 && Number.isNaN(readers[i].number(row.stretch, starts[i], ends[i]));
  if (cells === width && width > 2 && columns.every(isWords)) return true;
  return isLabel(row.cellText(0));
}

/** What a row may call itself: its first cell that holds anything. */
export function labelOf(cells: readonly string[]): string {
  return cells.find((cell) => cell !== '') ?? '';
}

/** Those of a file's last rows that hold sums or means of the others, with rows beside them that say how these spread. */
export function totalsAmong(
  rows: readonly string[][],
  columns: readonly Column[],
  readers: readonly CellReader[],
): ReadonlySet<string[]> {
  const isTotal = (cells: string[]) => {
    const label = labelOf(cells);
    return isLabel(label) && holdsTotals(label, cells, columns, readers);
  };
  const totals = rows.filter(isTotal);
  return new Set(totals.length > 0 ? [...totals, ...rows.filter((cells) => isSpreadLabel(labelOf(cells)))] : []);
}

/**
 * Whether the numbers among a row's cells are all the sums, or all the means, of their columns, as far as they are written, or
 * all the least or largest ones, as their label says.
 */
function holdsTotals(
  label: string,
  cells: readonly string[],
  columns: readonly Column[],
  readers: readonly CellReader[],
): boolean {
  const pairs = cells.flatMap((cell, i) => {
    const { form, sum, numbers, min, max } = columns[i];
    const value = form === undefined ? readers[i].numberOf(cell) : numberIn(cell, form, readers[i]);
    return Number.isNaN(value) || numbers === 0
      ? []
      : [{ value, sum, mean: sum / numbers, min, max, rounding: roundingOf(cell) }];
  });
  return (
    pairs.length > 0 &&
    (pairs.every(({ value, sum, rounding }) => isNear(value, sum, rounding)) ||
      pairs.every(({ value, mean, rounding }) => isNear(value, mean, rounding)) ||
      (pairs.length > 1 && /^min/i.test(label) && pairs.every(({ value, min }) => value === min)) ||
      (pairs.length > 1 && /^max/i.test(label) && pairs.every(({ value, max }) => value === max)))
  );
}

/** Of a last row that is the sum of all rows above it, in two columns of numbers or more, so many `lines` from the start. */
export function sumNote(columns: readonly Column[], rows: number, line: number, lines: number): Note | undefined {
  const summed = columns.filter((column) => column.type === 'number' && !column.countsRows && column.numbers > 3);
  if (summed.length < 2 || rows < fewRows || line === 0) return undefined;
  const isSum = summed.every(({ data, sum }) => {
    const last = data[rows - 1];
    return last !== 0 && isNear(last, sum - last);
  });
  if (!isSum) return undefined;
  const message = `this last row is the sum of the rows above it; if it is no data, set dataset.skipfooter to ${lines - line + 1}`;
  return { line, column: 1, endLine: line, endColumn: 1, severity: 'warning', message, code: 'total-rows' };
}

/** Half of the last digit of a number with a fraction. */
function roundingOf(cell: string): number {
  const fraction = /[.,](\d+)\D*$/.exec(cell)?.[1];
  return fraction === undefined ? 0 : 0.5 * 10 ** -fraction.length;
}

function isNear(value: number, other: number, rounding = 0): boolean {
  return Math.abs(value - other) <= rounding + 1e-6 * Math.max(Math.abs(other), 1e-300);
}
