import type { BucketColumns, ColumnName, EpochColumns } from './history';

/** Makes one number of two that stand side by side. */
export type Merge = (one: number, other: number) => number;

/** Keeps the last number. */
export const lastOf: Merge = (_, other) => other;

/** Epochs in a bucket where `epochs` are to fit into `buckets`. */
export function strideFor(epochs: number, buckets: number): number {
  let stride = 1;
  while (stride * buckets < epochs) stride *= 2;
  return stride;
}

/** The numbers of each column. */
export function bucketColumns(numbers: (name: ColumnName) => Float64Array): BucketColumns {
  return { loss: numbers('loss'), batchLoss: numbers('batchLoss'), valLoss: numbers('valLoss'), lr: numbers('lr') };
}

/** One number for every `size` numbers, in memory of its own. */
export function mergedGroups(numbers: Float64Array, size: number, merge: Merge): Float64Array {
  if (size === 1) return numbers.slice();
  const merged = new Float64Array(Math.ceil(numbers.length / size));
  for (let group = 0, i = 0; group < merged.length; group++) {
    let value = numbers[i++];
    for (const end = Math.min((group + 1) * size, numbers.length); i < end; i++) value = merge(value, numbers[i]);
    merged[group] = value;
  }
  return merged;
}

/** A copy with room for `capacity` numbers. */
export function resized(numbers: Float64Array, capacity: number): Float64Array {
  const larger = new Float64Array(capacity);
  larger.set(numbers);
  return larger;
}

/** A copy of some epochs without parameters. */
export function piece(columns: EpochColumns, from = 0, to = columns.loss.length): EpochColumns {
  const cut = bucketColumns((name) => columns[name].slice(from, to));
  return { first: columns.first + from, ...cut, weightsEvery: 1, weights: new Float32Array(0) };
}
