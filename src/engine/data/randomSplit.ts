import type { Generator } from '../random/random';

/** Two lengths or fractions, whose rows are drawn; with `shuffle` false the first rows train, and nothing is drawn. */
export type Split = readonly number[] | { lengths: readonly number[]; shuffle: boolean };

/** The two lengths or fractions of a split, and whether rows are drawn. */
export function splitParts(split: Split): { lengths: readonly number[]; shuffle: boolean } {
  return 'lengths' in split ? split : { lengths: split, shuffle: true };
}

/** Whether the two parts of a split are fractions, which PyTorch takes them for whenever they add up to 1. */
export function isFractions(split: readonly number[]): boolean {
  return split.every((part) => part >= 0 && part <= 1) && Math.abs(split[0] + split[1] - 1) <= 1e-9;
}

/**
 * Training and validation rows of a split, as `random_split` counts them: fractions are rounded down and what is left
 * over is dealt out from the front. Undefined where lengths do not add up to `rows`.
 */
export function splitLengths(split: readonly number[], rows: number): [number, number] | undefined {
  if (!isFractions(split)) return split[0] + split[1] === rows ? [split[0], split[1]] : undefined;
  const lengths: [number, number] = [Math.floor(rows * split[0]), Math.floor(rows * split[1])];
  const left = rows - lengths[0] - lengths[1];
  for (let i = 0; i < left; i++) lengths[i % 2]++;
  return lengths;
}

/** `torch.utils.data.random_split` into two: row numbers for training and for validation. */
export function randomSplit([first, second]: [number, number], generator: Generator): [Uint32Array, Uint32Array] {
  const order = generator.permutation(first + second);
  return [order.slice(0, first), order.slice(first)];
}
