import type { Loss } from '../nn/losses';
import { convexOptimum } from './optimum';
import { forBlocks, TableRows, type RowSource } from './rowSource';

/** Rows that have each of two values at least, so that this is no accident. */
const leastRows = 2;

/** The two values of a column of targets, the smaller first; undefined where it has others, or one of them hardly ever. */
export function twoLevels(targets: RowSource): [number, number] | undefined {
  const counts = new Map<number, number>();
  const block = new Float64Array(1);
  for (let row = 0; row < targets.rows; row++) {
    targets.read(row, row + 1, block, 1, 1);
    counts.set(block[0], (counts.get(block[0]) ?? 0) + 1);
    if (counts.size > 2) return undefined;
  }
  if (counts.size < 2 || Math.min(...counts.values()) < leastRows) return undefined;
  const [a, b] = counts.keys();
  return a < b ? [a, b] : [b, a];
}

/** The smallest loss of outputs that are the same in all rows, of a loss of classes or probabilities. `weights`: of the rows. */
export function sameForAll(
  targets: RowSource,
  loss: Loss,
  outputs: number,
  weights?: Float64Array,
): number | undefined {
  if (!loss.options && !weights) return entropy(targets, loss, outputs);
  const rows = new Uint32Array(targets.rows);
  const source = new TableRows({ values: new Float64Array(0), width: 0, rows, ones: true });
  const found = convexOptimum({ source, targets, loss, outputs, ...(weights && { weights }) }, {});
  return 'reason' in found ? undefined : found.loss;
}

/** That of a loss without keyword arguments. */
function entropy(targets: RowSource, loss: Loss, outputs: number): number {
  const sums = new Float64Array(outputs);
  const block = new Float64Array(targets.columns);
  const isClass = loss.targets === 'classes';
  for (let row = 0; row < targets.rows; row++) {
    targets.read(row, row + 1, block, targets.columns, 1);
    if (isClass) sums[block[0]]++;
    else block.forEach((value, i) => (sums[i] += value));
  }
  const shares = sums.map((sum) => sum / targets.rows);
  if (isClass) return -shares.reduce((sum, share) => sum + weighted(share), 0);
  return -shares.reduce((sum, share) => sum + weighted(share) + weighted(1 - share), 0) / outputs;
}

function weighted(share: number): number {
  return share > 0 ? share * Math.log(share) : 0;
}

/** The largest target, signs aside. */
export function largestOf(targets: RowSource): number {
  let largest = 0;
  forBlocks(targets, (block, rows) => {
    for (let i = 0; i < rows * targets.columns; i++) largest = Math.max(largest, Math.abs(block[i]));
  });
  return largest;
}

/** The mean square of the targets about their means. `weights`: of the rows, where they count differently. */
export function meanSquareAboutMeans(targets: RowSource, weights?: Float64Array): number {
  const { rows, columns } = targets;
  const block = new Float64Array(columns);
  const [mean, squares] = [new Float64Array(columns), new Float64Array(columns)];
  let total = 0;
  for (let row = 0; row < rows; row++) {
    targets.read(row, row + 1, block, columns, 1);
    const weight = weights?.[row] ?? 1;
    if (weight === 0) continue;
    total += weight;
    // Welford's update, because the mean of squares minus the square of the mean loses digits.
    block.forEach((value, i) => {
      const distance = value - mean[i];
      mean[i] += (distance * weight) / total;
      squares[i] += weight * distance * (value - mean[i]);
    });
  }
  return squares.reduce((sum, value) => sum + value, 0) / (total * columns);
}
