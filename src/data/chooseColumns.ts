import type { Problem } from '../problem';
import { tellingColumns } from '../tellingColumns';
import { isIdentifier } from './isIdentifier';
import type { Table } from './table';
import { textColumn } from './textColumn';

/** Columns of a table, by their place from 0. */
export interface ChosenColumns {
  inputs: number[];
  targets: number[];
  /** Those of the inputs that are taken as categories. */
  oneHot: number[];
  problems: Problem[];
}

/** The names in a config. */
export interface ColumnNames {
  inputs?: string[] | undefined;
  targets?: string[] | undefined;
  oneHot?: string[] | undefined;
}

/**
 * The columns to train on: those named, else the last number column as the target and every other one as an input, but
 * for identifiers and constants as long as others are left. Columns without a name of their own are taken only when
 * named. A column of text is either the one target that holds `classes`, or an input of categories; inputs of categories
 * that `inputs` does not name come last.
 */
export function chooseColumns(table: Table, asked: ColumnNames, classes: boolean): ChosenColumns {
  const names = table.columns.map((column) => column.name);
  // Looked up by sets and maps: a table can have a hundred thousand columns.
  const places = new Map(names.map((name, i) => [name, i]));
  const placesOf = (list: string[] | undefined) => list?.map((name) => places.get(name) ?? -1);
  const every = names.map((_, i) => i);
  const candidates = every.filter((i) => table.columns[i].candidate);
  const [namedInputs, namedTargets, oneHot = []] = [asked.inputs, asked.targets, asked.oneHot].map(placesOf);
  const free = without(candidates, oneHot);
  const targets = namedTargets ?? without(free, namedInputs ?? []).slice(-1);
  const others = without(free, targets);
  const described = others.map((i) => ({
    i,
    identifier: isIdentifier(table.columns, i),
    constant: table.columns[i].constant,
  }));
  const inputs = namedInputs ?? tellingColumns(described, table.rows, oneHot.length > 0).map(({ i }) => i);
  const all = [...inputs, ...without(oneHot, inputs)];
  const faults = faultsOf(table, { inputs: all, targets, oneHot }, asked, classes).map((message): Problem => ({
    file: table.fileName,
    ...table.cell(-1, 0).range,
    severity: 'error',
    message,
    code: 'columns',
  }));
  if (faults.length > 0) return { inputs: [], targets: [], oneHot: [], problems: faults };
  const isText = (i: number) => table.columns[i].type === 'text' && !table.columns[i].unnamed;
  const possible = new Set([...others, ...without(every, targets).filter(isText)]);
  const left = without(every, all).filter((i) => possible.has(i));
  const problems = namedInputs ? [] : left.map((i) => (isText(i) ? leftOutText(table, i) : leftOut(table, i)));
  return { inputs: all, targets, oneHot, problems };
}

/** Those of the places that are not among others. */
function without(places: readonly number[], others: readonly number[]): number[] {
  const known = new Set(others);
  return places.filter((i) => !known.has(i));
}

function leftOutText(table: Table, index: number): Problem {
  const column = table.columns[index];
  const { what, advice } = textColumn(column, table.delimiter);
  const message = `column ${JSON.stringify(column.name)} ${what}, so it is not taken as an input${advice ? `; ${advice}` : ''}`;
  return {
    file: table.fileName,
    ...table.cell(-1, index).range,
    severity: 'information',
    message,
    code: 'text-column',
  };
}

function leftOut(table: Table, index: number): Problem {
  const { name, constant, samples } = table.columns[index];
  const why = constant ? `is ${samples[0]} in every row` : 'only numbers the rows';
  const message = `column ${JSON.stringify(name)} ${why}, so it is not taken as an input; to take it, name the inputs in dataset.inputs`;
  const code = constant ? 'constant' : 'identifier';
  return { file: table.fileName, ...table.cell(-1, index).range, severity: 'information', message, code };
}

function faultsOf(
  table: Table,
  { inputs, targets, oneHot }: Omit<ChosenColumns, 'problems'>,
  asked: ColumnNames,
  classes: boolean,
): string[] {
  const names = table.columns.map((column) => column.name);
  const all = new Set([...(asked.inputs ?? []), ...(asked.targets ?? []), ...(asked.oneHot ?? [])]);
  const known = new Set(names);
  const unknown = [...all].filter((name) => !known.has(name));
  if (unknown.length > 0) return unknown.map((name) => `the file has no column ${JSON.stringify(name)}`);
  const used = [...inputs, ...targets];
  const seen = new Set<number>();
  const twice = used.find((i) => seen.size === seen.add(i).size);
  if (twice !== undefined)
    return [`column ${JSON.stringify(names[twice])} is used twice; name it once, as input or as target`];
  if (classes && targets.length > 1) return [`cross_entropy takes one target column, got ${targets.length}`];
  const text = without(classes ? inputs : used, oneHot).filter((i) => table.columns[i].type === 'text');
  if (text.length > 0) {
    return text.map((i) => `column ${JSON.stringify(names[i])} ${textFault(table, i, targets.includes(i))}`);
  }
  if (targets.length === 0) return ['the file has no column of numbers that could be the target'];
  if (inputs.length > 0) return [];
  return ['the file has no column of numbers that could be an input beside the target; at least two are needed'];
}

/** Why a column of text cannot be used, and what would be right. */
function textFault(table: Table, index: number, isTarget: boolean): string {
  const { what, advice, likeNumbers } = textColumn(table.columns[index], table.delimiter);
  if (isTarget && !likeNumbers) return 'holds text; set loss to "cross_entropy" to predict its classes';
  return advice ? `${what}; ${advice}` : what;
}
