import type { JSONPath } from 'jsonc-parser';
import { maxClasses, classTargets } from '../engine/data/classes';
import { arange } from '../engine/data/generate';
import { losses, type LossName } from '../engine/nn/losses';
import { lossName, type LossConfig } from './keys/lossSchema';
import type { Numbers } from '../engine/numbers';
import { linearTargets } from './datasetSchema';
import type { ArangeConfig, Config, DatasetConfig, FileConfig } from './schema';
import { pathName, type Finding, type Report } from './sourceMap';
import { counted } from './words';

/** Where the targets of a config stand, and what is known of their numbers. */
interface WrittenTargets {
  path: JSONPath;
  /** Target columns. */
  width: number;
  rows: number;
  /** The numbers, row by row; absent where there are too many to be looked at, or they are still to be drawn. */
  values?: Numbers;
}

/** What the loss asks of the targets, as far as the config itself shows them. */
export function checkLoss({ loss: written, dataset }: Partial<Config>, report: Report): void {
  if (!dataset || !written) return;
  const loss = lossName(written);
  const { targets } = losses[loss];
  if (targets === 'numbers') return;
  if (dataset.scale_targets !== 'none') {
    const message = `dataset.scale_targets has no place with ${loss}: its targets are ${targets}; set it to "none"`;
    report(['dataset', 'scale_targets'], { message, code: 'scale', suggestion: '"none"' });
  }
  if (targets === 'classes') checkClasses(loss, dataset, report);
  else if ('values' in dataset) checkProbabilities(loss, dataset.values.targets, report);
  else if ('generate' in dataset && dataset.generate === 'arange') checkRange(loss, dataset.targets, report);
}

/** Whether targets of a loss are classes. */
export function takesClasses(loss: LossConfig | undefined): boolean {
  return loss !== undefined && losses[lossName(loss)].targets === 'classes';
}

/** How many classes a dataset has, as far as the config shows it. */
export function classCount(dataset: Exclude<DatasetConfig, FileConfig>): number | undefined {
  const { values } = writtenTargets(dataset);
  return values && classTargets(values)?.classNames.length;
}

function checkClasses(loss: LossName, dataset: DatasetConfig, report: Report): void {
  if ('file' in dataset) {
    const given = dataset.targets?.length ?? 1;
    if (given > 1) report(['dataset', 'targets'], oneTarget(loss, given));
    return;
  }
  const { path, width, rows, values } = writtenTargets(dataset);
  if (width > 1) return report(path, oneTarget(loss, width));
  const classes = values ? classTargets(values)?.classNames : undefined;
  const finding = { code: 'classes' };
  if (classes?.length === 1) {
    const message = `${pathName(path)} holds only one class, ${classes[0]}; ${loss} needs at least two`;
    report(path, { message, ...finding });
  } else if (values && !classes) {
    const message = `${pathName(path)} holds more than ${maxClasses} different values in ${counted(rows, 'row')}, too many to be classes`;
    report(path, { message, ...finding });
  }
}

function writtenTargets(dataset: Exclude<DatasetConfig, FileConfig>): WrittenTargets {
  if ('values' in dataset) {
    const { targets } = dataset.values;
    const values = Float64Array.from(targets.flat());
    return { path: ['dataset', 'values', 'targets'], width: targets[0].length, rows: targets.length, values };
  }
  if (dataset.generate === 'linear') {
    const path = ['dataset', Array.isArray(dataset.weight?.[0]) ? 'weight' : 'bias'];
    return { path, width: linearTargets(dataset), rows: dataset.samples };
  }
  if (dataset.generate !== 'arange') {
    const values = dataset.generate === 'curve' ? {} : { values: Float64Array.of(0, 1) };
    return { path: ['dataset', 'generate'], width: 1, rows: dataset.samples, ...values };
  }
  const { start, step, shape } = dataset.targets;
  // Enough of them to tell that they are too many.
  const looked = Math.min(shape[0] * shape[1], maxClasses + 1);
  const values = arange(start, start + step * (looked - 0.5), step);
  return { path: ['dataset', 'targets', 'shape'], width: shape[1], rows: shape[0], values };
}

function oneTarget(loss: LossName, given: number): Finding {
  const message = `${loss} takes one target column, whose values are the classes, got ${given}`;
  return { message, code: 'classes' };
}

/** Names the first few of the numbers that are no probabilities. */
function checkProbabilities(loss: LossName, targets: number[][], report: Report): void {
  const wrong = targets.flatMap((row, i) =>
    row.map((value, j) => ({ value, at: [i, j] })).filter(({ value }) => value < 0 || value > 1),
  );
  wrong.slice(0, maxNamed).forEach(({ value, at }, i) => {
    const path = ['dataset', 'values', 'targets', ...at];
    const rest = i === maxNamed - 1 ? wrong.length - maxNamed : 0;
    report(
      path,
      improbable(loss, `${pathName(path)} must be`, rest > 0 ? `${value} (and ${rest} more like it)` : `${value}`),
    );
  });
}

function checkRange(loss: LossName, { start, step, shape }: ArangeConfig['targets'], report: Report): void {
  const last = start + step * (shape[0] * shape[1] - 1);
  if (Math.min(start, last) >= 0 && Math.max(start, last) <= 1) return;
  report(['dataset', 'targets'], improbable(loss, 'dataset.targets must hold numbers', `${start} to ${last}`));
}

function improbable(loss: LossName, subject: string, got: string): Finding {
  const message = `${subject} from 0 to 1 for ${loss}, got ${got}; write 0 and 1, or set loss to "cross_entropy" if its values are classes`;
  return { message, code: 'not-a-probability' };
}

const maxNamed = 10;
