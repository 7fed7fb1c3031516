import type { LineIndex } from '../../base/problem';
import { formOf, type CellForm } from '../table/cellForms';
import { CellReader } from '../table/cellReader';
import type { ReadOptions } from '../table/table';
import type { Note } from './guessLayout';
import { guessNotations, type Notation } from './guessNotation';
import type { HeadCell, HeadRow } from './headRows';

/** How numbers are written, as the first rows show. */
export interface HeadNumbers {
  /** How the numbers of each column are written; those beyond are written as the first. */
  notations: readonly Notation[];
  /** What the numbers of a column are written with, by its place, where all its cells in the first rows show it. */
  forms: ReadonlyMap<number, CellForm>;
  /** What was guessed. */
  notes: Note[];
}

/** What is known of the first rows beside their cells. */
interface HeadInput {
  delimiter: string;
  options: ReadOptions;
  reader: CellReader;
  /** What a column is called. */
  nameOf(column: number): string | undefined;
}

/** How the numbers of some rows are written, and what is to be said of it. */
export function headNumbers(
  rows: HeadRow[],
  { delimiter, options, reader, nameOf }: HeadInput,
  { notes, index }: { notes: Note[]; index: LineIndex },
): HeadNumbers {
  const { decimal, thousands, naValues = [], writings } = options;
  const cells = rows.map((row) => row.cells);
  const width = cells.reduce((most, row) => Math.max(most, row.length), 0);
  const isMissing = (text: string) => reader.isMissing(text);
  const elsewhere = (column: number) => writings?.get(nameOf(column) ?? '')?.notation;
  const notations = guessNotations(cells, width, { delimiter, decimal, thousands, isMissing, elsewhere });
  const forms = new Map<number, CellForm>();
  notations.forEach((notation, i) => {
    const own = new CellReader(cellNotation(notation, thousands, naValues));
    const texts = cells.flatMap((row) => (row[i] && !own.isMissing(row[i].text) ? [row[i].text] : []));
    const form = formOf(texts, own);
    if (form) forms.set(i, form);
  });
  return {
    notations,
    forms,
    notes: [
      ...notes,
      ...notationNotes(notations, index),
      ...zeroNotes(cells, index, (column) => options.texts?.includes(nameOf(column) ?? '') === true),
    ],
  };
}

/** Codes that are read as numbers lose their zeros; not those of a column that is known to hold names. */
function zeroNotes(rows: readonly HeadCell[][], index: LineIndex, isName: (column: number) => boolean): Note[] {
  const isCode = ({ text }: HeadCell) => /^0\d+$/.test(text);
  const width = rows[0]?.length ?? 0;
  for (let i = 0; i < width; i++) {
    const column = rows.flatMap((row) => row[i] ?? []);
    const code = column.find(isCode);
    if (!code || isName(i) || !column.every(({ text }) => /^\d*$/.test(text))) continue;
    const message = `numbers such as ${code.text} are read without their leading zeros; if they are codes, name their column in dataset.one_hot, or the inputs without it in dataset.inputs`;
    return [{ ...index.range(code.start, code.end), severity: 'information', message, code: 'leading-zero' }];
  }
  return [];
}

/** How a column's cells are read. */
export function cellNotation(
  notation: Notation | undefined,
  thousands: string | undefined,
  naValues: readonly string[],
) {
  const { decimal = '.', thousands: guessed, sure = false } = notation ?? {};
  const groups = thousands === decimal ? guessed : (thousands ?? guessed);
  return { decimal, ...(groups && { thousands: groups }), naValues, people: { sure } };
}

/** One note of each kind, at the first cell. */
function notationNotes(notations: readonly Notation[], index: LineIndex): Note[] {
  const first = (kind: (notation: Notation) => boolean) =>
    notations
      .filter((notation) => notation.by && kind(notation))
      .reduce<Notation | undefined>((best, one) => (best && best.by!.start <= one.by!.start ? best : one), undefined);
  const note = (notation: Notation | undefined, code: string, message: (text: string) => string): Note[] => {
    if (!notation) return [];
    const { text, start, end } = notation.by!;
    const severity = notation.doubtful ? 'warning' : 'information';
    return [{ ...index.range(start, end), severity, message: message(text), code }];
  };
  const grouped = ({ thousands }: Notation) => thousands !== undefined;
  return [
    ...note(
      first((notation) => !grouped(notation) && notation.decimal === ','),
      'decimal-comma',
      (text) => `numbers such as ${text} are read with a decimal comma; if that is wrong, set dataset.decimal to "."`,
    ),
    ...note(
      first((notation) => !grouped(notation) && notation.decimal === '.'),
      'decimal-point',
      (text) => `numbers such as ${text} are read with a decimal point; if that is wrong, set dataset.thousands to "."`,
    ),
    ...['.', ','].flatMap((sign) =>
      note(
        first(({ thousands }) => thousands === sign),
        'thousands',
        (text) =>
          `numbers such as ${text} are read with ${JSON.stringify(sign)} between thousands; if a fraction follows it, set dataset.decimal to ${JSON.stringify(sign)}`,
      ),
    ),
  ];
}
