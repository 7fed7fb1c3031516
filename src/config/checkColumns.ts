import type { JSONPath } from 'jsonc-parser';
import type { Problem } from '../base/problem';
import { informativeColumns } from '../base/inputColumns';
import { takesClasses } from './checkLoss';
import type { KnownColumn, KnownDataset } from './knownDataset';
import type { FileConfig, LossName } from './schema';
import { pathName, type SourceMap } from './sourceMap';
import { didYouMean, nearestWord, quotedList } from './words';

const maxNamed = 8;
/** Different values up to which a column can be taken as one input for each. */
const maxCategories = 100;
const classesAdvice = 'set loss to "cross_entropy" to predict its classes';

/** The columns that a config names or takes by default; those of `one_hot` are among the inputs. */
export function defaultColumns(
  dataset: Pick<FileConfig, 'inputs' | 'targets' | 'one_hot' | 'sample_weight'>,
  { columns, rows }: KnownDataset,
) {
  const oneHot = dataset.one_hot ?? [];
  const [ofCategories, namedInputs] = [new Set(oneHot), new Set(dataset.inputs)];
  const candidates = columns.filter(
    (column) => column.candidate && !ofCategories.has(column.name) && column.name !== dataset.sample_weight,
  );
  const names = candidates.map((column) => column.name);
  const targets = dataset.targets ?? names.filter((name) => !namedInputs.has(name)).slice(-1);
  const ofTargets = new Set(targets);
  const others = candidates.filter((column) => !ofTargets.has(column.name));
  const inputs =
    dataset.inputs ??
    informativeColumns(others, rows, { others: oneHot.length > 0, targets }).map((column) => column.name);
  const known = new Set(inputs);
  return { candidates: names, targets, inputs: [...inputs, ...oneHot.filter((name) => !known.has(name))] };
}

/**
 * Whether the columns that a config names (or takes by default) can be used, and which ones they are. `loss` is undefined
 * where it cannot be read.
 */
export function checkColumns(dataset: FileConfig, known: KnownDataset, source: SourceMap, loss: LossName | undefined) {
  const mayBeText = loss === undefined || takesClasses(loss);
  const { candidates, targets, inputs } = defaultColumns(dataset, known);
  const oneHot = dataset.one_hot ?? [];
  const plain = (dataset.inputs ?? []).map((name) => (oneHot.includes(name) ? undefined : name));
  const problems = [
    ...checkNames(plain, ['dataset', 'inputs'], known, source, inputFault),
    ...checkNames(dataset.targets ?? [], ['dataset', 'targets'], known, source, mayBeText ? undefined : targetFault),
    ...checkNames(oneHot, ['dataset', 'one_hot'], known, source, undefined),
    ...checkWeightColumn(dataset, known, source),
    ...checkNames(dataset.parse_dates ?? [], ['dataset', 'parse_dates'], known, source, undefined),
    ...checkOverlap(dataset, source),
    ...checkCategories(oneHot, known, source),
  ];
  if (problems.length > 0) return { problems, inputs, targets };
  const report = (message: string, faultOf = inputFault) =>
    problems.push(
      source.problemAt(['dataset', 'file'], { message: message + numbersHint(known, faultOf), code: 'no-column' }),
    );
  if (candidates.length === 0 && inputs.length === 0)
    report(`${JSON.stringify(dataset.file)} has no column of numbers`);
  else if (targets.length === 0) {
    report('no number column is left to be the target; name it in dataset.targets', targetFault);
  } else if (inputs.length === 0) {
    const start = `no number column is left to be an input beside ${quotedList(targets, 'and')}`;
    const classes = dataset.targets ? undefined : onlyCategories(known);
    if (classes === undefined) report(`${start}; name others in dataset.targets`);
    else
      problems.push(
        source.problemAt(['dataset', 'file'], { message: start + twoWays(targets[0], classes), code: 'no-column' }),
      );
  }
  return { problems, inputs, targets };
}

/** The name of the one column of text, where it holds few different values. */
function onlyCategories({ columns }: KnownDataset): string | undefined {
  const [column, ...others] = columns.filter(({ type }) => type === 'text');
  return others.length === 0 && column?.text?.advice?.includes('dataset.one_hot') ? column.name : undefined;
}

/** What a column of numbers and one of names can be taken for; the names are likelier to be the target. */
function twoWays(number: string, name: string): string {
  const [numbers, names] = [JSON.stringify(number), JSON.stringify(name)];
  return `; to predict ${names} from ${numbers}, set dataset.targets to [${names}] and loss to "cross_entropy"; to predict ${numbers} from ${names}, set dataset.one_hot to [${names}]`;
}

/** Where numbers are wanted: that a column nearly holds some. */
function numbersHint({ columns }: KnownDataset, faultOf: (column: KnownColumn) => string): string {
  const texts = columns.filter(({ type }) => type === 'text');
  // What a key can mend is worth more than what has to be written anew.
  const hasKey = ({ text }: KnownColumn) => text?.advice?.includes('dataset.') === true;
  const near =
    texts.find((column) => hasKey(column) && column.text?.likeNumbers) ??
    texts.find(hasKey) ??
    texts.find(({ text }) => text?.likeNumbers);
  if (near) return `. Column ${JSON.stringify(near.name)} ${faultOf(near)}`;
  if (texts.length > 0 && texts.every(({ text }) => text?.what === 'is empty'))
    return '. Every cell below the names is empty';
  return texts.length > 0 ? `. Column ${JSON.stringify(texts[0].name)} ${faultOf(texts[0])}` : '';
}

/** What keeps a column of text from being an input. */
function inputFault({ text }: KnownColumn): string {
  return [text?.what ?? 'holds text', text?.advice].filter(Boolean).join('; ');
}

/** What keeps a column of text from being a target. */
function targetFault({ text }: KnownColumn): string {
  return text?.likeNumbers ? `${text.what}; ${text.advice}` : `holds text; ${classesAdvice}`;
}

/** `textFault` says what is wrong with a column of text; left out where text is right. */
function checkNames(
  names: (string | undefined)[],
  path: JSONPath,
  known: KnownDataset,
  source: SourceMap,
  textFault: ((column: KnownColumn) => string) | undefined,
): Problem[] {
  const columns = columnsByName(known);
  return names.flatMap((name, i) => {
    if (name === undefined) return [];
    const column = columns.get(name);
    const place = [...path, i];
    if (!column) return [unknownColumn(name, place, known, source)];
    if (column.type === 'number' || textFault === undefined) return [];
    const message = `${pathName(place)}: column ${JSON.stringify(name)} ${textFault(column)}`;
    return [source.problemAt(place, { message, code: 'not-numeric' })];
  });
}

/** A file can have a hundred thousand columns, and a config can name them all. */
function columnsByName({ columns }: KnownDataset): ReadonlyMap<string, KnownColumn> {
  return new Map(columns.map((column) => [column.name, column]));
}

function unknownColumn(name: string, path: JSONPath, known: KnownDataset, source: SourceMap): Problem {
  const names = known.columns.map((column) => column.name);
  const near = nearestWord(name, names);
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : '';
  const listed = names.slice(0, maxNamed).map((one) => JSON.stringify(one));
  const advice = near === undefined ? `; its columns are ${listed.join(', ')}${more}` : didYouMean(near);
  const message = `${pathName(path)}: the file has no column ${JSON.stringify(name)}${advice}`;
  const suggestion = near === undefined ? {} : { suggestion: JSON.stringify(near) };
  return source.problemAt(path, { message, code: 'unknown-column', ...suggestion });
}

function checkOverlap({ inputs, targets, one_hot }: FileConfig, source: SourceMap): Problem[] {
  const overlap = (names: string[] | undefined, key: 'inputs' | 'one_hot', what: string) =>
    (names ?? []).flatMap((name, i) => {
      if (!targets?.includes(name)) return [];
      const message = `column ${JSON.stringify(name)} is both ${what} and a target; the model would only copy it. Name it in one place`;
      return [source.problemAt(['dataset', key, i], { message, code: 'input-and-target' })];
    });
  return [...overlap(inputs, 'inputs', 'an input'), ...overlap(one_hot, 'one_hot', 'an input of dataset.one_hot')];
}

/** A column of weights holds numbers, and is nothing else. */
function checkWeightColumn(
  { sample_weight: name, ...dataset }: FileConfig,
  known: KnownDataset,
  source: SourceMap,
): Problem[] {
  if (name === undefined) return [];
  const path = ['dataset', 'sample_weight'];
  const column = columnsByName(known).get(name);
  if (!column) return [unknownColumn(name, path, known, source)];
  const message = (['inputs', 'targets', 'one_hot'] as const).some((key) => dataset[key]?.includes(name))
    ? `column ${JSON.stringify(name)} holds the weights of rows, so it can be neither input nor target; name it in one place`
    : column.type === 'text'
      ? `dataset.sample_weight: column ${JSON.stringify(name)} ${inputFault(column)}`
      : undefined;
  return message === undefined ? [] : [source.problemAt(path, { message, code: 'sample-weight' })];
}

/** Columns of `one_hot` with too many different values. A summary counts no further than it has to. */
function checkCategories(names: string[], known: KnownDataset, source: SourceMap): Problem[] {
  const columns = columnsByName(known);
  return names.flatMap((name, i) => {
    const column = columns.get(name);
    if (!column || (column.distinct !== undefined && column.distinct <= maxCategories)) return [];
    const message = `column ${JSON.stringify(name)} has more than ${maxCategories} different values, too many to take each as an input; leave it out of dataset.one_hot`;
    return [source.problemAt(['dataset', 'one_hot', i], { message, code: 'categories' })];
  });
}
