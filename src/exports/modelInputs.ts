import { classColumn } from '../data/dataset/classColumn';
import type { Column } from '../data/table/column';
import type { Table } from '../data/table/table';
import { formatFloat32 } from '../base/format';
import type { ModelInput, SavedModel } from './modelFile';

/** What keeps a row from being predicted, or is worth knowing of its prediction. */
export interface RowFault {
  /** Place of the column in the table. */
  column: number;
  message: string;
  /** Whether there is no prediction. */
  isFatal: boolean;
}

/** Gives the numbers of each input by row, in the column's own units, and hears of faults. */
export type InputReader = (row: number, hear: (fault: RowFault) => void) => number;

/** The names of columns that a model needs and a table does not have. */
export function missingColumns({ inputs }: SavedModel, { columns }: Table): string[] {
  const known = new Set(columns.map(({ name }) => name));
  return [...new Set(inputs.map(({ column }) => column))].filter((name) => !known.has(name));
}

/** A reader for each input of a model. The table has all the columns that it needs. */
export function inputReaders(model: SavedModel, table: Table): InputReader[] {
  const places = new Map(table.columns.map(({ name }, i) => [name, i]));
  const placeOf = ({ column }: ModelInput) => places.get(column)!;
  const ofCategories = model.inputs.filter(isCategory);
  const categories = new Map<string, { first: ModelInput; read: ReturnType<typeof categoryOf> }>();
  for (const input of ofCategories) {
    if (categories.has(input.column)) continue;
    const inputs = ofCategories.filter(({ column }) => column === input.column);
    categories.set(input.column, { first: input, read: categoryOf(model, table, inputs, placeOf(input)) });
  }
  return model.inputs.map((input) => {
    const category = categories.get(input.column);
    if (!category) return numberReader(input, table, placeOf(input));
    // Each of the column's inputs would say the same of a cell.
    const isFirst = category.first === input;
    return (row, hear) => (category.read(row, isFirst ? hear : undefined) === input.category ? 1 : 0);
  });
}

function isCategory(input: ModelInput): input is ModelInput & { category: string } {
  return input.category !== undefined;
}

function numberReader({ mean, min, max, name }: ModelInput, table: Table, place: number): InputReader {
  const column = table.columns[place];
  const { data } = column;
  return (row, hear) => {
    const value = data[row];
    if (Number.isNaN(value)) {
      const text = column.places.get(row)?.text ?? '';
      // As precise as the column that it stands in.
      if (mean !== undefined && isEmptyCell(column, row))
        return data instanceof Float32Array ? Math.fround(mean) : mean;
      hear({ column: place, message: `${JSON.stringify(name)} ${faultOf(column, row, text)}`, isFatal: true });
      return NaN;
    }
    if (value < min || value > max) {
      const range = `${formatFloat32(min)} to ${formatFloat32(max)}`;
      const message = `${JSON.stringify(name)} is ${formatFloat32(value)}, outside the training range ${range}`;
      hear({ column: place, message, isFatal: false });
    }
    return value;
  };
}

/** Only the first faults of a kind are remembered; where all of a column's are of one kind, each is known. */
function isEmptyCell({ faultCounts, faultRows }: Column, row: number): boolean {
  const { missing, text, notFinite, tooLarge } = faultCounts;
  if (missing === 0) return false;
  if (text + notFinite + tooLarge === 0) return true;
  const others = [...faultRows.text, ...faultRows.notFinite, ...faultRows.tooLarge];
  return others.length === text + notFinite + tooLarge ? !others.includes(row) : faultRows.missing.includes(row);
}

function faultOf(column: Column, row: number, text: string): string {
  if (isEmptyCell(column, row)) return 'is empty';
  return text === '' ? 'is not a number' : `is ${JSON.stringify(text)}, not a number`;
}

/** Gives the category of each row; undefined, and a fault, if the model was not trained on it. */
function categoryOf(
  { config }: SavedModel,
  table: Table,
  inputs: (ModelInput & { category: string })[],
  place: number,
): (row: number, hear: ((fault: RowFault) => void) | undefined) => string | undefined {
  const known = new Set(inputs.map(({ category }) => category));
  const { missing } = 'missing' in config.dataset ? config.dataset : { missing: 'error' };
  const name = JSON.stringify(table.columns[place].name);
  const found = classColumn(table, place);
  const texts = new Map<number, string>();
  const textOf = (value: number) => {
    let text = texts.get(value);
    if (text === undefined) texts.set(value, (text = sameCategory(found?.nameOf?.(value) ?? String(value), known)));
    return text;
  };
  return (row, hear) => {
    const value = found ? found.values[row] : NaN;
    if (Number.isNaN(value)) {
      if (found && missing === 'category' && known.has('nan')) return 'nan';
      if (found && missing === 'mean') return undefined;
      const message = found ? `${name} is empty` : `${name} has too many different values to be the trained column`;
      hear?.({ column: place, message, isFatal: true });
      return undefined;
    }
    const text = textOf(value);
    if (known.has(text)) return text;
    hear?.({
      column: place,
      message: `${name} is ${JSON.stringify(text)}, which was never seen in training`,
      isFatal: true,
    });
    return undefined;
  };
}

/** The category that a text is; numbers may be written in another way than in training. */
function sameCategory(text: string, known: ReadonlySet<string>): string {
  if (known.has(text) || text.trim() === '') return text;
  const number = Number(text);
  return [...known].find((one) => Number(one) === number || Math.fround(Number(one)) === number) ?? text;
}
