import { parseConfig } from '../config/parseConfig';
import type { Config } from '../config/schema';
import { fingerprint, type Dataset } from '../engine/dataset';
import type { Trainer } from '../engine/trainer';
import type { Problem } from '../problem';
import { createTrainer, type RunScaling } from './createTrainer';
import type { FileContent, RunShape } from './protocol';
import { readRunDataset } from './readDataset';

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
  /** The rows in their columns' own units. */
  dataset: Dataset;
  trainer: Trainer;
  scaling: RunScaling;
  shape: RunShape;
  /** The parameters before training. */
  initial: Float32Array;
  /** Notes on how the data were read. */
  notes: Problem[];
}

/** Reads config and data and draws the parameters; or says what is wrong with them, in config and data file. */
export function openRun({ configText, configFile, seed, file }: OpenRunRequest): OpenedRun | { problems: Problem[] } {
  const parsed = parseConfig(configText, configFile);
  if (!parsed.config) return { problems: parsed.problems };
  try {
    const read = readRunDataset(parsed, parsed.config, file);
    if (!read.dataset) return { problems: read.problems };
    const config = { ...parsed.config, seed: parsed.config.seed ?? seed };
    return { ...trainable(config, read.dataset), notes: read.problems };
  } catch (error) {
    // Arrays that no memory can hold.
    if (!(error instanceof RangeError)) throw error;
    const message = `the data do not fit into memory: ${error.message}`;
    return { problems: [parsed.source.problemAt(['dataset'], { message, code: 'too-large' })] };
  }
}

function trainable(config: OpenedRun['config'], dataset: Dataset): Omit<OpenedRun, 'notes'> {
  const { trainer, scaling } = createTrainer(config, dataset);
  const shape = shapeOf(config, trainer, scaling);
  return { config, dataset, trainer, scaling, shape, initial: trainer.parts.model.parameters.slice() };
}

function shapeOf(config: OpenedRun['config'], trainer: Trainer, scaling: RunScaling): RunShape {
  const { dataset, loader, model, trainRows, validationRows } = trainer.parts;
  const { scale, scale_targets } = config.dataset;
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
    ...(dataset.classNames && { classNames: dataset.classNames }),
    ...((scale !== 'none' || scale_targets !== 'none') && { scaling }),
    bias: model.hasBias,
    loss: config.loss,
    optimizer: config.optimizer.type,
    lr: config.optimizer.lr,
    ...(config.scheduler && { scheduler: config.scheduler.type }),
    fingerprint: fingerprint(dataset),
  };
}
