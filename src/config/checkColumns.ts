import type { JSONPath } from 'jsonc-parser';
import type { Problem } from '../problem';
import type { KnownDataset } from './knownDataset';
import type { FileConfig, LossName } from './schema';
import { pathName, type SourceMap } from './sourceMap';
import { didYouMean, nearestWord, quotedList } from './words';

const MAX_NAMED = 8;
const CLASSES_ADVICE = 'set loss to "cross_entropy" to predict its classes';

/**
 * Whether the columns that a config names (or takes by default) can be used, and which ones they are. `loss` is undefined
 * where it cannot be read.
 */
export function checkColumns(dataset: FileConfig, known: KnownDataset, source: SourceMap, loss: LossName | undefined) {
  const mayBeText = loss === undefined || loss === 'cross_entropy';
  const candidates = known.columns.filter((column) => column.candidate).map((column) => column.name);
  const targets = dataset.targets ?? candidates.filter((name) => !dataset.inputs?.includes(name)).slice(-1);
  const inputs = dataset.inputs ?? candidates.filter((name) => !targets.includes(name));
  const problems = [
    ...checkNames(dataset.inputs ?? [], ['dataset', 'inputs'], known, source, 'only columns of numbers can be used'),
    ...checkNames(dataset.targets ?? [], ['dataset', 'targets'], known, source, mayBeText ? undefined : CLASSES_ADVICE),
    ...checkOverlap(dataset, source),
  ];
  if (problems.length > 0) return { problems, inputs, targets };
  const report = (message: string) =>
    problems.push(source.problemAt(['dataset', 'file'], { message, code: 'no-column' }));
  if (candidates.length === 0 && !dataset.inputs) report(`${JSON.stringify(dataset.file)} has no column of numbers`);
  else if (targets.length === 0) report('no number column is left to be the target; name it in dataset.targets');
  else if (inputs.length === 0) {
    report(
      `no number column is left to be an input beside ${quotedList(targets, 'and')}; name others in dataset.targets`,
    );
  }
  return { problems, inputs, targets };
}

/** `textAdvice` is what to do about a column of text; left out where text is right. */
function checkNames(
  names: string[],
  path: JSONPath,
  known: KnownDataset,
  source: SourceMap,
  textAdvice: string | undefined,
): Problem[] {
  return names.flatMap((name, i) => {
    const column = known.columns.find((one) => one.name === name);
    const place = [...path, i];
    if (!column) return [unknownColumn(name, place, known, source)];
    if (column.type === 'number' || textAdvice === undefined) return [];
    const message = `${pathName(place)}: column ${JSON.stringify(name)} holds text; ${textAdvice}`;
    return [source.problemAt(place, { message, code: 'not-numeric' })];
  });
}

function unknownColumn(name: string, path: JSONPath, known: KnownDataset, source: SourceMap): Problem {
  const names = known.columns.map((column) => column.name);
  const near = nearestWord(name, names);
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  const listed = names.slice(0, MAX_NAMED).map((one) => JSON.stringify(one));
  const advice = near === undefined ? `; its columns are ${listed.join(', ')}${more}` : didYouMean(near);
  const message = `${pathName(path)}: the file has no column ${JSON.stringify(name)}${advice}`;
  const suggestion = near === undefined ? {} : { suggestion: JSON.stringify(near) };
  return source.problemAt(path, { message, code: 'unknown-column', ...suggestion });
}

function checkOverlap({ inputs, targets }: FileConfig, source: SourceMap): Problem[] {
  return (inputs ?? []).flatMap((name, i) => {
    if (!targets?.includes(name)) return [];
    const message = `column ${JSON.stringify(name)} is both an input and a target; the model would only copy it. Name it in one place`;
    return [source.problemAt(['dataset', 'inputs', i], { message, code: 'input-and-target' })];
  });
}
