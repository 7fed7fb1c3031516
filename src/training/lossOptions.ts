import { givenOptions, lossName, type Config } from '../config/schema';
import type { Dataset } from '../engine/dataset';
import { losses, type LossOptions } from '../engine/nn/losses';

/** The keyword arguments of a config's loss that are not PyTorch's defaults, with the weights of balanced classes as numbers. */
export function lossOptions({ loss }: Pick<Config, 'loss'>, dataset: Dataset, trainRows: Uint32Array): LossOptions {
  const { weight, ...given } = givenOptions(loss);
  if (weight === undefined) return given;
  const weights = weight === 'balanced' ? balancedWeights(classCounts(dataset, trainRows)) : (weight as number[]);
  return { ...given, weight: weights };
}

/** Why the classes of the training rows cannot be balanced; undefined where they can, or need not. */
export function balanceObstacle(config: Config, dataset: Dataset, trainRows: Uint32Array): string | undefined {
  const { loss } = config;
  if (typeof loss === 'string' || !('weight' in loss) || loss.weight !== 'balanced') return undefined;
  const empty = classCounts(dataset, trainRows).indexOf(0);
  if (empty < 0) return undefined;
  const name = JSON.stringify(dataset.classNames![empty]);
  return `loss.weight is "balanced", but class ${name} has no row to train on; split the rows in another way or write the weights`;
}

/** Training rows of each class. */
function classCounts({ classNames = [], targets }: Dataset, trainRows: Uint32Array): number[] {
  const counts = classNames.map(() => 0);
  for (const row of trainRows) counts[targets[row]]++;
  return counts;
}

/** As scikit-learn's `compute_class_weight("balanced")`. */
function balancedWeights(counts: number[]): number[] {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => rows / (counts.length * count));
}

/** What the targets of a config's loss stand for. */
export function targetKind({ loss }: Pick<Config, 'loss'>) {
  return losses[lossName(loss)].targets;
}
