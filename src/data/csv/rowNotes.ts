import type { TextRange } from '../../base/problem';
import { numberIn } from '../table/cellForms';
import type { CellReader } from '../table/cellReader';
import type { Column } from '../table/column';
import { dateTime, type DateForm } from '../table/dateCells';
import type { Note } from './guessLayout';
import { listed } from './rowMessages';
import type { CellPlace } from '../table/table';

/** Why a row or a cell is no data, or not all of it. */
export type Oddity = 'empty' | 'trailing' | 'short' | 'header' | 'footer' | 'total' | 'subtotal';

const oddityMessages: Record<Oddity, { severity: Note['severity']; one: string; many: string }> = {
  empty: {
    severity: 'information',
    one: 'holds nothing, so it is left out',
    many: 'hold nothing, so they are left out',
  },
  trailing: {
    severity: 'information',
    one: 'ends in a delimiter; the empty cell after it is left out',
    many: 'end in a delimiter; the empty cell after it is left out',
  },
  short: {
    severity: 'warning',
    one: 'ends early; the cells that it lacks count as empty',
    many: 'end early; the cells that they lack count as empty',
  },
  header: {
    severity: 'warning',
    one: 'repeats the header, so it is left out',
    many: 'repeat the header, so they are left out',
  },
  footer: {
    severity: 'information',
    one: 'is left out, as dataset.skipfooter says',
    many: 'are left out, as dataset.skipfooter says',
  },
  total: {
    severity: 'warning',
    one: 'sums up the rows above it, so it is left out; set dataset.skipfooter to 0 to keep it',
    many: 'sum up the rows above them, so they are left out; set dataset.skipfooter to 0 to keep them',
  },
  subtotal: {
    severity: 'warning',
    one: 'calls itself a total and is taken as data; if it sums up other rows, delete it in the file',
    many: 'call themselves totals and are taken as data; if they sum up other rows, delete them in the file',
  },
};
/** Lines that a note names. */
const maxLines = 5;
/** Columns of which a note says how a cell is read. */
const maxColumns = 10;

/** What is worth saying of rows and cells as they are read: each kind once. */
export class RowNotes {
  private readonly rows = new Map<Oddity, { count: number; lines: number[]; range: TextRange }>();
  /** The first cell of a column that is written as `respelled` reads it, and what it is taken for. */
  private readonly spelled = new Map<number, CellPlace & { value: number }>();
  /** The first cell of a column in which a sign stands before three digits. */
  private readonly threes = new Map<number, CellPlace>();
  private readonly others: Note[] = [];

  addRow(kind: Oddity, line: number, range: TextRange): void {
    const found = this.rows.get(kind) ?? { count: 0, lines: [], range };
    if (found.count++ < maxLines) found.lines.push(line);
    this.rows.set(kind, found);
  }

  addCell(column: number, place: CellPlace, value: number): void {
    const isThrees = Math.abs(value) < 1000 && /^\D*\d{1,3}[.,]\d{3}\D*$/.test(place.text);
    if (!isThrees && !this.spelled.has(column)) this.spelled.set(column, { ...place, value });
    if (isThrees && !this.threes.has(column)) this.threes.set(column, place);
  }

  add(note: Note): void {
    this.others.push(note);
  }

  /** All of them, for columns as they were read; `isTold` where a person said what stands before a fraction. */
  of(columns: readonly Column[], readers: readonly CellReader[], isTold: boolean): Note[] {
    const rows = [...this.rows].map(([kind, { count, lines, range }]): Note => {
      const { severity, one, many } = oddityMessages[kind];
      const named = count > lines.length ? `${count} rows, the first in line ${lines[0]},` : listed(lines);
      return { ...range, severity, message: `${named} ${count === 1 ? one : many}`, code: `${kind}-rows` };
    });
    const isNumber = ([i]: [number, unknown]) => columns[i].type === 'number';
    const spelled = [...this.spelled].filter(isNumber).slice(0, maxColumns);
    const threes = isTold ? [] : [...this.threes].filter(isNumber).slice(0, maxColumns);
    return [
      ...rows,
      ...this.others,
      ...spelled.map(([i, place]) => spelledNote(columns[i], place)),
      ...threes.flatMap(([i, place]) => threesNote(columns[i], readers[i], place)),
    ];
  }
}

/** Tells of the signs that numbers are read without. */
export function signNotes(columns: readonly Column[], readers: readonly CellReader[], places: TextRange[]): Note[] {
  return columns.flatMap(({ name, form, samples }, i): Note[] => {
    if (form === undefined || form === 'truth') return [];
    if (typeof form === 'object' && 'since' in form) return orderNote(samples, form, places[i]);
    const first = samples.find((cell) => Number.isFinite(numberIn(cell, form, readers[i])));
    if (first === undefined) return [];
    const what =
      form === 'multiples'
        ? 'read with K, M and B as thousands, millions and billions'
        : `read without its ${form.sign}`;
    const message = `column ${JSON.stringify(name)} is ${what}: ${JSON.stringify(first)} as ${numberIn(first, form, readers[i])}`;
    return [{ ...places[i], severity: 'information', message, code: 'sign' }];
  });
}

/** Where the first dates can be read with the month first as well as with the day first. */
function orderNote(samples: readonly string[], { dayFirst }: DateForm, place: TextRange): Note[] {
  const [either] = samples.filter((cell) => Math.abs(dateTime(cell, true) - dateTime(cell, false)) > 0);
  if (dayFirst || either === undefined || samples.some((cell) => Number.isNaN(dateTime(cell, true)))) return [];
  const message = `dates such as ${either} are read with the month first; if the day stands first, set dataset.dayfirst to true`;
  return [{ ...place, severity: 'information', message, code: 'date-order' }];
}

/** The number stands there as JavaScript writes it: with grouped thousands it would look like the cell. */
function spelledNote({ name }: Column, { range, text, value }: CellPlace & { value: number }): Note {
  const message = `column ${JSON.stringify(name)}: ${JSON.stringify(text)} is read as the number ${value}`;
  return { ...range, severity: 'information', message, code: 'respelled' };
}

/** Where nothing in a column says whether the sign stands before a fraction or between thousands. */
function threesNote({ name }: Column, { notation, seen }: CellReader, { range, text }: CellPlace): Note[] {
  if (seen.fractions > 0 || seen.small === 0 || seen.large > 0) return [];
  const sign = JSON.stringify(notation.decimal);
  const message = `column ${JSON.stringify(name)} has whole numbers below 1,000 beside ${text}, so ${sign} may stand between thousands; set dataset.thousands to ${sign} if it does, or dataset.decimal to ${sign} if a fraction follows it`;
  return [{ ...range, severity: 'warning', message, code: 'thousands' }];
}
