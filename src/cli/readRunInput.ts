import { randomInt } from 'node:crypto';
import { access, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { parseConfig, type ParsedConfig } from '../config/parseConfig';
import { parseSetting } from '../config/edits/setValue';
import { readAll } from '../data/bytes/byteSource';
import { utf8Text } from '../data/bytes/bytesText';
import { foreignByName } from '../data/bytes/foreignKinds';
import { fileFormat } from '../base/datasetFormats';
import type { OpenRunRequest } from '../protocol/checkedRun';
import type { FileContent } from '../protocol/protocol';
import { openFile } from '../worker/openFile';
import type { Problem } from '../base/problem';
import { changed, madeConfig } from './madeConfig';

/** Bytes that no config is longer than, though one can hold rows. */
const maxConfig = 10_000_000;

/** The command line itself is wrong. */
export class UsageError extends Error {}

/** What a run is opened from, and the dataset file that its config was made for, where it was not given. */
export interface RunInput extends OpenRunRequest {
  /** The config's text, read. */
  parsed: ParsedConfig;
  madeFor?: string;
}

/** Reads what a run is opened from: a config and the file it names, or a dataset file with a config made for it. */
export async function readRunInput(file: string, settings: string[]): Promise<RunInput> {
  const changes = settings.map((text) => {
    const setting = parseSetting(text);
    if (!setting) throw new UsageError(`--set ${text}: key=value is needed, for instance optimizer.lr=1e-7`);
    return setting;
  });
  const seed = randomInt(2 ** 32);
  if (await isConfig(file)) {
    const configText = changed(await explained(file, readConfig(file)), changes);
    const parsed = parseConfig(configText, file);
    const dataFile = await readDataFile(parsed, path.dirname(file));
    return { configText, configFile: file, parsed, seed, ...(dataFile && { file: dataFile }) };
  }
  const made = await explained(file, madeConfig(file, changes));
  const configFile = `${file} with the keys of the command line`;
  const parsed = parseConfig(made, configFile);
  const validation = await namedFile(validationFileOf(parsed), path.dirname(file));
  const dataFile = { name: file, path: path.resolve(file), ...(validation && { validation }) };
  return { configText: made, configFile, parsed, seed, file: dataFile, madeFor: file };
}

/** Problems as a person sees them: what is wrong with a config that was made for a file is told at the file's beginning. */
export function placedProblems(
  problems: readonly Problem[],
  { madeFor, configFile }: Pick<RunInput, 'madeFor' | 'configFile'>,
): Problem[] {
  if (madeFor === undefined) return [...problems];
  const start = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  return problems.map((problem) => (problem.file === configFile ? { ...problem, file: madeFor, ...start } : problem));
}

/** What is read of a file; or an error that says in words why it cannot be read. */
async function explained(file: string, text: Promise<string>): Promise<string> {
  try {
    return await text;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(isMissing ? `there is no file ${file}` : `${file} cannot be read: ${reason}`, { cause: error });
  }
}

async function readConfig(file: string): Promise<string> {
  return utf8Text(await readAll(await openFile(file), {}, maxConfig));
}

/** Whether a file says what to train, and so is a config and no dataset: by its name, or a `.json` file or one of no known kind by what it holds. */
async function isConfig(file: string): Promise<boolean> {
  const format = fileFormat(file)?.format;
  if (/\.gd\.json$/i.test(file)) return true;
  if ((format !== undefined && format !== 'json') || foreignByName(file) !== undefined) return false;
  try {
    const text = (await stat(file)).size > maxConfig ? '' : await readConfig(file);
    const { draft } = parseConfig(text);
    if (format === 'json') return draft.dataset !== undefined && draft.optimizer !== undefined;
    return /^\uFEFF?(\s|\/\/.*|\/\*[^]*?\*\/)*\{/.test(text);
  } catch {
    // What cannot be read says so when it is.
    return format === undefined;
  }
}

/** The data files that a config in a folder names; undefined where it names none, or none is there. */
export async function readDataFile(parsed: ParsedConfig, folder: string): Promise<FileContent | undefined> {
  const { dataset } = parsed.draft;
  if (!dataset || !('file' in dataset)) return undefined;
  const file = await namedFile(dataset.file, folder);
  const validation = await namedFile(validationFileOf(parsed), folder);
  return file && { ...file, ...(validation && { validation }) };
}

function validationFileOf({ draft: { dataset } }: ParsedConfig): string | undefined {
  return dataset && 'file' in dataset ? dataset.validation_file : undefined;
}

/** A file by its path from a folder; undefined where it is not there. */
async function namedFile(
  name: string | undefined,
  folder: string,
): Promise<{ name: string; path: string } | undefined> {
  if (name === undefined) return undefined;
  const file = path.resolve(folder, name);
  try {
    await access(file);
    return { name: path.isAbsolute(name) ? name : path.join(folder, name), path: file };
  } catch {
    return undefined;
  }
}
