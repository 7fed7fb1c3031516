import { checkConfig } from '../config/checkConfig';
import { parseConfig, type ParsedConfig } from '../config/parseConfig';
import type { Config } from '../config/schema';
import { describeTable } from '../data/describeTable';
import { datasetOfTable } from '../data/fileDataset';
import { capProblems } from '../data/problemCap';
import { readTable } from '../data/readTable';
import { fingerprint, type Dataset } from '../engine/dataset';
import type { Trainer } from '../engine/trainer';
import { hasErrors, type Problem } from '../problem';
import { buildDataset } from './buildDataset';
import { createTrainer } from './createTrainer';
import type { FileContent, RunShape } from './protocol';

/** What a run is opened from. */
export interface OpenRunRequest {
  configText: string;
  /** What problems call the config. */
  configFile: string;
  /** Used where the config gives none. */
  seed: number;
  /** The file that the config names; absent where it is not there. */
  file?: FileContent;
}

/** A run that is ready to train. */
export interface OpenedRun {
  config: Config & { seed: number };
  trainer: Trainer;
  shape: RunShape;
  /** The parameters before training. */
  initial: Float32Array;
}

/** Reads config and data and draws the parameters; or says what is wrong with them, in config and data file. */
export function openRun({ configText, configFile, seed, file }: OpenRunRequest): OpenedRun | { problems: Problem[] } {
  const parsed = parseConfig(configText, configFile);
  if (!parsed.config) return { problems: parsed.problems };
  const read = readDatasetOf(parsed, parsed.config, file);
  if (!read.dataset) return { problems: read.problems };
  const config = { ...parsed.config, seed: parsed.config.seed ?? seed };
  const trainer = createTrainer(config, read.dataset);
  return { config, trainer, shape: shapeOf(config, trainer), initial: trainer.parts.model.parameters.slice() };
}

function readDatasetOf(
  parsed: ParsedConfig,
  { dataset: source }: Config,
  file: FileContent | undefined,
): { dataset?: Dataset; problems: Problem[] } {
  if (!('file' in source)) {
    const problems = checkConfig(parsed);
    return hasErrors(problems) ? { problems } : { dataset: buildDataset(source), problems };
  }
  if (!file) return { problems: checkConfig(parsed, 'missing') };
  const result = readTable(file.content, file.name);
  if (!result.table) return { problems: capProblems(result.problems, result.unlisted) };
  const misfits = checkConfig(parsed, describeTable(result.table));
  if (hasErrors(misfits)) return { problems: misfits };
  const read = datasetOfTable(result, source);
  if (!read.dataset || source.missing !== 'drop') return read;
  // Only now is it known how many rows are left.
  const rows = { ...describeTable(result.table), rows: read.dataset.rows };
  const left = checkConfig(parsed, { ...rows, columns: rows.columns.map((column) => ({ ...column, missing: 0 })) });
  return hasErrors(left) ? { problems: left } : read;
}

function shapeOf(config: Config & { seed: number }, trainer: Trainer): RunShape {
  const { dataset, loader, model, trainRows, validationRows } = trainer.parts;
  return {
    seed: config.seed,
    epochs: config.epochs,
    logEvery: config.log_every,
    batchSize: config.loader.batch_size,
    batchesPerEpoch: loader.batches,
    trainRows: trainRows.length,
    validationRows: validationRows.length,
    inputNames: dataset.inputNames,
    targetNames: dataset.targetNames,
    bias: model.hasBias,
    loss: config.loss,
    optimizer: config.optimizer.type,
    lr: config.optimizer.lr,
    fingerprint: fingerprint(dataset),
  };
}
