/** How dates of a column become numbers: days since a date, with the time of day as a fraction. */
export interface DateForm {
  /** Milliseconds since 1970 of the day that is 0. */
  since: number;
  /** Whether the day stands before the month in `3/4/2023`; with points between them it always does. */
  dayFirst: boolean;
}

const dayMilliseconds = 864e5;
const pattern =
  /^(?:(\d{4})([./-])(\d{1,2})\2(\d{1,2})|(\d{1,2})([./-])(\d{1,2})\6(\d{4}|\d{2}))(?:[T ]\s?(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Milliseconds since 1970 of a date such as `2023-01-31`, `31.1.2023` or `1/31/2023`, with a time of day or without; NaN
 * where it is no date. Years of two digits are those from 1969 to 2068, as pandas takes them.
 */
export function dateTime(cell: string, dayFirst: boolean): number {
  const found = pattern.exec(cell);
  if (!found) return NaN;
  const [, isoYear, , isoMonth, isoDay, first, sign, second, lastYear, hour = '0', minute = '0', seconds = '0', zone] =
    found;
  const isDayFirst = dayFirst || sign === '.';
  const [year, month, day] = isoYear
    ? [Number(isoYear), isoMonth, isoDay]
    : [fullYear(lastYear), ...(isDayFirst ? [second, first] : [first, second])];
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return NaN;
  const inDay = Number(hour) * 3600 + Number(minute) * 60 + Number(seconds.replace(',', '.'));
  if (Number(minute) > 59 || Number(seconds.replace(',', '.')) >= 60 || inDay > 86_400) return NaN;
  return date.getTime() + inDay * 1000 - zoneOffset(zone);
}

/** Days of a date cell since the day of the form; NaN where it is no date. */
export function daysIn(cell: string, { since, dayFirst }: DateForm): number {
  return (dateTime(cell, dayFirst) - since) / dayMilliseconds;
}

/** What a column of dates begins with, and how they are written; undefined where not all of the cells are dates of one kind. */
export function datesIn(cells: readonly string[]): { first: string; dayFirst: boolean } | undefined {
  if (cells.length === 0) return undefined;
  for (const dayFirst of [false, true]) {
    const times = cells.map((cell) => dateTime(cell, dayFirst));
    if (times.every((time) => !Number.isNaN(time)))
      return { first: new Date(Math.min(...times)).toISOString().slice(0, 10), dayFirst };
  }
  return undefined;
}

function fullYear(written: string): number {
  const year = Number(written);
  return written.length === 4 ? year : year < 69 ? 2000 + year : 1900 + year;
}

function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || /^z$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
