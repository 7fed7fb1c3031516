import type { Generator } from '../random/random';

/**
 * Training and validation rows of one fold of `rows` rows in `folds` folds, as scikit-learn's `KFold` cuts them: stretches
 * whose lengths differ by at most one, the longer ones first; both sets in ascending order. With a generator, rows are
 * put in a random order first, by the one permutation that `random_split` draws too: each row is validated in one fold.
 */
export function kFold(rows: number, folds: number, fold: number, generator?: Generator): [Uint32Array, Uint32Array] {
  const order = generator?.permutation(rows) ?? Uint32Array.from({ length: rows }, (_, row) => row);
  const [start, end] = foldRange(rows, folds, fold);
  const training = new Uint32Array(rows - (end - start));
  training.set(order.subarray(0, start));
  training.set(order.subarray(end), start);
  return [training.sort(), order.slice(start, end).sort()];
}

/** Where the validation rows of a fold begin and end in the order of the rows. */
export function foldRange(rows: number, folds: number, fold: number): [start: number, end: number] {
  const size = Math.floor(rows / folds);
  const longer = rows % folds;
  const start = fold * size + Math.min(fold, longer);
  return [start, start + size + (fold < longer ? 1 : 0)];
}
