import type { Numbers } from '../engine/numbers';
import type { ColumnDistribution, ColumnNumbers } from '../protocol/questions';

/** Up to this many distinct values, each is a bar of its own. */
const mostValues = 12;
const fewestBins = 10;
const mostBins = 40;

/** How the values of a column are spread over the training and the validation rows. */
export function columnDistribution(train: Numbers, validation: Numbers, classes?: number): ColumnDistribution {
  const [sortedTrain, sortedValidation] = [train.slice().sort(), validation.slice().sort()];
  const numbers = (sorted: Numbers, counts: Float64Array) => ({ counts, ...statistics(sorted) });
  const values = classes === undefined ? fewValues(sortedTrain, sortedValidation) : numbersTo(classes);
  if (values) {
    const count = (sorted: Numbers) => countValues(sorted, values);
    return {
      values,
      train: numbers(sortedTrain, count(sortedTrain)),
      validation: numbers(sortedValidation, count(sortedValidation)),
    };
  }
  const edges = binEdges(sortedTrain, sortedValidation);
  return {
    edges,
    train: numbers(sortedTrain, countBins(sortedTrain, edges)),
    validation: numbers(sortedValidation, countBins(sortedValidation, edges)),
  };
}

/** The `p`-quantile of sorted numbers, interpolated as `numpy.quantile` does; NaN without any. */
function quantile(sorted: Numbers, p: number): number {
  if (sorted.length === 0) return NaN;
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

function statistics(sorted: Numbers): Omit<ColumnNumbers, 'counts'> {
  const rows = sorted.length;
  let sum = 0;
  for (const value of sorted) sum += value;
  const mean = sum / rows;
  let squares = 0;
  for (const value of sorted) squares += (value - mean) ** 2;
  return {
    rows,
    min: sorted.at(0) ?? NaN,
    max: sorted.at(-1) ?? NaN,
    mean,
    deviation: Math.sqrt(squares / rows),
    lowerQuartile: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upperQuartile: quantile(sorted, 0.75),
  };
}

/** All different values, ascending; undefined where they are too many. */
function fewValues(...columns: Numbers[]): Float64Array | undefined {
  const found = new Set<number>();
  for (const column of columns) {
    for (const value of column) if (found.add(value).size > mostValues) return undefined;
  }
  return Float64Array.from(found).sort();
}

function numbersTo(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => i);
}

function countValues(sorted: Numbers, values: Float64Array): Float64Array {
  const counts = new Float64Array(values.length);
  let bar = 0;
  for (const value of sorted) {
    while (values[bar] < value) bar++;
    counts[bar]++;
  }
  return counts;
}

function countBins(sorted: Numbers, edges: Float64Array): Float64Array {
  const counts = new Float64Array(edges.length - 1);
  let bin = 0;
  for (const value of sorted) {
    while (bin < counts.length - 1 && value >= edges[bin + 1]) bin++;
    counts[bin]++;
  }
  return counts;
}

/**
 * As many bins as the rule of Freedman and Diaconis, or Sturges's where half of the values are the same, within limits.
 * Bins of whole numbers all hold equally many of them; otherwise some would stand out for no reason.
 */
function binEdges(train: Numbers, validation: Numbers): Float64Array {
  const all = validation.length === 0 ? train : sortedTogether(train, validation);
  const [min, max] = [all[0], all[all.length - 1]];
  const bins = binCount(all, max - min);
  if (all.every(Number.isInteger)) {
    const range = max - min + 1;
    const width = range <= mostBins ? 1 : Math.ceil(range / bins);
    return Float64Array.from({ length: Math.ceil(range / width) + 1 }, (_, i) => min - 0.5 + i * width);
  }
  return Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? max : min + ((max - min) * i) / bins));
}

function sortedTogether(one: Numbers, other: Numbers): Numbers {
  const all = new Float64Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all.sort();
}

function binCount(sorted: Numbers, range: number): number {
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const count = spread > 0 ? (range * Math.cbrt(sorted.length)) / (2 * spread) : Math.log2(sorted.length) + 1;
  return Math.max(fewestBins, Math.min(mostBins, Math.ceil(count)));
}
