import type { Dataset } from '../dataset';
import type { RepeatedRows } from '../report/dataReport';

/** Rows of the validation set that count, at least, and as a share. */
const leastRows = 3;
const leastShare = 0.01;
/** Rows that would be the same by chance count for this many. */
const chanceWeight = 20;

/**
 * Rows of the validation set that are in the training set too, inputs and targets. Undefined where there are few, or as
 * many as columns of few values make by chance.
 */
export function repeatedRows(
  dataset: Pick<Dataset, 'inputs' | 'targets' | 'inputNames' | 'targetNames'>,
  trainRows: Uint32Array,
  validationRows: Uint32Array,
): RepeatedRows | undefined {
  if (validationRows.length === 0) return undefined;
  const { inputs, targets, inputNames, targetNames } = dataset;
  const tables = [
    { words: wordsOf(inputs), width: inputNames.length },
    { words: wordsOf(targets), width: targetNames.length },
  ];
  const known = new Set(Array.from(trainRows, (row) => rowHash(tables, row)));
  const rows = validationRows.reduce((count, row) => count + (known.has(rowHash(tables, row)) ? 1 : 0), 0);
  if (rows < leastRows || rows < leastShare * validationRows.length) return undefined;
  const alike = chance(inputs, inputNames.length, trainRows) * chance(targets, targetNames.length, trainRows);
  const byChance = alike * trainRows.length * validationRows.length;
  return rows < chanceWeight * byChance ? undefined : { rows, validationRows: validationRows.length };
}

function wordsOf({ buffer, byteOffset, length }: Float32Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length);
}

/** 53 bits by which rows are told apart. */
function rowHash(tables: { words: Uint32Array; width: number }[], row: number): number {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (const { words, width } of tables) {
    for (let at = row * width; at < (row + 1) * width; at++) {
      a = Math.imul(a ^ words[at], 0x01000193);
      b = Math.imul(b ^ words[at], 0x5bd1e995);
      b ^= b >>> 15;
    }
  }
  return (a >>> 0) * 2 ** 21 + (b >>> 11);
}

/** How likely two rows have the same values, if columns knew nothing of each other. */
function chance(values: Float32Array, width: number, rows: Uint32Array): number {
  let product = 1;
  for (let column = 0; column < width; column++) {
    const counts = new Map<number, number>();
    for (const row of rows) {
      const value = values[row * width + column];
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    let same = 0;
    for (const count of counts.values()) same += (count / rows.length) ** 2;
    product *= same;
  }
  return product;
}
