import type { Dataset } from '../../engine/dataset';
import { rowsAt } from '../../training/exactRows';
import { ownInputs } from '../scriptColumns';
import { csvLine } from '../tables/delimitedText';
import { utf8Bytes } from '../../base/utf8';

/** Numbers in one shard at most: some tens of megabytes as text. */
const shardNumbers = 2_000_000;

/** A file of consecutive rows of a dataset. */
export interface Shard {
  /** Its place in the folder. By their names, shards have the order of their rows. */
  name: string;
  /** Its first row. */
  first: number;
  rows: number;
}

/**
 * The files that a dataset is cut into: at least one of its own rows, and apart from these the rows of a validation file.
 * @param most numbers in one of them
 */
export function shardsOf(dataset: Dataset, most = shardNumbers): Shard[] {
  const { inputNames, targetNames, validationRows = 0 } = dataset;
  const length = Math.max(1, Math.floor(most / (inputNames.length + targetNames.length)));
  const train = dataset.rows - validationRows;
  return [...cut('data', 0, train, length), ...cut('validation', train, dataset.rows, length)];
}

function cut(folder: string, first: number, end: number, length: number): Shard[] {
  return Array.from({ length: Math.ceil((end - first) / length) }, (_, shard) => {
    const start = first + shard * length;
    const name = `${folder}/rows-${String(shard).padStart(5, '0')}.csv`;
    return { name, first: start, rows: Math.min(length, end - start) };
  });
}

/**
 * A stretch of rows as csv: inputs and targets in their columns' own units, in digits that read back to the same numbers; a
 * class as its number; what each row counts last; without products of inputs, which the script makes.
 */
export function writeShard(dataset: Dataset, { first, rows: count }: Shard): Uint8Array {
  const { inputNames, targetNames, sampleWeight } = dataset;
  const own = ownInputs(dataset);
  const rows = Uint32Array.from({ length: count }, (_, i) => first + i);
  const [inputs, targets] = [inputNames.length, targetNames.length];
  const [x, y] = [rowsAt(dataset, 'inputs', inputs, rows), rowsAt(dataset, 'targets', targets, rows)];
  const lines = [
    csvLine([...inputNames.slice(0, own), ...targetNames, ...(sampleWeight ? [weightColumn(dataset)] : [])]),
  ];
  for (let row = 0; row < count; row++) {
    const cells = [...x.subarray(row * inputs, row * inputs + own), ...y.subarray(row * targets, (row + 1) * targets)];
    if (sampleWeight) cells.push(sampleWeight.values[first + row]);
    lines.push(cells.map(shortest).join(','));
  }
  return utf8Bytes(lines.join('\n') + '\n');
}

/** What the column of a shard is called that says what each row counts: one that is also an input stands there twice. */
export function weightColumn({ inputNames, targetNames, sampleWeight }: Dataset): string {
  const names = new Set([...inputNames, ...targetNames]);
  let name = sampleWeight!.column;
  while (names.has(name)) name += ' (weight)';
  return name;
}

/** In few digits where these name the same float32. */
function shortest(value: number): string {
  const short = Number(value.toPrecision(7));
  return String(value === Math.fround(value) && Math.fround(short) === value ? short : value);
}
