import type { Dataset } from '../../engine/dataset';
import { rowsAt } from '../../training/exactRows';
import { ownInputs } from '../scriptColumns';
import { csvLine } from '../tables/delimitedText';
import { utf8Bytes } from '../tables/utf8';

/** Numbers in one shard at most: some tens of megabytes as text. */
const shardNumbers = 2_000_000;

/** How many rows a shard has; the last one may have fewer. */
function shardRows({ inputNames, targetNames }: Dataset, most: number): number {
  return Math.max(1, Math.floor(most / (inputNames.length + targetNames.length)));
}

/** How many shards a dataset is cut into. @param most numbers in one of them. */
export function shardCount(dataset: Dataset, most = shardNumbers): number {
  return Math.max(1, Math.ceil(dataset.rows / shardRows(dataset, most)));
}

/** The name of a shard, by which their order is that of the rows. */
export function shardName(shard: number): string {
  return `data/rows-${String(shard).padStart(5, '0')}.csv`;
}

/**
 * A stretch of rows as csv: inputs and targets in their columns' own units, in digits that read back to the same numbers; a
 * class as its number; without products of inputs, which the script makes. `most` as above.
 */
export function writeShard(dataset: Dataset, shard: number, most = shardNumbers): Uint8Array {
  const { inputNames, targetNames } = dataset;
  const own = ownInputs(dataset);
  const first = shard * shardRows(dataset, most);
  const count = Math.min(shardRows(dataset, most), dataset.rows - first);
  const rows = Uint32Array.from({ length: count }, (_, i) => first + i);
  const [inputs, targets] = [inputNames.length, targetNames.length];
  const [x, y] = [rowsAt(dataset, 'inputs', inputs, rows), rowsAt(dataset, 'targets', targets, rows)];
  const lines = [csvLine([...inputNames.slice(0, own), ...targetNames])];
  for (let row = 0; row < count; row++) {
    const cells = [...x.subarray(row * inputs, row * inputs + own), ...y.subarray(row * targets, (row + 1) * targets)];
    lines.push(cells.map(shortest).join(','));
  }
  return utf8Bytes(lines.join('\n') + '\n');
}

/** In few digits where these name the same float32. */
function shortest(value: number): string {
  const short = Number(value.toPrecision(7));
  return String(value === Math.fround(value) && Math.fround(short) === value ? short : value);
}
