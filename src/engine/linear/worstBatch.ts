import type { DataLoaderOptions } from '../data/dataLoader';
import { lanczos } from './lanczos';
import { rowNorms, type TableRows } from './rowSource';

/** The steepest batch that can occur: the largest eigenvalue of `AᵀA / b` over the batches, or of `AᵀA`, between two bounds. */
export interface WorstBatch {
  /** No batch is steeper. */
  atMost: number;
  /** A batch that can occur is as steep as this. */
  atLeast: number;
  /** Rows of the steepest kind of batch. */
  rows: number;
  /** Place of the longest row among the training rows. */
  longest: number;
  /** The square of its length. */
  longestNorm: number;
}

/** Fixed batches that are looked at one by one. */
const mostLookedAt = 300;

/**
 * No batch's `AᵀA / b` has an eigenvalue above its trace, which is the mean of its rows' squared lengths, nor above
 * `rows / b` times that of all rows, of which the batch is a part. So a batch of one row is known exactly, and of shuffled
 * rows the smallest batch is the steepest: the mean over few of the longest rows is the largest. Of sums it is the largest
 * batch. Batches in sequence are looked at one by one.
 * @param whole the largest eigenvalue of `AᵀA / rows` over all rows.
 * @param sums of `AᵀA` instead of `AᵀA / b`.
 * @param isWeighted rows count differently; `whole` takes account of that, and `source` does not.
 */
export function worstBatch(
  source: TableRows,
  loader: DataLoaderOptions,
  whole: number,
  sums = false,
  isWeighted = false,
): WorstBatch {
  if (isWeighted && loader.batchSize < source.rows) return ofLongestRow(source, loader, sums);
  const norms = rowNorms(source);
  const { rows } = source;
  const longest = norms.reduce((best, norm, i) => (norm > norms[best] ? i : best), 0);
  const { batchSize, dropLast, shuffle } = loader;
  const row = { longest, longestNorm: norms[longest] };
  if (batchSize >= rows) {
    const steepest = sums ? whole * rows : whole;
    return { atMost: steepest, atLeast: steepest, rows, ...row };
  }
  const rest = rows % batchSize;
  const size = rest > 0 && !dropLast && !sums ? rest : batchSize;
  if (!shuffle) return { ...fixedBatches(source, norms, loader, sums), ...row };
  if (size === 1) return { atMost: norms[longest], atLeast: norms[longest], rows: 1, ...row };
  const steep = longestRows(norms, size);
  const trace = steep.reduce((sum, i) => sum + norms[i], 0) / size;
  const atLeast = Math.max(whole, lanczos(source.subset(steep)).largest);
  const atMost = Math.max(atLeast, Math.min(trace, (whole * rows) / size));
  const factor = sums ? size : 1;
  return { atMost: factor * atMost, atLeast: factor * atLeast, rows: size, ...row };
}

/** Of rows that count differently: a weighted mean bends no more than its longest row, whatever the weights; a sum than all of its rows. */
function ofLongestRow(
  source: TableRows,
  { batchSize, dropLast, shuffle }: DataLoaderOptions,
  sums = false,
): WorstBatch {
  const norms = rowNorms(source);
  const longest = norms.reduce((best, norm, i) => (norm > norms[best] ? i : best), 0);
  const rest = source.rows % batchSize;
  const rows = rest > 0 && !dropLast && !sums ? rest : batchSize;
  const atMost = norms[longest] * (sums ? rows : 1);
  // A batch of one row is a mean of nothing but that row.
  const isSure = !sums && rows === 1 && (shuffle || batchSize === 1);
  return { atMost, atLeast: isSure ? atMost : 0, rows, longest, longestNorm: norms[longest] };
}

/** Places of the `count` longest rows. */
function longestRows(norms: Float64Array, count: number): Uint32Array {
  const least = largestOf(norms, count);
  const longer: number[] = [];
  const level: number[] = [];
  norms.forEach((norm, i) => {
    if (norm > least) longer.push(i);
    else if (norm === least && level.length < count) level.push(i);
  });
  return Uint32Array.from([...longer, ...level].slice(0, count));
}

/** The largest number but so many, in memory for a few times as many numbers. */
function largestOf(numbers: Float64Array, count: number): number {
  const top = new Float64Array(Math.min(numbers.length, Math.max(2 * count, 4096)));
  let [length, least] = [0, -Infinity];
  const cut = () => {
    top
      .subarray(0, length)
      .sort()
      .copyWithin(0, length - count);
    [length, least] = [count, top[0]];
  };
  for (const number of numbers) {
    if (length >= count && number <= least) continue;
    if (length === top.length) cut();
    top[length++] = number;
  }
  cut();
  return least;
}

/** Batches in sequence, those with the longest rows first, until none that is left can be steeper. */
function fixedBatches(
  source: TableRows,
  norms: Float64Array,
  { batchSize, dropLast }: DataLoaderOptions,
  sums: boolean,
): Omit<WorstBatch, 'longest' | 'longestNorm'> {
  const { rows } = source;
  const factor = ({ start, end }: { start: number; end: number }) => (sums ? end - start : 1);
  const starts = Array.from({ length: Math.ceil(rows / batchSize) }, (_, i) => i * batchSize);
  const batches = starts
    .map((start) => ({ start, end: Math.min(rows, start + batchSize) }))
    .filter(({ start, end }) => !dropLast || end - start === batchSize)
    .map((span) => ({ ...span, trace: factor(span) * mean(norms.subarray(span.start, span.end)) }))
    .sort((a, b) => b.trace - a.trace);
  let atLeast = 0;
  let size = batchSize;
  for (const [i, { start, end, trace }] of batches.entries()) {
    if (trace <= atLeast) break;
    if (i === mostLookedAt) return { atMost: trace, atLeast, rows: size };
    const largest = end - start === 1 ? trace : factor({ start, end }) * lanczos(source.slice(start, end)).largest;
    if (largest > atLeast) [atLeast, size] = [largest, end - start];
  }
  return { atMost: atLeast, atLeast, rows: size };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
