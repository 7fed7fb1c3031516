import { randomInt } from 'node:crypto';
import { access } from 'node:fs/promises';
import * as path from 'node:path';
import { parseConfig } from '../config/parseConfig';
import { parseSetting, setConfigValue } from '../config/setValue';
import { defaultColumns } from '../config/checkColumns';
import { readAll } from '../data/byteSource';
import { utf8Text } from '../data/bytesText';
import { fileFormat } from '../data/datasetFormats';
import { describeFile } from '../data/describeTable';
import type { OpenRunRequest } from '../run/openRun';
import type { FileContent } from '../run/protocol';
import { suggestTraining } from '../advice/suggestTraining';
import { openFile } from '../worker/openFile';

/** Bytes that no config is longer than, though one can hold rows. */
const MAX_CONFIG = 10_000_000;

/** The command line itself is wrong. */
export class UsageError extends Error {}

/** Reads what a run is opened from: a config and the file it names, or a dataset file with a config made for it. */
export async function readRunInput(file: string, settings: string[]): Promise<OpenRunRequest> {
  const format = fileFormat(file)?.format;
  const isDataset = format !== undefined && !(format === 'json' && (await holdsConfig(file)));
  let configText = await explained(file, isDataset ? configFor(file) : readConfig(file));
  for (const text of settings) {
    const setting = parseSetting(text);
    if (!setting) throw new UsageError(`--set ${text}: key=value is needed, for instance optimizer.lr=1e-7`);
    configText = setConfigValue(configText, setting.path, setting.value);
  }
  const dataFile = await readDataFile(configText, path.dirname(file));
  const seed = randomInt(2 ** 32);
  return { configText, configFile: file, seed, ...(dataFile && { file: dataFile }) };
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
  return utf8Text(await readAll(await openFile(file), {}, MAX_CONFIG));
}

/** Whether a `.json` file says what to train, and so is a config and no dataset. */
async function holdsConfig(file: string): Promise<boolean> {
  try {
    const { draft } = parseConfig(await readConfig(file));
    return draft.dataset !== undefined && draft.optimizer !== undefined;
  } catch {
    return false;
  }
}

async function readDataFile(configText: string, folder: string): Promise<FileContent | undefined> {
  const { dataset } = parseConfig(configText).draft;
  if (!dataset || !('file' in dataset)) return undefined;
  const file = path.resolve(folder, dataset.file);
  try {
    await access(file);
    return { name: path.join(folder, dataset.file), path: file };
  } catch {
    return undefined;
  }
}

/** A config that trains on the columns that are taken by default, to predict the last one. */
async function configFor(dataFile: string): Promise<string> {
  const file = path.basename(dataFile);
  const summary = await describeFile(await openFile(dataFile), file);
  const { inputs } = defaultColumns({}, summary);
  const { scale, lr, batchSize, epochs, logEvery } = suggestTraining(summary, inputs);
  return JSON.stringify({
    dataset: { file, scale },
    loader: { batch_size: batchSize },
    optimizer: { type: 'SGD', lr },
    epochs,
    log_every: logEvery,
  });
}
