import type { KnownDataset } from './knownDataset';
import type { Problem } from '../base/problem';
import { checkColumns } from './checkColumns';
import { classCount, takesClasses } from './checkLoss';
import { checkModelSize } from './checkModel';
import { checkFactors, checkProducts, productsMade } from './checkPolynomial';
import { linearTargets } from './datasetSchema';
import { byPlace, type ParsedConfig } from './parseConfig';
import { lossName, type DatasetConfig, type FileConfig, type LossConfig, type SplitConfig } from './schema';
import { foldRange } from '../engine/data/kFold';
import { numberedNames } from '../engine/data/generate';
import { patternInputs } from '../engine/data/patterns';
import { splitLengths, splitParts } from '../engine/data/randomSplit';
import { needsFullBatch } from '../engine/optim/optimizers';
import { counted } from './words';

/** Generated inputs that can be named; no config needs more. */
const mostNamedInputs = 1_000_000;

/** How large the dataset of a config is; a number that cannot be known yet is left out. */
export interface DatasetSize {
  rows?: number;
  inputs?: number;
  /** Numbers that the model gives for each row: as many as there are targets, or classes with `cross_entropy`. */
  outputs?: number;
}

/**
 * What a config's text alone cannot show: whether it fits its data. `known` is what the dataset file holds, `'missing'`
 * where there is no such file, `'foreign'` where a config may not reach it, and left out where it has not been read or the
 * data do not come from a file. Every problem stands at the key that would have to change. Looks at whatever keys are
 * readable; never throws.
 */
export function checkConfig(parsed: ParsedConfig, known?: KnownDataset | 'missing' | 'foreign'): Problem[] {
  const { draft, source } = parsed;
  const { dataset } = draft;
  if (!dataset) return [];
  if (!('file' in dataset)) return checkGenerated(parsed, dataset);
  if (known === undefined) return [];
  if (known === 'missing') {
    const message = `there is no file ${JSON.stringify(dataset.file)}; the path starts at the config's own folder`;
    return [source.problemAt(['dataset', 'file'], { message, code: 'no-file' })];
  }
  if (known === 'foreign') {
    const message =
      `${JSON.stringify(dataset.file)} is outside this config’s workspace, and nothing is fetched from ` +
      `there; copy the file beside the config and write its name`;
    return [source.problemAt(['dataset', 'file'], { message, code: 'foreign-file' })];
  }
  if (known.rows === 0) return [emptyProblem(parsed, dataset.file, known)];
  const { problems, inputs, targets } = checkColumns(dataset, known, source, draft.loss && lossName(draft.loss));
  const names = new Set([...inputs, ...targets, dataset.sample_weight]);
  const used = known.columns.filter((column) => names.has(column.name));
  const rowsMayGo = dataset.missing === 'drop' && used.some((column) => column.missing > 0);
  const size: DatasetSize = { ...(rowsMayGo ? {} : { rows: known.rows }) };
  if (problems.length > 0) return [...problems, ...checkSizes(parsed, size)].sort(byPlace);
  const distinct = known.columns.find((column) => column.name === targets[0])?.distinct;
  const outputs = outputsOf(draft.loss, targets.length, rowsMayGo ? undefined : distinct);
  const classes = takesClasses(draft.loss) && outputs.outputs === 1 ? [oneClass(parsed, targets[0])] : [];
  const width = inputsOf(inputs, dataset, known);
  const factors = inputsOf(dataset.polynomial?.columns ?? inputs, dataset, known);
  const misfits = [...checkFactors(parsed, inputs), ...checkProducts(parsed, { ...size, inputs: width, factors })];
  if (misfits.length > 0) return misfits;
  const made = productsMade(dataset, factors);
  return [...classes, ...checkSizes(parsed, { ...size, inputs: width + made, ...outputs })].sort(byPlace);
}

function checkGenerated(parsed: ParsedConfig, dataset: Exclude<DatasetConfig, FileConfig>): Problem[] {
  const { inputs, ...size } = generatedSize(dataset, parsed.draft.loss);
  const factors = dataset.polynomial?.columns?.length ?? inputs;
  const names = dataset.polynomial?.columns ? numberedNames('x', Math.min(inputs, mostNamedInputs)) : [];
  const misfits = [...checkFactors(parsed, names), ...checkProducts(parsed, { ...size, inputs, factors })];
  if (misfits.length > 0) return misfits;
  return checkSizes(parsed, { ...size, inputs: inputs + productsMade(dataset, factors) });
}

/** Numbers that the model sees of each row: one a column, or one for each value of a column of `one_hot`. */
function inputsOf(inputs: string[], { one_hot = [] }: FileConfig, { columns }: KnownDataset): number {
  const distinct = new Map(columns.map((column) => [column.name, column.distinct ?? 1]));
  const ofCategories = new Set(one_hot);
  return inputs.reduce((sum, name) => sum + (ofCategories.has(name) ? (distinct.get(name) ?? 1) : 1), 0);
}

/** Whether split, batches and starting weights fit a dataset of this size. */
export function checkSizes(parsed: ParsedConfig, size: DatasetSize): Problem[] {
  const sizes = [...checkModelSize(parsed, size), ...checkWeights(parsed, size)];
  return (size.rows === undefined ? sizes : [...sizes, ...checkRows(parsed, size.rows)]).sort(byPlace);
}

/** Whether there is a weight for each class. */
function checkWeights({ draft: { loss }, source }: ParsedConfig, { outputs }: DatasetSize): Problem[] {
  const weight = typeof loss === 'object' && 'weight' in loss ? loss.weight : undefined;
  if (!Array.isArray(weight) || outputs === undefined || weight.length === outputs) return [];
  const message = `loss.weight must have one number for each of the ${outputs} classes, got ${weight.length}`;
  return [source.problemAt(['loss', 'weight'], { message, code: 'classes' })];
}

function emptyProblem({ source }: ParsedConfig, file: string, { problems }: KnownDataset): Problem {
  const why = problems?.[0] ? `: ${problems[0].message} (line ${problems[0].line})` : '';
  return source.problemAt(['dataset', 'file'], {
    message: `${JSON.stringify(file)} has no row of data that could be used${why}`,
    code: 'no-rows',
  });
}

function oneClass({ source, draft }: ParsedConfig, target: string): Problem {
  const message = `column ${JSON.stringify(target)} is the same in every row; ${lossName(draft.loss!)} needs at least two classes`;
  return source.problemAt(['dataset', 'targets', 0], { message, code: 'classes' });
}

/** How many outputs the model has, as far as is known. */
function outputsOf(loss: LossConfig | undefined, targets: number, classes: number | undefined): { outputs?: number } {
  if (loss === undefined) return {};
  if (!takesClasses(loss)) return { outputs: targets };
  return classes === undefined ? {} : { outputs: classes };
}

function generatedSize(
  dataset: Exclude<DatasetConfig, FileConfig>,
  loss: LossConfig | undefined,
): DatasetSize & { inputs: number } {
  const classes = takesClasses(loss) ? classCount(dataset) : undefined;
  if ('values' in dataset) {
    const { inputs, targets } = dataset.values;
    return { rows: inputs.length, inputs: inputs[0].length, ...outputsOf(loss, targets[0].length, classes) };
  }
  if (dataset.generate === 'linear') {
    const { samples, features } = dataset;
    return { rows: samples, inputs: features, ...outputsOf(loss, linearTargets(dataset), classes) };
  }
  if (dataset.generate !== 'arange') {
    const classCount = dataset.generate === 'curve' ? undefined : 2;
    return { rows: dataset.samples, inputs: patternInputs(dataset.generate), ...outputsOf(loss, 1, classCount) };
  }
  const { inputs, targets } = dataset;
  return { rows: inputs.shape[0], inputs: inputs.shape[1], ...outputsOf(loss, targets.shape[1], classes) };
}

function checkRows(parsed: ParsedConfig, rows: number): Problem[] {
  const { split: written } = parsed.draft;
  if (written && 'folds' in written) return checkFolds(parsed, written, rows);
  const split = written && splitParts(written).lengths;
  const lengths = split ? splitLengths(split, rows) : ([rows, 0] as const);
  if (!lengths) return [splitProblem(parsed, split!, rows)];
  if (lengths[0] === 0 && split) {
    const message = `split [${split.join(', ')}] leaves no row of ${rows} to train on; make its first number larger`;
    return [parsed.source.problemAt(splitPath(parsed), { message, code: 'split' })];
  }
  if (lengths[1] === 0 && split && parsed.draft.early_stopping?.monitor === 'val_loss') {
    const message = `split [${split.join(', ')}] holds out no row of ${rows}, but early_stopping.monitor is "val_loss"; make its second number larger, or monitor "loss"`;
    return [parsed.source.problemAt(splitPath(parsed), { message, code: 'split' })];
  }
  return checkBatch(parsed, lengths[0]);
}

function checkFolds(
  parsed: ParsedConfig,
  { folds, fold }: Extract<SplitConfig, { folds: number }>,
  rows: number,
): Problem[] {
  if (folds <= rows) {
    const [start, end] = foldRange(rows, folds, fold);
    return checkBatch(parsed, rows - (end - start));
  }
  const message = `split.folds is ${folds}, but the dataset has only ${counted(rows, 'row')}; each fold needs one`;
  return [parsed.source.problemAt(['split', 'folds'], { message, code: 'split', suggestion: String(rows) })];
}

/** Where the lengths of a split stand. */
function splitPath({ draft: { split } }: ParsedConfig): string[] {
  return split && 'lengths' in split ? ['split', 'lengths'] : ['split'];
}

function splitProblem(parsed: ParsedConfig, split: readonly number[], rows: number): Problem {
  const sum = split[0] + split[1];
  const advised = split[0] < rows ? [split[0], rows - split[0]] : fourFifths(rows);
  const message =
    `split [${split.join(', ')}] adds up to ${sum}, but the dataset has ${counted(rows, 'row')}; ` +
    `[${advised.join(', ')}] would fit`;
  return parsed.source.problemAt(splitPath(parsed), { message, code: 'split', suggestion: `[${advised.join(', ')}]` });
}

function fourFifths(rows: number): [number, number] {
  const train = Math.ceil(rows * 0.8);
  return [train, rows - train];
}

function checkBatch({ draft, source }: ParsedConfig, trainingRows: number): Problem[] {
  const { loader, optimizer } = draft;
  if (loader && optimizer && needsFullBatch(optimizer) && loader.batch_size < trainingRows) {
    const message = `loader.batch_size is ${loader.batch_size}, but ${optimizer.type} needs all ${trainingRows} training rows in one batch; set it to ${trainingRows}`;
    const finding = { message, code: 'batch-size', suggestion: String(trainingRows) };
    return [source.problemAt(['loader', 'batch_size'], finding)];
  }
  if (!loader || loader.batch_size <= trainingRows) return [];
  const { batch_size, drop_last } = loader;
  const are = trainingRows === 1 ? 'there is only 1 training row' : `there are only ${trainingRows} training rows`;
  const consequence = drop_last
    ? 'with drop_last no batch is left to train on'
    : `every batch holds all ${trainingRows}`;
  const message = `loader.batch_size is ${batch_size}, but ${are}; ${consequence}`;
  const severity = drop_last ? 'error' : 'warning';
  const finding = { message, severity, code: 'batch-size', suggestion: String(trainingRows) } as const;
  return [source.problemAt(['loader', 'batch_size'], finding)];
}
