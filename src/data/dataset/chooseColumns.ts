import type { Problem } from '../../base/problem';
import { informativeColumns } from '../../base/inputColumns';
import { goesWith, mayBeId, rowNumbers } from '../table/isIdentifier';
import type { Table } from '../table/table';
import { constantWords, textColumn } from '../table/textColumn';

/** Columns of a table, by their place from 0. */
export interface ChosenColumns {
  inputs: number[];
  targets: number[];
  /** Those of the inputs that are taken as categories. */
  oneHot: number[];
  /** Absent where all rows count the same. */
  sampleWeight?: number;
  problems: Problem[];
}

/** The names in a config. */
export interface ColumnNames {
  inputs?: string[] | undefined;
  targets?: string[] | undefined;
  oneHot?: string[] | undefined;
  /** The column that says what each row counts, neither an input nor a target. */
  sampleWeight?: string | undefined;
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
  const weight = asked.sampleWeight === undefined ? undefined : (places.get(asked.sampleWeight) ?? -1);
  const candidates = every.filter((i) => table.columns[i].candidate && i !== weight);
  const [namedInputs, namedTargets, oneHot = []] = [asked.inputs, asked.targets, asked.oneHot].map(placesOf);
  const free = without(candidates, oneHot);
  const targets = namedTargets ?? without(free, namedInputs ?? []).slice(-1);
  const others = without(free, targets);
  const described = others.map((i) => ({
    i,
    ...rowNumbers(table.columns, i),
    constant: table.columns[i].constant,
  }));
  const telling = { others: oneHot.length > 0, targets: targets.map((i) => names[i]) };
  const inputs = namedInputs ?? informativeColumns(described, table.rows, telling).map(({ i }) => i);
  const all = [...inputs, ...without(oneHot, inputs)];
  const faults = faultsOf(
    table,
    { inputs: all, targets, oneHot, ...(weight !== undefined && { sampleWeight: weight }) },
    asked,
    classes,
  ).map((message): Problem => ({
    file: table.fileName,
    ...table.cell(-1, 0).range,
    severity: 'error',
    message,
    code: 'columns',
  }));
  if (faults.length > 0) return { inputs: [], targets: [], oneHot: [], problems: faults };
  const isText = (i: number) => table.columns[i].type === 'text' && !table.columns[i].unnamed;
  const possible = new Set([...others, ...without(every, targets).filter(isText)]);
  const left = without(every, all).filter((i) => possible.has(i) && i !== weight);
  const last = namedTargets
    ? undefined
    : passedTarget(table, targets[0], weight === undefined ? all : [...all, weight]);
  const unnoted = namedInputs ? [] : left.filter((i) => i !== last);
  const problems = unnoted.map((i) => (isText(i) ? leftOutText(table, i) : leftOut(table, i, targets)));
  if (last !== undefined) problems.push(otherTarget(table, last, targets[0]));
  if (!namedInputs && inputs[0] === 0 && inputs.length > 1 && targets.every((i) => mayBeId(table.columns, i))) {
    problems.push(possibleId(table));
  }
  return { inputs: all, targets, oneHot, ...(weight !== undefined && { sampleWeight: weight }), problems };
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

function leftOut(table: Table, index: number, targets: number[]): Problem {
  const column = table.columns[index];
  const place = { file: table.fileName, ...table.cell(-1, index).range };
  const cure = 'so it is not taken as an input; to take it, name the inputs in dataset.inputs';
  const name = `column ${JSON.stringify(column.name)}`;
  if (column.constant) {
    return {
      ...place,
      severity: 'information',
      message: `${name} ${constantWords(column)}, ${cure}`,
      code: 'constant',
    };
  }
  const target = targets.find((i) => goesWith(column, table.columns[i]));
  const severity = target === undefined ? 'information' : 'warning';
  const but = target === undefined ? '' : ` but goes with ${JSON.stringify(table.columns[target].name)}`;
  const numbers = target === undefined ? 'looks like a row ID' : `looks like a row number${but}`;
  return { ...place, severity, message: `${name} ${numbers}, ${cure}`, code: 'identifier' };
}

/** Says of the first column, which is an input, that it may be no measure. */
function possibleId(table: Table): Problem {
  const name = JSON.stringify(table.columns[0].name);
  const message = `column ${name} holds another whole number in every row and does not go with the target; if they are IDs, name the inputs without it in dataset.inputs`;
  const place = { file: table.fileName, ...table.cell(-1, 0).range };
  return { ...place, severity: 'information', message, code: 'possible-id' };
}

/** The last column that has a name, where it cannot be the target by itself, and another one before it is. */
function passedTarget({ columns, numbered }: Table, target: number, inputs: number[]): number | undefined {
  const isNamed = columns.map(({ unnamed, samples }) => !unnamed && (!numbered || samples.length > 0));
  const last = isNamed.lastIndexOf(true);
  return last <= target || inputs.includes(last) || columns[last].candidate ? undefined : last;
}

/** Says which column became the target in place of the last one, and why. */
function otherTarget(table: Table, last: number, target: number): Problem {
  const { what, advice, likeNumbers } = textColumn(table.columns[last], table.delimiter);
  const [name, other] = [last, target].map((i) => JSON.stringify(table.columns[i].name));
  const { constant, samples, distinct } = table.columns[last];
  // Where every row has a text of its own, or none has any, there are no classes.
  const isClass = !likeNumbers && !constant && samples.length > 0 && distinct !== table.rows;
  const ways = isClass
    ? `to predict it, set dataset.targets to [${name}] and loss to "cross_entropy"`
    : likeNumbers && advice
      ? advice
      : 'name the target in dataset.targets';
  const message = `the last column, ${name}, ${what}, so ${other} is the target; ${ways}`;
  const place = { file: table.fileName, ...table.cell(-1, last).range };
  return { ...place, severity: 'warning', message, code: 'other-target' };
}

function faultsOf(
  table: Table,
  { inputs, targets, oneHot, sampleWeight }: Omit<ChosenColumns, 'problems'>,
  asked: ColumnNames,
  classes: boolean,
): string[] {
  const names = table.columns.map((column) => column.name);
  const all = new Set([...(asked.inputs ?? []), ...(asked.targets ?? []), ...(asked.oneHot ?? [])]);
  if (asked.sampleWeight !== undefined) all.add(asked.sampleWeight);
  const known = new Set(names);
  const unknown = [...all].filter((name) => !known.has(name));
  if (unknown.length > 0) return unknown.map((name) => `the file has no column ${JSON.stringify(name)}`);
  const used = [...inputs, ...targets, ...(sampleWeight === undefined ? [] : [sampleWeight])];
  const seen = new Set<number>();
  const twice = used.find((i) => seen.size === seen.add(i).size);
  if (twice !== undefined)
    return [`column ${JSON.stringify(names[twice])} is used twice; name it once, as input or as target`];
  if (classes && targets.length > 1) return [`cross_entropy takes one target column, got ${targets.length}`];
  const text = without(classes ? without(used, targets) : used, oneHot).filter((i) => table.columns[i].type === 'text');
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
