import { formatQuantity } from '../../base/format';
import type { Problem } from '../../base/problem';
import type { Table } from '../table/table';
import type { ChosenColumns } from './chooseColumns';

/** Columns that an error names at most. */
const mostNamed = 10;

/** What keeps a table from having the columns that are taken from another one, whose places are `used`. */
export function unmatchedColumns(
  trained: Table,
  chosen: ChosenColumns,
  used: readonly number[],
  table: Table,
): Problem[] {
  const error = (message: string): Problem => {
    return { file: table.fileName, ...table.cell(-1, 0).range, severity: 'error', message, code: 'columns' };
  };
  const { columns } = table;
  const reason = orderReason(trained, table);
  if (reason !== undefined) {
    if (columns.length === trained.columns.length) return [];
    const counts = `${table.fileName} has ${formatQuantity(columns.length, 'column')}, but ${trained.fileName} has ${trained.columns.length}`;
    return [error(`${counts}; both need as many, because ${reason}, so that only their order says which is which`)];
  }
  const names = new Set(columns.map(({ name }) => name));
  const more = columns.length > mostNamed ? ` and ${columns.length - mostNamed} more` : '';
  const listed = columns.slice(0, mostNamed).map(({ name }) => JSON.stringify(name));
  const missing = used.filter((i) => !names.has(trained.columns[i].name));
  return missing.map((i) => {
    const what = chosen.targets.includes(i)
      ? 'a target'
      : i === chosen.sampleWeight
        ? 'the weight of rows'
        : 'an input';
    const name = JSON.stringify(trained.columns[i].name);
    return error(
      `${table.fileName} has no column ${name}, which is ${what} in ${trained.fileName}; its columns are ${listed.join(', ')}${more}`,
    );
  });
}

/** Says that the columns of two tables are not matched by their names. */
export function orderNotes(trained: Table, table: Table): Problem[] {
  const reason = orderReason(trained, table);
  if (reason === undefined) return [];
  const message = `columns are matched with those of ${trained.fileName} by their order, because ${reason}`;
  const place = { file: table.fileName, ...table.cell(-1, 0).range };
  return [{ ...place, severity: 'information', message, code: 'columns-by-order' }];
}

/** Why columns are matched by their order; undefined where their names are known. */
function orderReason(trained: Table, table: Table): string | undefined {
  if (trained.numbered && table.numbered) return 'neither file names them';
  if (!trained.numbered && !table.numbered) return undefined;
  return `${(trained.numbered ? trained : table).fileName} does not name them`;
}
