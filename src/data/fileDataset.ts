import type { Dataset } from '../engine/dataset';
import { allocateDataset } from '../engine/kernels/kernelMemory';
import { hasErrors, type Problem } from '../problem';
import { checkCells, type MissingRule } from './checkCells';
import { checkProbabilities } from './checkProbabilities';
import { chooseColumns } from './chooseColumns';
import { classColumn, classesOf } from './classColumn';
import { capProblems } from './problemCap';
import { readTable } from './readTable';
import type { Table, TableResult } from './table';

/** Which columns of a file to take, and what to do about cells without a value. */
export interface FileDatasetOptions {
  /** Column names; every number column that is not a target, where left out. */
  inputs?: string[];
  /** Column names; the last number column, where left out. */
  targets?: string[];
  /** `error` (default) lists them, `drop` leaves their rows out, `mean` takes the mean of the column's numbers. */
  missing?: MissingRule;
  /** The one target column holds classes, as names or numbers. */
  classes?: boolean;
  /** The target columns hold numbers from 0 to 1. */
  probabilities?: boolean;
}

/** Reads a dataset from a file's bytes or text, as `datasetOfTable` does. */
export function readDataset(
  source: Uint8Array | string,
  { fileName, ...options }: FileDatasetOptions & { fileName: string },
): { dataset?: Dataset; problems: Problem[] } {
  return datasetOfTable(readTable(source, fileName), options);
}

/**
 * Makes a dataset of what a reader read. Only columns in use are checked for cells that are not numbers. `dataset` is
 * absent where any problem is an error; other problems are notes on what was read. Never throws.
 */
export function datasetOfTable(
  { table, problems, unlisted }: TableResult,
  { inputs, targets, missing = 'error', classes = false, probabilities = false }: FileDatasetOptions,
): { dataset?: Dataset; problems: Problem[] } {
  if (!table) return { problems: capProblems(problems, unlisted) };
  const chosen = chooseColumns(table, inputs, targets, classes);
  const used = [...chosen.inputs, ...chosen.targets];
  const target = classes ? chosen.targets.at(0) : undefined;
  const labels = target === undefined ? undefined : classColumn(table, target);
  const numbers = (i: number) => (i === target ? labels?.values : table.columns[i].data);
  const cells = checkCells(table, used, missing, target);
  const kept = missing === 'drop' ? completeRows(table, used, numbers) : undefined;
  const ranges = probabilities ? checkProbabilities(table, chosen.targets, kept) : { problems: [], unlisted: 0 };
  const notes = kept ? droppedNotes(table, kept.length) : [];
  const all = [...problems, ...chosen.problems, ...cells.problems, ...ranges.problems, ...notes];
  const listed = capProblems(all, unlisted + cells.unlisted + ranges.unlisted);
  if (hasErrors(listed)) return { problems: listed };

  const named = target === undefined ? undefined : classesOf(table, target, labels, kept);
  if (named && !named.classes) return { problems: capProblems([...all, ...named.problems]) };
  const nameOf = (i: number) => table.columns[i].name;
  const rows = kept?.length ?? table.rows;
  const memory = allocateDataset(rows, chosen.inputs.length, chosen.targets.length);
  fillRowMajor(memory.inputs, table, chosen.inputs, kept);
  if (named?.classes) memory.targets.set(named.classes.targets);
  else fillRowMajor(memory.targets, table, chosen.targets, kept);
  const names = { inputNames: chosen.inputs.map(nameOf), targetNames: chosen.targets.map(nameOf) };
  return { dataset: { rows, ...names, ...named?.classes, ...memory }, problems: listed };
}

/** Rows without an empty cell in the used columns; undefined where that is all of them. */
function completeRows(
  table: Table,
  used: number[],
  numbers: (column: number) => Float32Array | undefined,
): Uint32Array | undefined {
  const gaps = used.filter((i) => table.columns[i].faultCounts.missing > 0).flatMap((i) => numbers(i) ?? []);
  if (gaps.length === 0) return undefined;
  const kept = new Uint32Array(table.rows);
  let count = 0;
  for (let row = 0; row < table.rows; row++) {
    if (gaps.every((data) => !Number.isNaN(data[row]))) kept[count++] = row;
  }
  return kept.subarray(0, count);
}

function droppedNotes(table: Table, kept: number): Problem[] {
  const place = { file: table.fileName, ...table.cell(-1, 0).range };
  const dropped = table.rows - kept;
  if (kept === 0) {
    const message =
      'every row has an empty cell in a column that is used; name other columns, or set dataset.missing to "mean"';
    return [{ ...place, severity: 'error', message, code: 'no-rows' }];
  }
  const message = `${dropped} of ${table.rows} rows ${dropped === 1 ? 'is' : 'are'} left out: a column that is used has no value there`;
  return [{ ...place, severity: 'information', message, code: 'dropped' }];
}

/** The columns side by side, row after row; empty cells take their column's mean. */
function fillRowMajor(numbers: Float32Array, table: Table, columns: number[], kept: Uint32Array | undefined): void {
  const width = columns.length;
  const rows = kept?.length ?? table.rows;
  columns.forEach((column, i) => {
    const { data, mean } = table.columns[column];
    for (let row = 0; row < rows; row++) {
      const value = data[kept ? kept[row] : row];
      numbers[row * width + i] = Number.isNaN(value) ? mean : value;
    }
  });
}
