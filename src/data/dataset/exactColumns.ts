import type { ExactColumns } from '../../engine/dataset';
import { fillRowMajor, type FilledColumn } from './fillRowMajor';

/** Those of the columns that are held in double precision, in all rows or those in `kept`, `rows` in number. */
export function exactColumns(
  columns: readonly FilledColumn[],
  rows: number,
  kept: Uint32Array | undefined,
): ExactColumns {
  const wide = columns.flatMap((column, i) => {
    if (!(column.data instanceof Float64Array)) return [];
    const numbers = new Float64Array(rows);
    fillRowMajor(numbers, [column], rows, kept);
    return [[i, numbers] as const];
  });
  return new Map(wide);
}
