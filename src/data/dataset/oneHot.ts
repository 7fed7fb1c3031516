import { classTargets } from '../../engine/data/classes';
import type { ClassColumn } from './classColumn';

/** A column that is taken as one input for each of its different values would make too many inputs beyond this. */
export const maxCategories = 100;

/** A column as one input for each of its different values: 1 where a row holds that value, else 0. */
export interface OneHot {
  /** The different values of all rows, in their order. */
  names: string[];
  /** Which of them each row holds; NaN where it holds none. */
  codes: Float32Array;
}

/** What the category of empty cells is called, where it is one. */
export const gapName = 'nan';

/** The categories of a column, one of them for its `gaps` where these are wanted; undefined where there are more than MAX_CATEGORIES. */
export function oneHotOf(column: ClassColumn | undefined, gaps = false): OneHot | undefined {
  if (!column) return undefined;
  const known = column.values.filter((value) => !Number.isNaN(value));
  const classes = classTargets(known, column.nameOf);
  if (!classes || classes.classNames.length > maxCategories) return undefined;
  let next = 0;
  const codes = Float32Array.from(column.values, (value) => (Number.isNaN(value) ? NaN : classes.targets[next++]));
  if (!gaps || known.length === column.values.length) return { names: classes.classNames, codes };
  const gap = classes.classNames.length;
  return { names: [...classes.classNames, gapName], codes: codes.map((code) => (Number.isNaN(code) ? gap : code)) };
}
