import type { Layer } from './layers';

/** Rows that a unit is at its end for, at least, to be called saturated, and how near to its end that is. */
const nearlyAll = 0.95;
const end = 0.02;

/**
 * A ReLU that is 0 for all rows, so that no gradient reaches its weights; or a Tanh or Sigmoid at an end for nearly all rows,
 * so that hardly any does.
 */
export type UnitState = 'dead' | 'saturated';

/** How a unit stands that gives these values, `rows × width` row-major, in column `unit`; undefined where it learns. */
export function unitState(
  type: Layer['type'] | undefined,
  values: Float32Array,
  unit: number,
  width: number,
): UnitState | undefined {
  const isAtEnd = atEnd(type);
  if (!isAtEnd) return undefined;
  const rows = values.length / width;
  let count = 0;
  for (let at = unit; at < values.length; at += width) if (isAtEnd(values[at])) count++;
  if (type === 'ReLU') return count === rows ? 'dead' : undefined;
  return count >= nearlyAll * rows ? 'saturated' : undefined;
}

function atEnd(type: Layer['type'] | undefined): ((value: number) => boolean) | undefined {
  switch (type) {
    case 'ReLU':
      return (value) => value === 0;
    case 'Tanh':
      return (value) => 1 - Math.abs(value) < end;
    case 'Sigmoid':
      return (value) => Math.abs(value - 0.5) > 0.5 - end;
    default:
      return undefined;
  }
}
