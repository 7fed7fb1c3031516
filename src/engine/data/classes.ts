import type { Numbers } from '../numbers';

/** A target with more different values than this is not one of classes. */
export const maxClasses = 1000;

/** A target column as `cross_entropy` takes it. */
export interface ClassTargets {
  /** The number of each row's class, from 0. */
  targets: Float32Array;
  classNames: string[];
}

/**
 * The different values of a column as classes, in the order of the values. `nameOf` is what a value is called; where left
 * out, the number in as few digits as its precision needs. Undefined where there are more than MAX_CLASSES.
 */
export function classTargets(
  values: Numbers,
  nameOf: (value: number) => string = values instanceof Float64Array ? String : shortest,
): ClassTargets | undefined {
  const found = new Set<number>();
  for (const value of values) {
    if (found.add(value).size > maxClasses) return undefined;
  }
  const classes = Float64Array.from(found).sort();
  const numbers = new Map([...classes].map((value, i) => [value, i]));
  return {
    targets: Float32Array.from(values, (value) => numbers.get(value)!),
    classNames: Array.from(classes, nameOf),
  };
}

/** A float32 in as few digits as tell it from its neighbours; a whole number in all its digits. */
function shortest(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const written = Number(value.toPrecision(digits));
    if (Math.fround(written) === value) return String(written);
  }
  return String(Number(value.toPrecision(9)));
}
