import type { Problem } from '../problem';
import type { Table } from './table';

/** Columns of a table, by their place from 0. */
export interface ChosenColumns {
  inputs: number[];
  targets: number[];
  problems: Problem[];
}

/**
 * The columns to train on: those named, else the last number column as the target and every other one as an input.
 * Columns without a name of their own are taken only when named, and so is a column of text, which only the one target can
 * be that holds `classes`.
 */
export function chooseColumns(
  table: Table,
  inputNames: string[] | undefined,
  targetNames: string[] | undefined,
  classes: boolean,
): ChosenColumns {
  const names = table.columns.map((column) => column.name);
  const candidates = names.map((_, i) => i).filter((i) => table.columns[i].candidate);
  const named = {
    inputs: inputNames?.map((name) => names.indexOf(name)),
    targets: targetNames?.map((name) => names.indexOf(name)),
  };
  const targets = named.targets ?? candidates.filter((i) => !named.inputs?.includes(i)).slice(-1);
  const inputs = named.inputs ?? candidates.filter((i) => !targets.includes(i));
  const { range } = table.cell(-1, 0);
  const asked = [...(inputNames ?? []), ...(targetNames ?? [])];
  const problems = faultsOf(table, inputs, targets, asked, classes).map((message): Problem => ({
    file: table.fileName,
    ...range,
    severity: 'error',
    message,
    code: 'columns',
  }));
  const usable = problems.length === 0;
  return { inputs: usable ? inputs : [], targets: usable ? targets : [], problems };
}

function faultsOf(table: Table, inputs: number[], targets: number[], asked: string[], classes: boolean): string[] {
  const names = table.columns.map((column) => column.name);
  const unknown = asked.filter((name) => !names.includes(name));
  if (unknown.length > 0) return unknown.map((name) => `the file has no column ${JSON.stringify(name)}`);
  const used = [...inputs, ...targets];
  const twice = used.find((i, at) => used.indexOf(i) < at);
  if (twice !== undefined)
    return [`column ${JSON.stringify(names[twice])} is used twice; name it once, as input or as target`];
  if (classes && targets.length > 1) return [`cross_entropy takes one target column, got ${targets.length}`];
  const text = (classes ? inputs : used).filter((i) => table.columns[i].type === 'text');
  if (text.length > 0) {
    return text.map((i) => `column ${JSON.stringify(names[i])} holds text; ${textAdvice(targets.includes(i))}`);
  }
  if (targets.length === 0) return ['the file has no column of numbers that could be the target'];
  if (inputs.length > 0) return [];
  return ['the file has no column of numbers that could be an input beside the target; at least two are needed'];
}

function textAdvice(isTarget: boolean): string {
  return isTarget ? 'set loss to "cross_entropy" to predict its classes' : 'only columns of numbers can be used';
}
