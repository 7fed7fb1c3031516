import type { RunSigns } from '../report/dataReport';

/**
 * The fewest rows that carry more than half of the squared errors. `ratio`: the least of their errors beside the median one.
 * @param errors of each row, signs aside or not.
 */
export function outliersOf(errors: Float64Array): NonNullable<RunSigns['outliers']> | undefined {
  const sizes = Float64Array.from(errors, Math.abs).sort();
  const total = sizes.reduce((sum, error) => sum + error * error, 0);
  if (!(total > 0) || !Number.isFinite(total)) return undefined;
  let [carried, at] = [0, sizes.length];
  while (carried <= total / 2) {
    at--;
    carried += sizes[at] ** 2;
  }
  const median = sizes[Math.floor(sizes.length / 2)];
  return { rows: sizes.length - at, of: sizes.length, ratio: median > 0 ? sizes[at] / median : Infinity };
}
