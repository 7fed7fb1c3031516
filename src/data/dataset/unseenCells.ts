import type { Problem } from '../../base/problem';
import type { Table } from '../table/table';
import { atRow, type MissingRule } from './checkCells';
import type { KnownValues } from './knownValues';

/**
 * The cells of a column (by place) that hold a class or a category which the rows to train on do not have, in the order of
 * the file. `unlisted` counts those beyond the ones listed.
 * @param trainedFile what the file with the rows to train on is called.
 */
export function unseenCells(
  table: Table,
  place: number,
  { kind, hasGap }: KnownValues,
  missing: MissingRule,
  trainedFile: string,
): { problems: Problem[]; unlisted: number } {
  const { name, unknown, faultRows, faultCounts } = table.columns[place];
  const quoted = JSON.stringify(name);
  const problemsAt = (rows: readonly number[], say: (text: string) => string) =>
    rows.map((row): Problem => {
      const { range, text } = table.cell(row, place);
      const message = atRow(table, row, say(JSON.stringify(text)));
      return { file: table.fileName, ...range, severity: 'error', message, code: 'never-seen' };
    });
  const cure =
    kind === 'class'
      ? `add rows of this class to ${trainedFile}, or remove this row`
      : `add rows with it to ${trainedFile}, remove this row, or leave ${quoted} out of dataset.one_hot`;
  const values = problemsAt(
    unknown.rows,
    (text) =>
      `column ${quoted} is ${text}, a ${kind} that is never seen in training: ${trainedFile} does not have it; ${cure}`,
  );
  // Without such a category the row would look like none of those that were trained on.
  const isGapUnseen = missing === 'category' && kind === 'category' && !hasGap;
  const gaps = problemsAt(
    isGapUnseen ? faultRows.missing : [],
    () =>
      `column ${quoted} has no value here, which is never seen in training: ${trainedFile} has one in every row; fill it in, or set dataset.missing to "drop" or "mean"`,
  );
  const problems = [...values, ...gaps].sort((a, b) => a.line - b.line);
  return { problems, unlisted: unknown.count + (isGapUnseen ? faultCounts.missing : 0) - problems.length };
}
