import type { JSONPath } from 'jsonc-parser';
import { pathName, type Report } from './sourceMap';
import { counted } from './words';

/** Reports every row whose length differs from the first one's. */
export function checkRagged(table: number[][], path: JSONPath, report: Report): boolean {
  const width = table[0].length;
  table.forEach((row, i) => {
    if (row.length === width) return;
    const message = `${pathName([...path, i])} must have ${counted(width, 'number')} like the first row, got ${row.length}`;
    report([...path, i], { message, code: 'shape' });
  });
  return table.some((row) => row.length !== width);
}
