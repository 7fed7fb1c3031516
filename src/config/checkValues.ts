import type { JSONPath } from 'jsonc-parser';
import type { Problem } from '../base/problem';
import { checkLoss } from './checkLoss';
import { checkEarlyStopping } from './checkEarlyStopping';
import { checkModel } from './checkModel';
import { checkScheduler } from './checkScheduler';
import { checkRagged } from './checkRagged';
import { linearTargets } from './datasetSchema';
import { maxGenerated } from './keys/generatedSchema';
import type {
  ArangeConfig,
  Config,
  FileConfig,
  LinearConfig,
  OptimizerConfig,
  SGDConfig,
  SplitConfig,
  ValuesConfig,
} from './schema';
import { lossName } from './keys/lossSchema';
import { pathName, type Report, type SourceMap } from './sourceMap';
import { arangeLength } from '../engine/data/generate';
import { isFractions, splitParts, type Split } from '../engine/data/randomSplit';
import { counted } from './words';

/** What the values of a config must be to one another: shapes, counts, sums. Looks at whatever keys there are. */
export function checkValues(draft: Partial<Config>, source: SourceMap): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, finding) => problems.push(source.problemAt(path, finding));
  const { dataset, split, model, optimizer } = draft;
  if (dataset && 'values' in dataset) checkTables(dataset.values, report);
  else if (dataset && 'generate' in dataset && dataset.generate === 'arange') checkArange(dataset, report);
  else if (dataset && 'generate' in dataset && dataset.generate === 'linear') checkLinear(dataset, report);
  else if (dataset && 'file' in dataset) {
    checkNotation(dataset, report);
    checkOrigin(dataset, report);
    if (split) checkValidationFile(dataset, report);
  }
  if (split && 'folds' in split) checkFold(split, report);
  else if (split) checkSplit(split, report);
  if (model) checkModel(model, draft.loss && lossName(draft.loss), report);
  if (optimizer?.type === 'SGD' && optimizer.nesterov) checkNesterov(optimizer, report);
  if (optimizer?.type === 'Rprop') checkRprop(optimizer, report);
  checkScheduler(draft, report);
  checkEarlyStopping(draft, report);
  // Whether numbers fit the loss can be asked once there are as many as there should be.
  if (problems.length === 0) checkLoss(draft, report);
  return problems;
}

function checkArange(dataset: ArangeConfig, report: Report): void {
  const fits = [checkArangePart(dataset, 'inputs', report), checkArangePart(dataset, 'targets', report)];
  const [inputRows, targetRows] = [dataset.inputs.shape[0], dataset.targets.shape[0]];
  if (fits.includes(false) || inputRows === targetRows) return;
  const message = `dataset.targets.shape has ${counted(targetRows, 'row')}, but dataset.inputs.shape has ${inputRows}; they must be equal`;
  report(['dataset', 'targets', 'shape'], { message, code: 'shape' });
}

function checkArangePart(dataset: ArangeConfig, part: 'inputs' | 'targets', report: Report): boolean {
  const { start, stop, step, shape } = dataset[part];
  const path = ['dataset', part];
  if (step === 0) {
    report([...path, 'step'], { message: `${pathName(path)}.step must not be 0`, code: 'out-of-range' });
    return false;
  }
  const length = arangeLength(start, stop, step);
  const held = shape[0] * shape[1];
  const made = `np.arange(${start}, ${stop}, ${step}) makes ${length}`;
  if (held > maxGenerated || length > maxGenerated) {
    tooMany([...path, 'shape'], Math.max(held, length), report);
    return false;
  }
  if (held === length) return true;
  const fit = length > 0 && length % shape[1] === 0 ? { suggestion: `[${length / shape[1]}, ${shape[1]}]` } : {};
  const advice = 'suggestion' in fit ? `; write ${fit.suggestion}, or change stop` : '; change shape or stop';
  const message = `${pathName(path)}.shape [${shape.join(', ')}] holds ${held} values, but ${made}${advice}`;
  report([...path, 'shape'], { message, code: 'shape', ...fit });
  return false;
}

function checkLinear(dataset: LinearConfig, report: Report): void {
  const { samples, features, weight, bias } = dataset;
  const targets = linearTargets(dataset);
  if (samples * (features + targets) > maxGenerated) {
    tooMany(['dataset', 'samples'], samples * (features + targets), report);
  }
  const lists = weight === undefined ? [] : Array.isArray(weight[0]) ? (weight as number[][]) : [weight as number[]];
  lists.forEach((list, i) => {
    if (list.length === features) return;
    const path = ['dataset', 'weight', ...(lists[0] === weight ? [] : [i])];
    const message = `${pathName(path)} must have one number for each of the ${features} features, got ${list.length}`;
    report(path, { message, code: 'shape' });
  });
  const given = Array.isArray(bias) ? bias.length : 1;
  if (bias !== undefined && given !== targets && given !== 1) {
    const message = `dataset.bias must be a number or one for each of the ${targets} targets in dataset.weight, got ${given}`;
    report(['dataset', 'bias'], { message, code: 'shape' });
  } else if (weight !== undefined && lists[0] === weight && targets > 1) {
    const message = `dataset.weight must have one list for each of the ${targets} targets in dataset.bias`;
    report(['dataset', 'weight'], { message, code: 'shape' });
  }
}

function checkTables({ inputs, targets }: ValuesConfig['values'], report: Report): void {
  checkRagged(inputs, ['dataset', 'values', 'inputs'], report);
  checkRagged(targets, ['dataset', 'values', 'targets'], report);
  if (inputs.length === targets.length) return;
  const message = `dataset.values.targets has ${counted(targets.length, 'row')}, but dataset.values.inputs has ${inputs.length}; they must be equal`;
  report(['dataset', 'values', 'targets'], { message, code: 'shape' });
}

function checkOrigin({ date_origin: origin }: FileConfig, report: Report): void {
  if (origin === undefined) return;
  const day = new Date(`${origin}T00:00:00Z`);
  if (/^\d{4}-\d\d-\d\d$/.test(origin) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(origin)) return;
  const message = `dataset.date_origin must be a day as in "2023-01-31", got ${JSON.stringify(origin)}`;
  report(['dataset', 'date_origin'], { message, code: 'date' });
}

/** Characters that cannot tell cells or digits apart, and pairs of keys that take the same one. */
function checkNotation({ delimiter: written, decimal, thousands, comment }: FileConfig, report: Report): void {
  const delimiter = written === 'whitespace' || written === '\\s+' ? undefined : written;
  if (delimiter !== undefined && delimiter.length !== 1) {
    const message = `dataset.delimiter must be one character, or "whitespace" for runs of blanks and tabs, got ${JSON.stringify(delimiter)}`;
    return report(['dataset', 'delimiter'], { message, code: 'notation' });
  }
  for (const [key, value] of Object.entries({ delimiter, thousands, comment })) {
    if (value === undefined || !/["\r\n\d+a-z-]/i.test(value)) continue;
    const message = `dataset.${key} cannot be ${JSON.stringify(value)}, which is part of numbers, names or lines`;
    report(['dataset', key], { message, code: 'notation' });
  }
  const pairs = [
    ['delimiter', delimiter, 'decimal', decimal ?? '.'],
    ['thousands', thousands, 'delimiter', delimiter],
    ['thousands', thousands, 'decimal', decimal],
    ['comment', comment, 'delimiter', delimiter],
  ] as const;
  for (const [key, value, other, taken] of pairs) {
    if (value === undefined || value !== taken) continue;
    const message = `dataset.${key} and dataset.${other} are both ${JSON.stringify(value)}; a cell could not be told from a number`;
    report(['dataset', key], { message, code: 'notation' });
  }
}

function checkSplit(written: Split, report: Report): void {
  const { lengths: split } = splitParts(written);
  const path = 'lengths' in written ? ['split', 'lengths'] : ['split'];
  if (isFractions(split) || (split.every(Number.isInteger) && split[0] + split[1] > 0)) return;
  const whole = split.every((part) => part >= 1 || part === 0);
  const sum = split[0] + split[1];
  const what = whole ? '' : `; these add up to ${Number(sum.toPrecision(12))}`;
  const message = `split must be two whole numbers of rows, or two fractions that add up to 1, got [${split.join(', ')}]${what}`;
  const complement =
    split[0] > 0 && split[0] < 1 ? { suggestion: `[${split[0]}, ${Number((1 - split[0]).toFixed(12))}]` } : {};
  report(path, { message, code: 'split', ...complement });
}

/** A validation set comes from one place. */
function checkValidationFile({ validation_file: file }: FileConfig, report: Report): void {
  if (file === undefined) return;
  const message = `split and dataset.validation_file both make a validation set; leave out split to take the rows of ${JSON.stringify(file)}, or dataset.validation_file to hold out rows of dataset.file`;
  report(['dataset', 'validation_file'], { message, code: 'validation' });
}

function checkFold({ folds, fold }: Extract<SplitConfig, { folds: number }>, report: Report): void {
  if (fold < folds) return;
  const message = `split.fold must be from 0 to ${folds - 1} with ${folds} folds, got ${fold}`;
  report(['split', 'fold'], { message, code: 'split', suggestion: String(folds - 1) });
}

/** As PyTorch does, in its words. */
function checkNesterov({ momentum, dampening }: SGDConfig, report: Report): void {
  if (momentum > 0 && dampening === 0) return;
  const message = 'optimizer.nesterov: Nesterov momentum requires a momentum and zero dampening';
  const advice = momentum > 0 ? 'set optimizer.dampening to 0' : 'set optimizer.momentum above 0, for instance to 0.9';
  report(['optimizer', 'nesterov'], { message: `${message}; ${advice}`, code: 'nesterov' });
}

/** As PyTorch asks for them. */
function checkRprop({ etas, step_sizes: sizes }: Extract<OptimizerConfig, { type: 'Rprop' }>, report: Report): void {
  if (!(etas[0] < 1 && etas[1] > 1)) {
    const message = `optimizer.etas must be a number below 1 and one above 1, got [${etas.join(', ')}]`;
    report(['optimizer', 'etas'], { message, code: 'out-of-range', suggestion: '[0.5, 1.2]' });
  }
  if (sizes[0] <= sizes[1]) return;
  const message = `optimizer.step_sizes must be the shortest and the longest step, got [${sizes.join(', ')}]`;
  report(['optimizer', 'step_sizes'], { message, code: 'out-of-range', suggestion: `[${sizes[1]}, ${sizes[0]}]` });
}

function tooMany(path: JSONPath, amount: number, report: Report): void {
  const message = `${pathName(path)} asks for ${amount} numbers; at most ${maxGenerated} (1 GB) can be made`;
  report(path, { message, code: 'out-of-range' });
}
