import { checkProducts } from '../config/checkPolynomial';
import { checkConfig, checkSizes, type DatasetSize } from '../config/checkConfig';
import type { ParsedConfig } from '../config/parseConfig';
import { lossName, type Config, type DatasetConfig, type FileConfig, type LossName } from '../config/schema';
import type { DataSource, ReadWatch } from '../data/bytes/byteSource';
import { isDelimited } from '../base/datasetFormats';
import { describeTable } from '../data/describeTable';
import { planDataset, plannedDataset, readNeeds } from '../data/dataset/fileDataset';
import { capProblems } from '../data/table/problemCap';
import { readTable } from '../data/readTable';
import { roundingMessage } from '../data/dataset/roundingNotes';
import { maxClasses, classTargets } from '../engine/data/classes';
import type { Dataset } from '../engine/dataset';
import { losses } from '../engine/nn/losses';
import { formatRounded } from '../base/format';
import { hasErrors, type Problem } from '../base/problem';
import { buildDataset } from './buildDataset';
import { targetKind } from './lossOptions';
import { polynomialSize, tooLargeProduct, withPolynomial } from './polynomialInputs';
import { readValidation } from './readValidation';
import { delimitedKeys, readOptionsOf } from '../config/readOptions';

/** A file, ready to be read. */
export interface SourceFile {
  /** What problems call it; its ending says how it is read. */
  name: string;
  content: DataSource;
}

/** The file that a config names; `validation` is its second one, `'foreign'` where the config may not reach it. */
export interface DataSourceFile extends SourceFile {
  validation?: SourceFile | 'foreign';
}

/** A dataset; or, where any of the problems is an error, none. */
export interface ReadDataset {
  dataset?: Dataset;
  problems: Problem[];
}

/**
 * The rows that a config asks for, with targets as its loss takes them. `file` is the one that it names, if it is there.
 * @param shares whether a helper will train on them too.
 * @param finely whether numbers are held as exactly as if they were to be scaled, so that they can be, even if they are not.
 */
export async function readRunDataset(
  parsed: ParsedConfig,
  config: Config,
  file: DataSourceFile | undefined,
  watch: ReadWatch = {},
  shares = false,
  finely = false,
): Promise<ReadDataset> {
  const read =
    'file' in config.dataset
      ? await readFile(parsed, config, file, watch, { shares, finely })
      : makeDataset(parsed, config);
  if (!read.dataset) return read;
  // Only now is it known how many rows and classes there are.
  const products = checkProducts(parsed, polynomialSize(read.dataset, config.dataset));
  if (products.length > 0) return { problems: products };
  const dataset = withPolynomial(read.dataset, config.dataset, shares);
  const misfits = [...tooLarge(parsed, dataset), ...checkSizes(parsed, sizeOf(dataset))];
  return hasErrors(misfits) ? { problems: misfits } : { ...read, dataset };
}

/** Products that float32 does not hold. */
function tooLarge({ source }: ParsedConfig, dataset: Dataset): Problem[] {
  const message = tooLargeProduct(dataset);
  return message === undefined ? [] : [source.problemAt(['dataset', 'polynomial'], { message, code: 'too-large' })];
}

/** How large a dataset is, without rows that were read to be the validation set. */
export function sizeOf({ rows, validationRows = 0, inputNames, targetNames, classNames }: Dataset): DatasetSize {
  return { rows: rows - validationRows, inputs: inputNames.length, outputs: (classNames ?? targetNames).length };
}

async function readFile(
  parsed: ParsedConfig,
  { dataset, loss }: Config,
  file: DataSourceFile | undefined,
  watch: ReadWatch,
  { shares, finely }: { shares: boolean; finely: boolean },
): Promise<ReadDataset> {
  if (!('file' in dataset) || !file) return { problems: checkConfig(parsed, 'missing') };
  const { inputs, targets, one_hot: oneHot, sample_weight: sampleWeight, missing } = dataset;
  const kind = targetKind({ loss });
  const options = {
    ...(inputs && { inputs }),
    ...(targets && { targets }),
    ...(oneHot && { oneHot }),
    ...(sampleWeight !== undefined && { sampleWeight }),
    missing,
    classes: kind === 'classes',
    probabilities: kind === 'probabilities',
    shares,
    scaled: { inputs: dataset.scale !== 'none', targets: dataset.scale_targets !== 'none' },
  };
  const readOptions = { ...readOptionsOf(dataset), ...readNeeds(options), ...(finely && { scaled: true }) };
  const result = await readTable(file.content, file.name, readOptions, watch);
  if (!result.table) return { problems: capProblems(result.problems, result.unlisted) };
  const misfits = checkConfig(parsed, describeTable(result.table));
  // What was left out of the file may be why nothing is left to train on.
  if (hasErrors(misfits)) return { problems: [...misfits, ...capProblems(result.problems, result.unlisted)] };
  const { plan, problems } = planDataset(result, options);
  if (!plan) return { problems: [...idleKeys(parsed, dataset, file), ...problems] };
  const validation = await readValidation(parsed, { dataset, file: file.validation, plan, readOptions }, watch);
  const all = [...idleKeys(parsed, dataset, file), ...problems, ...validation.problems];
  return hasErrors(all) ? { problems: all } : { dataset: plannedDataset(plan, validation.part), problems: all };
}

/** Notes on keys that a file's format has no use for. */
export function idleKeys(
  { source }: ParsedConfig,
  dataset: FileConfig,
  { name, validation }: DataSourceFile,
): Problem[] {
  if (isDelimited(name) || (typeof validation === 'object' && isDelimited(validation.name))) return [];
  return delimitedKeys.flatMap((key) => {
    if (dataset[key] === undefined) return [];
    const message = `dataset.${key} is for delimited text; ${JSON.stringify(dataset.file)} is read without it`;
    return [source.problemAt(['dataset', key], { message, severity: 'information', code: 'idle-key' })];
  });
}

function makeDataset(parsed: ParsedConfig, { dataset: source, loss: written }: Config): ReadDataset {
  const problems = checkConfig(parsed);
  if (hasErrors(problems) || 'file' in source) return { problems };
  const dataset = buildDataset(source);
  const loss = lossName(written);
  const targets = 'values' in source ? Float64Array.from(source.values.targets.flat()) : dataset.targets;
  const classes = losses[loss].targets === 'classes' ? classTargets(targets) : undefined;
  const fault = 'generate' in source ? targetFault(dataset, loss, classes?.classNames.length) : undefined;
  if (fault !== undefined) {
    const message = `dataset.generate ${fault}`;
    return { problems: [parsed.source.problemAt(['dataset', 'generate'], { message, code: 'targets' })] };
  }
  if (classes && dataset.exact) dataset.exact = { ...dataset.exact, targets: new Map() };
  return { dataset: { ...dataset, ...classes }, problems: [...problems, ...roundingNotes(parsed, source, dataset)] };
}

/** Notes on columns of the config's own values that float32 rounds visibly. */
function roundingNotes({ source }: ParsedConfig, { scale, scale_targets }: DatasetConfig, dataset: Dataset): Problem[] {
  const parts = [
    { of: 'inputs', key: 'dataset.scale', rule: scale, names: dataset.inputNames },
    { of: 'targets', key: 'dataset.scale_targets', rule: scale_targets, names: dataset.targetNames },
  ] as const;
  return parts.flatMap(({ of, key, rule, names }) =>
    [...(dataset.exact?.[of] ?? [])].flatMap(([column, numbers]) => {
      const message = rule === 'none' ? roundingMessage(names[column], numbers, key) : undefined;
      if (message === undefined) return [];
      return [source.problemAt(['dataset', 'values', of], { message, severity: 'information', code: 'rounded' })];
    }),
  );
}

/** What keeps generated targets from fitting the loss. */
function targetFault({ targets }: Dataset, loss: LossName, classes: number | undefined): string | undefined {
  const kind = losses[loss].targets;
  if (kind === 'classes') {
    if (classes === undefined) return `makes more than ${maxClasses} different targets, too many to be classes`;
    return classes < 2 ? `makes the same target in every row; ${loss} needs at least two classes` : undefined;
  }
  if (kind !== 'probabilities') return undefined;
  const wrong = targets.find((target) => target < 0 || target > 1);
  if (wrong === undefined) return undefined;
  return `makes targets beyond 0 to 1, such as ${formatRounded(wrong, 4)}, which ${loss} does not take`;
}
