import type { Generator } from './random';

/**
 * The lengths that `random_split` makes of two lengths or two fractions that add up to 1:
 * fractions are rounded down and the rows that remain are dealt out one by one, as PyTorch does.
 * Lengths come back as they are, whether they add up to `rows` or not.
 */
export function splitLengths(split: [number, number], rows: number): [number, number] {
  if (!isFractions(split)) return split;
  const lengths: [number, number] = [Math.floor(rows * split[0]), Math.floor(rows * split[1])];
  for (let i = 0; lengths[0] + lengths[1] < rows; i = 1 - i) lengths[i]++;
  return lengths;
}

/** True where a split is read as fractions, which PyTorch does whenever the parts add up to 1. */
export function isFractions(split: [number, number]): boolean {
  return Math.abs(split[0] + split[1] - 1) < 1e-9;
}

/** `torch.utils.data.random_split`: row numbers for training and for validation. */
export function randomSplit(rows: number, lengths: [number, number], generator: Generator): [Uint32Array, Uint32Array] {
  const order = generator.permutation(rows);
  return [order.slice(0, lengths[0]), order.slice(lengths[0], lengths[0] + lengths[1])];
}
