import type { Problem } from '../../base/problem';
import { atRow } from './checkCells';
import { maxProblems } from '../table/problemCap';
import type { Table } from '../table/table';

/**
 * The numbers in some rows of a column (by place) that say what rows count and cannot: those below 0, in the order of the
 * file, and a column of nothing but 0. `unlisted` counts those beyond the ones listed.
 */
export function checkWeights(
  table: Table,
  column: number,
  kept: Uint32Array | undefined,
): { problems: Problem[]; unlisted: number } {
  const { data, max, min, name } = table.columns[column];
  const error = (row: number, message: string): Problem => ({
    ...{ file: table.fileName, ...table.cell(row, column).range, severity: 'error', code: 'sample-weight' },
    message: row < 0 ? message : atRow(table, row, message),
  });
  const quoted = JSON.stringify(name);
  if (min === 0 && max === 0) {
    const message = `column ${quoted} is 0 in every row, so no row would count; name another column in dataset.sample_weight`;
    return { problems: [error(-1, message)], unlisted: 0 };
  }
  const problems: Problem[] = [];
  let unlisted = 0;
  const count = min < 0 ? (kept?.length ?? table.rows) : 0;
  for (let at = 0; at < count; at++) {
    const row = kept ? kept[at] : at;
    if (!(data[row] < 0)) continue;
    const text = JSON.stringify(table.cell(row, column).text);
    const message = `column ${quoted} says what each row counts, which is no less than 0, got ${text}`;
    if (problems.length < maxProblems) problems.push(error(row, message));
    else unlisted++;
  }
  return { problems, unlisted };
}
