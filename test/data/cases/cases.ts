import { expect, it } from 'vitest';
import { checkConfig } from '../../../src/config/checkConfig';
import { parseConfig } from '../../../src/config/parseConfig';
import { setConfigValue } from '../../../src/config/edits/setValue';
import { describeTable } from '../../../src/data/describeTable';
import { datasetOfTable, readNeeds } from '../../../src/data/dataset/fileDataset';
import type { Table } from '../../../src/data/table/table';
import type { Dataset } from '../../../src/engine/dataset';
import { readTable } from '../../../src/data/readTable';
import { hasErrors, type Problem } from '../../../src/base/problem';
import { readOptionsOf } from '../../../src/config/readOptions';

/** Rows in which y = 2a − 3b + 5, in quarters, so that each is exact in float32. */
export const rows = [
  [1.5, 2.25, 1.25],
  [2, -1.5, 13.5],
  [1234.5, 3.75, 2462.75],
  [0.5, 40, -114],
  [-7.25, 12.5, -47],
  [33, 8, 47],
  [100.25, 0.5, 204],
  [2500.75, 19, 4949.5],
] as const;

/** A text of some rows, with a header. */
export function textOf(delimiter: string, write: (value: number) => string = String, header = ['a', 'b', 'y']): string {
  return [header, ...rows.map((row) => row.map(write))].map((cells) => cells.join(delimiter)).join('\n') + '\n';
}

/** What was made of a file: as much as there is of it, and what was said about it. */
export interface Taken {
  table?: Table;
  dataset?: Dataset;
  problems: Problem[];
}

/** What a config of this dataset makes of a file, as a run does: keys are those of `dataset`. */
export async function take(
  content: string | Uint8Array,
  keys: Record<string, unknown> = {},
  fileName = 'd.csv',
): Promise<Taken> {
  let text = JSON.stringify({ dataset: { file: fileName }, optimizer: { type: 'SGD', lr: 0.1 } });
  for (const [key, value] of Object.entries(keys)) text = setConfigValue(text, `dataset.${key}`, value);
  const parsed = parseConfig(text, 'c.gd.json');
  if (!parsed.config || !('file' in parsed.config.dataset)) return { problems: parsed.problems };
  const { inputs, targets, one_hot: oneHot, missing } = parsed.config.dataset;
  const options = { ...(inputs && { inputs }), ...(targets && { targets }), ...(oneHot && { oneHot }), missing };
  const read = { ...readOptionsOf(parsed.config.dataset), ...readNeeds(options) };
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const result = await readTable(bytes, fileName, read);
  if (!result.table) return { problems: result.problems };
  const misfits = checkConfig(parsed, describeTable(result.table));
  if (hasErrors(misfits)) return { problems: misfits, table: result.table };
  return { ...datasetOfTable(result, options), table: result.table };
}

/** Rows of a dataset: its inputs, then its targets. */
export function rowsOf({ dataset }: Taken): number[][] | undefined {
  if (!dataset) return undefined;
  const { rows: count, inputNames, targetNames, inputs, targets } = dataset;
  const [x, y] = [inputNames.length, targetNames.length];
  return Array.from({ length: count }, (_, i) => [
    ...inputs.slice(i * x, (i + 1) * x),
    ...targets.slice(i * y, (i + 1) * y),
  ]);
}

/** Places and words of problems that are no mere notes. */
export function alerts(problems: readonly Problem[]): string[] {
  return problems
    .filter(({ severity }) => severity !== 'information')
    .map(({ line, column, severity, message }) => `${line}:${column} ${severity}: ${message}`);
}

/** The same rows as lists. */
export const plain = rows.map((row) => [...row]);
const [, ...data] = textOf(',').trimEnd().split('\n');

/** The rows with more cells before each, under other names. */
export const beside = (names: string, before: (i: number) => string) =>
  `${names}\n${data.map((row, i) => `${before(i)}${row}`).join('\n')}\n`;

/** A file, and what is to be made of it. */
export interface Case {
  text: string | Uint8Array;
  fileName?: string;
  /** Keys of `dataset`. */
  keys?: Record<string, unknown>;
  /** The names of the inputs and targets, where they are others than a, b and y. */
  names?: string;
  /** The rows of the dataset; the plain ones where left out, and none where there is an error. */
  rows?: number[][];
  /** Place and code of what is said, with an exclamation mark for an error and a question mark for a warning. */
  said?: string[];
  /** What the first error says. */
  says?: RegExp;
  /** Keys that the first error names; with them there is a dataset. */
  cure?: Record<string, unknown>;
  cured?: number[][];
}

const marks = { error: '!', warning: '?', information: '' };
/** Place and code of problems, with a mark for their severity. */
export const said = (problems: readonly Problem[]) =>
  problems.map(({ line, column, severity, code }) => `${line}:${column} ${code}${marks[severity]}`);

/** Reads the file of a case and compares. */
async function check({ text, fileName, keys, names = 'a,b,y', said: expected = [], says, cure, ...right }: Case) {
  const taken = await take(text, keys, fileName);
  expect(said(taken.problems)).toEqual(expected);
  const error = taken.problems.find(({ severity }) => severity === 'error');
  if (error) {
    if (says) expect(error.message).toMatch(says);
    if (!cure) return;
    expect(error.message).toContain(`dataset.${Object.keys(cure)[0]}`);
    expect(rowsOf(await take(text, { ...keys, ...cure }, fileName))).toEqual(right.cured ?? plain);
    return;
  }
  expect([...taken.dataset!.inputNames, ...taken.dataset!.targetNames].join()).toBe(names);
  expect(rowsOf(taken)).toEqual(right.rows ?? plain);
}

/** The first key that a message names, with the value that it names for it. */
export function hintOf(message: string): Record<string, unknown> | undefined {
  const found = /dataset\.(\w+) to (?:\S+ \S+ \S+ counted from 0: )?(\[[^\]]*\]|"[^"]*"|\d+)/.exec(message);
  return found ? { [found[1]]: JSON.parse(found[2]) as unknown } : undefined;
}

/** A test for each case, by what is said of it. */
export const suite = (cases: Record<string, Case>) => {
  it.each(Object.entries(cases))('%s', (_, one) => check(one));
};
