import { checkConfig } from '../config/checkConfig';
import { parseConfig, type ParsedConfig } from '../config/parseConfig';
import { lossName, type Config } from '../config/schema';
import type { ByteSource, ReadWatch } from '../data/bytes/byteSource';
import { fingerprint, type Dataset } from '../engine/dataset';
import { createModelKernels, createPlainKernels, type MakeKernels } from '../engine/kernels/createKernels';
import type { Helper } from '../engine/kernels/helper';
import { OutOfMemory } from '../engine/kernels/kernelMemory';
import type { Trainer } from '../engine/train/trainer';
import type { Problem } from '../base/problem';
import { createTrainer, type RunScaling } from './createTrainer';
import type { OpenRunRequest } from '../protocol/checkedRun';
import type { FileContent, ReadableFile, RunShape } from '../protocol/protocol';
import type { KeptRows } from './keptRows';
import { balanceObstacle } from './lossOptions';
import { monitorObstacle } from './monitoredNumber';
import { readRunDataset, type DataSourceFile, type SourceFile } from './readDataset';

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

/** What opening a run needs of the place it happens in. */
export interface OpeningPlace {
  /** Opens a local file; needed where a request names one by its path. Rejects where that cannot be done. */
  openFile?(path: string): Promise<ByteSource>;
  /** Follows the data file while it is read. */
  watch?: ReadWatch;
  /** Keeps the rows of runs that share them. */
  kept?: KeptRows;
  /** What large batches are shared with. */
  helper?: Helper;
  /** Nothing will be trained: the arrays of the dataset stay where they are. */
  looksOnly?: boolean;
}

/** The rows of a run before they are split. */
export interface ReadRun {
  config: OpenedRun['config'];
  dataset: Dataset;
  notes: Problem[];
}

/** Reads config and data and draws the parameters; or says what is wrong with them, in config and data file. */
export async function openRun(
  request: OpenRunRequest,
  place?: OpeningPlace,
): Promise<OpenedRun | { problems: Problem[] }> {
  return openParsedRun(parseConfig(request.configText, request.configFile), request, place);
}

/** As `openRun`, of a request whose config has been read. */
export async function openParsedRun(
  parsed: ParsedConfig,
  request: OpenRunRequest,
  place: OpeningPlace = {},
): Promise<OpenedRun | { problems: Problem[] }> {
  const read = await readParsedRun(parsed, request, place);
  return 'problems' in read ? read : openReadRun(parsed, read, place);
}

/** Reads what a request trains on, and no more. */
export async function readParsedRun(
  parsed: ParsedConfig,
  { seed, file, rows }: OpenRunRequest,
  { openFile, watch, kept, helper }: OpeningPlace = {},
): Promise<ReadRun | { problems: Problem[] }> {
  const { config: given } = parsed;
  if (!given) return { problems: parsed.problems };
  if (file && 'foreign' in file) return { problems: checkConfig(parsed, 'foreign') };
  return orTooLarge(parsed, async () => {
    const source = file && (await openSources(file, openFile));
    const reading = [parsed, given, source, watch, helper !== undefined] as const;
    const { dataset, problems } = await (kept && rows !== undefined
      ? kept.read(rows, ...reading)
      : readRunDataset(...reading));
    if (!dataset) return { problems };
    const config = { ...given, seed: given.seed ?? seed };
    const obstacle = monitorObstacle(config, dataset);
    if (!obstacle) return { config, dataset, notes: problems };
    const finding = { message: obstacle, code: 'monitor' };
    return { problems: [parsed.source.problemAt(['early_stopping', 'monitor'], finding)] };
  });
}

/** Opens a run whose rows are read. */
export function openReadRun(
  parsed: ParsedConfig,
  { config, dataset: all, notes }: ReadRun,
  { helper, looksOnly }: OpeningPlace = {},
): Promise<OpenedRun | { problems: Problem[] }> {
  return orTooLarge(parsed, () => {
    const trained: MakeKernels = (rows, model) => createModelKernels(rows, model, helper);
    const run = trainable(config, all, looksOnly ? createPlainKernels : trained);
    const unbalanced = balanceObstacle(config, all, run.trainer.parts.trainRows);
    if (unbalanced) {
      return { problems: [parsed.source.problemAt(['loss', 'weight'], { message: unbalanced, code: 'classes' })] };
    }
    const { dataset, trainRows } = run.trainer.parts;
    if (dataset.sampleWeight && trainRows.every((row) => dataset.sampleWeight!.values[row] === 0)) {
      const message = `dataset.sample_weight: column ${JSON.stringify(dataset.sampleWeight.column)} is 0 in every training row; split the rows in another way`;
      return { problems: [parsed.source.problemAt(['dataset', 'sample_weight'], { message, code: 'sample-weight' })] };
    }
    return { ...run, notes };
  });
}

/** What comes of some work, or that memory does not hold it. */
async function orTooLarge<T>(parsed: ParsedConfig, work: () => T | Promise<T>): Promise<T | { problems: Problem[] }> {
  try {
    return await work();
  } catch (error) {
    // A RangeError is the language's own word for arrays that no memory can hold.
    if (!(error instanceof OutOfMemory || error instanceof RangeError)) throw error;
    const message = `the data do not fit into memory: ${error.message}`;
    return { problems: [parsed.source.problemAt(['dataset'], { message, code: 'too-large' })] };
  }
}

async function openSources(
  { validation, ...file }: ReadableFile & Pick<FileContent, 'validation'>,
  openFile: OpeningPlace['openFile'],
): Promise<DataSourceFile> {
  const source = await openSource(file, openFile);
  if (!validation) return source;
  return { ...source, validation: 'foreign' in validation ? 'foreign' : await openSource(validation, openFile) };
}

/** A file ready to be read; one that cannot be opened fails when it is. */
export async function openSource(file: ReadableFile, openFile: OpeningPlace['openFile']): Promise<SourceFile> {
  if ('content' in file) return file;
  const { name } = file;
  try {
    if ('unreadable' in file) throw new Error(file.unreadable);
    if (!openFile) throw new Error('there are no local files here');
    return { name, content: await openFile(file.path) };
  } catch (error) {
    const failing = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(error instanceof Error ? error : new Error(String(error))),
      }),
    };
    return { name, content: { chunks: () => failing } };
  }
}

/** The run of a config on rows that are read. The arrays of the dataset may become views on the memory that it trains in. */
export function trainable(
  config: OpenedRun['config'],
  dataset: Dataset,
  makeKernels?: MakeKernels,
): Omit<OpenedRun, 'notes'> {
  const { trainer, scaling } = createTrainer(config, dataset, makeKernels);
  const shape = shapeOf(config, trainer, scaling);
  return { config, dataset, trainer, scaling, shape, initial: trainer.parts.model.parameters.slice() };
}

function shapeOf(config: OpenedRun['config'], trainer: Trainer, scaling: RunScaling): RunShape {
  const { dataset, loader, loss, model, trainRows, validationRows } = trainer.parts;
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
    ...(dataset.products && { products: dataset.products }),
    targetNames: dataset.targetNames,
    ...(dataset.classNames && { classNames: dataset.classNames }),
    ...((scale !== 'none' || scale_targets !== 'none') && { scaling }),
    model: model.shape,
    loss: lossName(config.loss),
    ...(loss.options && { lossOptions: loss.options }),
    ...(dataset.sampleWeight && { sampleWeight: dataset.sampleWeight.column }),
    optimizer: config.optimizer.type,
    optimizerSettings: config.optimizer,
    lr: config.optimizer.lr,
    ...(config.scheduler && { scheduler: config.scheduler.type }),
    ...(config.early_stopping && { earlyStopping: config.early_stopping }),
    fingerprint: fingerprint(dataset),
  };
}
