import { maxClasses, classTargets, type ClassTargets } from '../../engine/data/classes';
import { numbersAt, type Numbers } from '../../engine/numbers';
import type { Problem } from '../../base/problem';
import type { Table } from '../table/table';
import { noText } from '../table/textCodes';

/** A column that is to be predicted as classes: a number for each row, and what a number is called. */
export interface ClassColumn {
  /** NaN where the cell holds no value. */
  values: Numbers;
  /** The name of a value; absent where the values are numbers that speak for themselves. */
  nameOf?: (value: number) => string;
}

/**
 * A column's cells as values in the order that their classes shall have: numbers by size, texts as Python sorts them.
 * Undefined where it holds more than MAX_CLASSES different texts, or its texts were not kept.
 */
export function classColumn(table: Table, index: number): ClassColumn | undefined {
  const { data, type, texts } = table.columns[index];
  if (type === 'number') return { values: data };
  if (!texts?.texts) return undefined;
  const { rows, texts: found } = texts;
  const names = [...found].sort(byCodePoint);
  const order = new Map(names.map((name, place) => [name, place]));
  const places = found.map((text) => order.get(text)!);
  return {
    values: Float32Array.from(rows, (code) => (code === noText ? NaN : places[code])),
    nameOf: (value) => names[value],
  };
}

/** The classes in some rows of a column; or what keeps it from being one of classes. */
export function classesOf(
  table: Table,
  index: number,
  column: ClassColumn | undefined,
  kept: Uint32Array | undefined,
): { classes?: ClassTargets; problems: Problem[] } {
  const values = column && (kept ? numbersAt(column.values, kept) : column.values);
  const classes = values && classTargets(values, column.nameOf);
  if (classes && classes.classNames.length > 1) return { classes, problems: [] };
  const name = `column ${JSON.stringify(table.columns[index].name)}`;
  const message = classes
    ? `${name} is ${classes.classNames[0]} in every row; cross_entropy needs at least two classes`
    : `${name} has more than ${maxClasses} different values, too many to be classes; name another column in dataset.targets`;
  const place = { file: table.fileName, ...table.cell(-1, index).range };
  return { problems: [{ ...place, severity: 'error', message, code: 'classes' }] };
}

/** Sorts by Unicode code points, not by UTF-16 units as JavaScript does by itself. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((character, i) => character !== right[i]);
  if (at < 0) return -1;
  return at < right.length ? left[at].codePointAt(0)! - right[at].codePointAt(0)! : 1;
}
