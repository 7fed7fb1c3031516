import type { Problem } from '../../base/problem';
import { atRow } from './checkCells';
import { maxProblems } from '../table/problemCap';
import type { Table } from '../table/table';

/**
 * The numbers in some rows of the columns (by place) that are no probabilities, in the order of the file. `unlisted`
 * counts those beyond the ones listed.
 */
export function checkProbabilities(
  table: Table,
  targets: number[],
  kept: Uint32Array | undefined,
): { problems: Problem[]; unlisted: number } {
  const columns = targets.filter((i) => table.columns[i].min < 0 || table.columns[i].max > 1);
  const problems: Problem[] = [];
  let unlisted = 0;
  const count = columns.length > 0 ? (kept?.length ?? table.rows) : 0;
  for (let at = 0; at < count; at++) {
    const row = kept ? kept[at] : at;
    for (const i of columns) {
      const value = table.columns[i].data[row];
      if (!(value < 0 || value > 1)) continue;
      if (problems.length < maxProblems) problems.push(improbable(table, row, i));
      else unlisted++;
    }
  }
  return { problems, unlisted };
}

function improbable(table: Table, row: number, column: number): Problem {
  const { range, text } = table.cell(row, column);
  const name = JSON.stringify(table.columns[column].name);
  const message = `column ${name} must hold numbers from 0 to 1 for binary_cross_entropy_with_logits, got ${JSON.stringify(text)}; write 0 and 1, or set loss to "cross_entropy" if its values are classes`;
  return {
    file: table.fileName,
    ...range,
    severity: 'error',
    message: atRow(table, row, message),
    code: 'not-a-probability',
  };
}
