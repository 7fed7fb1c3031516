import { formatQuantity, formatRounded, formatShortest } from '../../base/format';
import type { Problem } from '../../base/problem';
import type { Numbers } from '../../engine/numbers';
import type { Table } from '../table/table';

/** Numbers that are often written where nothing was measured. */
const codes = [-99, -999, -9999, -99999, -999999, 999, 9999, 99999, 999999];
/** A code lies farther from all other numbers than this many times their range. */
const farOff = 5;

/** Warnings about columns in which a number far from all others is likely to stand for no value. */
export function codedGaps(table: Table, used: readonly number[]): Problem[] {
  return used.flatMap((i): Problem[] => {
    const { name, data, min, max } = table.columns[i];
    const code = [min, max].find((value) => codes.includes(value));
    const found = code === undefined ? undefined : apart(data, code);
    if (code === undefined || !found) return [];
    const [low, high] = [found.low, found.high].map((value) => formatRounded(value));
    const message =
      `column ${JSON.stringify(name)} holds ${formatShortest(code)} in ${formatQuantity(found.count, 'row')} and ${low} to ${high} in the others; ` +
      `if it stands for no value, set dataset.na_values to [${code}] and dataset.missing to "drop" or "mean"`;
    return [{ file: table.fileName, ...table.cell(-1, i).range, severity: 'warning', message, code: 'coded-gaps' }];
  });
}

/** How often a number stands in a column, and what the others span; undefined where it is not far from them. */
function apart(data: Numbers, code: number): { count: number; low: number; high: number } | undefined {
  let [count, low, high] = [0, Infinity, -Infinity];
  for (const value of data) {
    if (value === code) count++;
    else if (value < low) low = value;
    if (value !== code && value > high) high = value;
  }
  const distance = code < low ? low - code : code - high;
  return count > 0 && high > low && distance > farOff * (high - low) ? { count, low, high } : undefined;
}
