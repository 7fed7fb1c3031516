import type { ExactColumns } from '../../engine/dataset';
import { fillParts, partRows, type FilledPart } from './fillRowMajor';

/** Those of the columns that any of the parts holds in double precision, in the rows of all parts. */
export function exactColumns(parts: readonly FilledPart[]): ExactColumns {
  const wide = parts[0].columns.flatMap((_, i) => {
    const own = parts.map(({ columns, ...rows }) => ({ ...rows, columns: [columns[i]] }));
    if (!own.some(({ columns: [{ data }] }) => data instanceof Float64Array)) return [];
    const numbers = new Float64Array(partRows(parts));
    fillParts(numbers, own);
    return [[i, numbers] as const];
  });
  return new Map(wide);
}
