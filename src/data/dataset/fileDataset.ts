import type { Dataset, DatasetSource, InputColumn } from '../../engine/dataset';
import { allocateDataset } from '../../engine/kernels/kernelMemory';
import { hasErrors, type Problem } from '../../base/problem';
import type { DataSource, ReadWatch } from '../bytes/byteSource';
import { checkCells, type MissingRule } from './checkCells';
import { checkProbabilities } from './checkProbabilities';
import { checkWeights } from './checkWeights';
import { chooseColumns, type ChosenColumns } from './chooseColumns';
import { codedGaps } from './codedGaps';
import type { Column } from '../table/column';
import { classColumn, classesOf, type ClassColumn } from './classColumn';
import { exactColumns } from './exactColumns';
import { completeRows, droppedNotes } from './completeRows';
import { fillParts, partRows, type FilledColumn, type FilledPart } from './fillRowMajor';
import { maxCategories, oneHotOf } from './oneHot';
import { capProblems } from '../table/problemCap';
import { readTable } from '../readTable';
import { roundingNotes } from './roundingNotes';
import { spellingNotes } from './spellingNotes';
import type { ReadOptions, Table, TableResult } from '../table/table';

/** Which columns of a file to take, and what to do about cells without a value. */
export interface FileDatasetOptions {
  /** Column names; every number column that is not a target, where left out. */
  inputs?: string[];
  /** Column names; the last number column, where left out. */
  targets?: string[];
  /** Names of inputs that are taken as categories: one input for each of their different values. */
  oneHot?: string[];
  /** Name of the column that says what each row counts; all count the same, where left out. */
  sampleWeight?: string;
  /** `error` (default) lists them, `drop` leaves their rows out, `mean` takes the mean of the column's numbers, `category` makes them a category. */
  missing?: MissingRule;
  /** The one target column holds classes, as names or numbers. */
  classes?: boolean;
  /** The target columns hold numbers from 0 to 1. */
  probabilities?: boolean;
  /** Whether inputs or targets are scaled afterwards, so that float32 takes nothing from them. */
  scaled?: { inputs: boolean; targets: boolean };
  /** Whether a helper will train on the rows too. */
  shares?: boolean;
}

/** Reads a dataset from a file, as `datasetOfTable` does. */
export async function readDataset(
  source: DataSource,
  { fileName, read, ...options }: FileDatasetOptions & { fileName: string; read?: ReadOptions },
  watch: ReadWatch = {},
): Promise<{ dataset?: Dataset; problems: Problem[] }> {
  const needs = readNeeds(options);
  return datasetOfTable(await readTable(source, fileName, { ...read, ...needs }, watch), options);
}

/** What a table has to keep while it is read so that `datasetOfTable` can make a dataset of it. */
export function readNeeds({
  targets = [],
  oneHot = [],
  classes,
  sampleWeight,
  probabilities,
  missing,
  scaled,
}: FileDatasetOptions): ReadOptions {
  return {
    texts: classes ? [...targets, ...oneHot] : oneHot,
    probabilities: probabilities === true,
    ...(sampleWeight !== undefined && { weights: [sampleWeight] }),
    scaled: scaled?.inputs === true || scaled?.targets === true,
    fillShort: missing === 'drop' || missing === 'mean',
  };
}

/**
 * Makes a dataset of what a reader read. Only columns in use are checked for cells that are not numbers. `dataset` is
 * absent where any problem is an error; other problems are notes on what was read. Never throws except for a RangeError
 * where memory does not hold the dataset.
 */
export function datasetOfTable(
  result: TableResult,
  options: FileDatasetOptions,
): { dataset?: Dataset; problems: Problem[] } {
  const { plan, problems } = planDataset(result, options);
  return plan ? { dataset: plannedDataset(plan), problems } : { problems };
}

/** The columns of a table as a dataset takes them. */
export interface DatasetPart {
  table: Table;
  rows: number;
  /** The rows that are taken; undefined where that is all of them. */
  kept: Uint32Array | undefined;
  inputs: FilledColumn[];
  targets: FilledColumn[];
  /** What each row counts; none or one. */
  weights: FilledColumn[];
}

/** What a dataset is made of, and how. */
export interface DatasetPlan extends DatasetPart {
  options: FileDatasetOptions;
  chosen: ChosenColumns;
  /** The columns of classes and categories, by their place. */
  kinds: ReadonlyMap<number, 'class' | 'category'>;
  classNames?: string[];
}

/** Looks through what a reader read, as `datasetOfTable` does. `plan` is absent where any problem is an error. */
export function planDataset(
  { table, problems, unlisted }: TableResult,
  options: FileDatasetOptions,
): { plan?: DatasetPlan; problems: Problem[] } {
  if (!table) return { problems: capProblems(problems, unlisted) };
  const { inputs, targets, oneHot, sampleWeight, missing = 'error', classes = false, probabilities = false } = options;
  const chosen = chooseColumns(table, { inputs, targets, oneHot, sampleWeight }, classes);
  const weight = chosen.sampleWeight;
  const used = usedColumns(chosen);
  const target = classes ? chosen.targets.at(0) : undefined;
  const categories = new Map(chosen.oneHot.map((i) => [i, classColumn(table, i)]));
  if (target !== undefined) categories.set(target, classColumn(table, target));
  const numbers = (i: number) => (categories.has(i) ? categories.get(i)?.values : table.columns[i].data);
  const kinds = new Map([...categories.keys()].map((i) => [i, i === target ? 'class' : 'category'] as const));
  const cells = checkCells(table, used, missing, kinds, { weight });
  const kept = missing === 'drop' ? completeRows(table, used, numbers) : undefined;
  const ranges = probabilities ? checkProbabilities(table, chosen.targets, kept) : { problems: [], unlisted: 0 };
  const weights = weight === undefined ? undefined : checkWeights(table, weight, kept);
  const inputColumns = inputColumnsOf(table, chosen, categories, missing === 'category');
  const all = [
    ...problems,
    ...chosen.problems,
    ...cells.problems,
    ...ranges.problems,
    ...(weights?.problems ?? []),
    ...notesOn(table, chosen, kept, options),
    ...codedGaps(
      table,
      used.filter((i) => !categories.has(i)),
    ),
    ...[...kinds].flatMap(([i, what]) => spellingNotes(table, i, what)),
    ...inputColumns.problems,
  ];
  const listed = capProblems(all, unlisted + cells.unlisted + ranges.unlisted + (weights?.unlisted ?? 0));
  if (hasErrors(listed)) return { problems: listed };

  const named = target === undefined ? undefined : classesOf(table, target, categories.get(target), kept);
  if (named && !named.classes) return { problems: capProblems([...all, ...named.problems]) };
  const targetColumns = named?.classes
    ? [{ name: table.columns[target!].name, data: inAllRows(named.classes.targets, table, kept) }]
    : chosen.targets.map((i) => table.columns[i]);
  const plan: DatasetPlan = {
    ...{ table, options, chosen, kinds, kept, rows: kept?.length ?? table.rows },
    ...{ inputs: inputColumns.columns, targets: targetColumns },
    weights: weight === undefined ? [] : [table.columns[weight]],
    ...(named?.classes && { classNames: named.classes.classNames }),
  };
  return { plan, problems: listed };
}

/** The places of all columns of a table that a dataset takes. */
export function usedColumns({ inputs, targets, sampleWeight }: ChosenColumns): number[] {
  return [...inputs, ...targets, ...(sampleWeight === undefined ? [] : [sampleWeight])];
}

/** The dataset of a plan, with the rows of a validation set below those to train on. @throws RangeError beyond memory */
export function plannedDataset(plan: DatasetPlan, validation?: DatasetPart): Dataset {
  const { table, options, classNames, inputs, targets } = plan;
  const parts = validation ? [plan, validation] : [plan];
  const partsOf = (of: 'inputs' | 'targets' | 'weights') =>
    parts.map(({ rows, kept, [of]: columns }): FilledPart => ({ rows, kept, columns }));
  const rows = partRows(partsOf('inputs'));
  const memory = allocateDataset(rows, inputs.length, targets.length, options.shares);
  fillParts(memory.inputs, partsOf('inputs'));
  fillParts(memory.targets, partsOf('targets'));
  const exact = { inputs: exactColumns(partsOf('inputs')), targets: exactColumns(partsOf('targets')) };
  const [inputNames, targetNames] = [inputs, targets].map((all) => all.map(({ name }) => name));
  const source: DatasetSource = {
    inputs: inputs.map((column) => inputColumn(column, table, options.missing)),
    ...(table.delimiter !== undefined && { delimiter: table.delimiter }),
    ...oneNotation(usedColumns(plan.chosen).map((i) => table.columns[i])),
  };
  const dataset: Dataset = { rows, inputNames, targetNames, ...(classNames && { classNames }), ...memory, source };
  if (validation) {
    const { delimiter, numbered = false } = validation.table;
    const byOrder = numbered || table.numbered === true;
    source.validation = { ...(delimiter !== undefined && { delimiter }), numbered, byOrder };
    dataset.validationRows = validation.rows;
  }
  if (exact.inputs.size + exact.targets.size > 0) dataset.exact = exact;
  for (const { name: column } of plan.weights) {
    const values = new Float32Array(rows);
    fillParts(values, partsOf('weights'));
    dataset.sampleWeight = { column, values };
  }
  return dataset;
}

/** Numbers of the rows that are kept, by the rows of the whole table; NaN in the others. */
function inAllRows(numbers: Float32Array, { rows }: Table, kept: Uint32Array | undefined): Float32Array {
  if (!kept) return numbers;
  const all = new Float32Array(rows).fill(NaN);
  kept.forEach((row, i) => (all[row] = numbers[i]));
  return all;
}

/** Which column of the file an input is made of. */
function inputColumn(
  { name, source, mean }: FilledColumn,
  { columns }: Table,
  missing: MissingRule | undefined,
): InputColumn {
  const made = source ?? { column: name, ...(missing === 'mean' && mean !== undefined && { mean }) };
  const writing = columns.find((column) => column.name === made.column)?.writing;
  return writing ? { ...made, writing } : made;
}

/** How the numbers of some columns are written, where that is the same in all of them. */
function oneNotation(columns: readonly Column[]): Pick<DatasetSource, 'notation'> {
  const shown = columns.flatMap(({ writing }) => writing?.notation ?? []);
  const [decimals, groups] = [
    new Set(shown.map(({ decimal }) => decimal)),
    new Set(shown.flatMap(({ thousands = [] }) => thousands)),
  ];
  if (decimals.size > 1 || groups.size > 1) return {};
  const [thousands] = groups;
  const notation = {
    ...(decimals.has(',') && { decimal: ',' as const }),
    ...(thousands !== undefined && { thousands }),
  };
  return Object.keys(notation).length > 0 ? { notation } : {};
}

/** What is lost of rows and numbers on the way into the dataset. */
function notesOn(
  table: Table,
  chosen: ChosenColumns,
  kept: Uint32Array | undefined,
  { classes = false, probabilities = false, scaled }: FileDatasetOptions,
): Problem[] {
  const { inputs, targets, oneHot } = chosen;
  const categories = new Set(oneHot);
  const measured = scaled?.inputs ? [] : inputs.filter((i) => !categories.has(i));
  const aims = scaled?.targets || classes || probabilities ? [] : targets;
  return [
    ...(kept ? droppedNotes(table, usedColumns(chosen), kept.length) : []),
    ...roundingNotes(table, measured, kept, 'dataset.scale'),
    ...roundingNotes(table, aims, kept, 'dataset.scale_targets'),
  ];
}

/** The columns of the model's inputs, those of categories one for each of their values. */
function inputColumnsOf(
  table: Table,
  { inputs, oneHot }: ChosenColumns,
  categories: ReadonlyMap<number, ClassColumn | undefined>,
  gaps: boolean,
): { columns: FilledColumn[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const ofCategories = new Set(oneHot);
  const columns = inputs.flatMap((i): FilledColumn[] => {
    const column = table.columns[i];
    if (!ofCategories.has(i)) return [column];
    const found = oneHotOf(categories.get(i), gaps);
    if (found) {
      return found.names.map((word, category) => ({
        ...{ name: `${column.name}=${word}`, data: found.codes, category },
        source: { column: column.name, category: word },
      }));
    }
    const message = `column ${JSON.stringify(column.name)} has more than ${maxCategories} different values, too many to take each as an input; leave it out of dataset.one_hot`;
    const place = { file: table.fileName, ...table.cell(-1, i).range };
    problems.push({ ...place, severity: 'error', message, code: 'categories' });
    return [];
  });
  return { columns, problems };
}
