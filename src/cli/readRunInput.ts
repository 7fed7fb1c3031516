import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { parseConfig } from '../config/parseConfig';
import { parseSetting, setConfigValue } from '../config/setValue';
import { describeFile } from '../data/describeTable';
import { DATASET_EXTENSIONS } from '../data/readTable';
import type { OpenRunRequest } from '../run/openRun';
import type { FileContent } from '../run/protocol';
import { suggestTraining } from '../run/suggestTraining';

/** The command line itself is wrong. */
export class UsageError extends Error {}

/** Reads what a run is opened from: a config and the file it names, or a dataset file with a config made for it. */
export async function readRunInput(file: string, settings: string[]): Promise<OpenRunRequest> {
  const bytes = await readOrExplain(file);
  const isDataset = DATASET_EXTENSIONS.includes(path.extname(file).slice(1).toLowerCase());
  let configText = isDataset ? configFor(path.basename(file), bytes) : new TextDecoder().decode(bytes);
  for (const text of settings) {
    const setting = parseSetting(text);
    if (!setting) throw new UsageError(`--set ${text}: key=value is needed, for instance optimizer.lr=1e-7`);
    configText = setConfigValue(configText, setting.path, setting.value);
  }
  const dataFile = await readDataFile(configText, path.dirname(file));
  const seed = randomInt(2 ** 32);
  return { configText, configFile: file, seed, ...(dataFile && { file: dataFile }) };
}

async function readOrExplain(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new Error(isMissing ? `there is no file ${file}` : `${file} cannot be read: ${String(error)}`, {
      cause: error,
    });
  }
}

async function readDataFile(configText: string, folder: string): Promise<FileContent | undefined> {
  const { dataset } = parseConfig(configText).draft;
  if (!dataset || !('file' in dataset)) return undefined;
  const file = path.resolve(folder, dataset.file);
  try {
    return { name: path.join(folder, dataset.file), content: await readFile(file) };
  } catch {
    return undefined;
  }
}

/** A config that trains on every column of numbers to predict the last one. */
function configFor(file: string, bytes: Uint8Array): string {
  const summary = describeFile(bytes, file);
  const numeric = summary.columns.filter((column) => column.candidate).map((column) => column.name);
  const { scale, lr, batchSize, epochs, logEvery } = suggestTraining(summary, numeric.slice(0, -1));
  return JSON.stringify({
    dataset: { file, scale },
    loader: { batch_size: batchSize },
    optimizer: { type: 'SGD', lr },
    epochs,
    log_every: logEvery,
  });
}
