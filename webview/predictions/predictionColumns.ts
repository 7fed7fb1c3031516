import { formatAsWritten, formatCount, formatNumber, shortColumn } from '../../src/base/format';
import { losses } from '../../src/engine/nn/losses';
import type { RunShape } from '../../src/protocol/protocol';
import type { RowsPage, RowsQuery } from '../../src/protocol/questions';
import type { CellContent, Column, Row } from '../parts/grid';

/** Most inputs that are in the table at a time. */
export const inputSpan = 12;

/** Characters of a number of the dataset that a narrow table still shows as it is written. */
const longNumber = 7;

const validationMark = { text: 'val', hint: 'Held out for validation' };

/** A column, and what stands in it for the page's row number `index`. */
export interface PredictionColumn extends Column {
  cell: (page: RowsPage, index: number) => string;
  /** Where the column has numbers: the same as a number. */
  value?: (page: RowsPage, index: number) => number;
  /** The numbers stand in the dataset: in a narrow table they are shortened only where one of them is long. */
  isWritten?: boolean;
  /** The numbers are errors, and a bar shows their size. */
  isError?: boolean;
}

/** The table's columns, from the input number `firstInput` on. `isLive`: the model is the run's own, not an earlier one. */
export function columnsOf(
  shape: RunShape,
  firstInput: number,
  order: Pick<RowsQuery, 'sort' | 'descending'>,
  sortBy: (column: RowsQuery['sort']) => void,
  isLive = true,
): PredictionColumn[] {
  const sorting = (column: RowsQuery['sort']): Pick<Column, 'sorted' | 'onSort'> => ({
    sorted: order.sort === column ? (order.descending ? 'descending' : 'ascending') : undefined,
    onSort: () => sortBy(column),
  });
  const row: PredictionColumn = {
    title: 'Row',
    hint: 'Number of the row in the dataset; select to sort by it',
    rowHeader: true,
    inOwnOrder: !order.descending,
    cell: (page, index) => formatCount(page.rows[index] + 1),
    ...sorting('row'),
  };
  const inputs = inputColumns(shape, firstInput);
  const targets = shape.targetNames.map((_, target) => resultColumns(shape, target, sorting('error'), isLive));
  return [
    row,
    ...targets.flatMap(({ actual, now, error }) => [actual, now, error]),
    ...inputs,
    ...targets.map(({ before }) => before),
  ];
}

/** The table's rows for a page; `sought` is the row that a person asked for. `isNarrow`: there is room for few digits only. */
export function rowsOf(
  page: RowsPage,
  columns: readonly PredictionColumn[],
  sought: number | undefined,
  isNarrow: boolean,
): Row[] {
  const cells = columns.map((column) => cellsOf(column, page, isNarrow));
  return Array.from(page.rows, (row, index) => ({
    cells: cells.map((column) => column[index]),
    mark: page.validation[index] ? validationMark : undefined,
    highlighted: row === sought,
  }));
}

function cellsOf(
  { cell, value, isWritten, isError }: PredictionColumn,
  page: RowsPage,
  isNarrow: boolean,
): CellContent[] {
  const full = Array.from(page.rows, (_, index) => cell(page, index));
  if (!value) return full.map((text) => ({ text }));
  const values = full.map((_, index) => value(page, index));
  const short = shortColumn(values);
  const isShortened = isNarrow && (!isWritten || full.some((text) => text.length > longNumber));
  const largest = Math.max(...values.map(Math.abs).filter(Number.isFinite), Number.MIN_VALUE);
  return full.map((text, index) => ({
    ...(isShortened ? { text: short(values[index]), full: text } : { text }),
    ...(isError && { bar: Math.min(1, Math.abs(values[index]) / largest) || 0 }),
  }));
}

function inputColumns({ inputNames }: RunShape, first: number): PredictionColumn[] {
  return inputNames.slice(first, first + inputSpan).map((title, offset) => ({
    title,
    hint: `Input ${title}`,
    isWritten: true,
    cell: (page, index) => formatAsWritten(page.inputs[index * inputNames.length + first + offset]),
    value: (page, index) => page.inputs[index * inputNames.length + first + offset],
  }));
}

type ResultName = 'actual' | 'before' | 'now' | 'error';

function resultColumns(
  { targetNames, classNames, loss }: RunShape,
  target: number,
  sortByError: Pick<Column, 'sorted' | 'onSort'>,
  isLive: boolean,
): Record<ResultName, PredictionColumn> {
  const name = targetNames[target];
  const title = (word: string): string => (targetNames.length === 1 ? word : `${word} ${name}`);
  const at = (index: number): number => index * targetNames.length + target;
  const predicted = (value: number): string => classNames?.[value] ?? formatNumber(value);
  // Names of classes have no decimal point to stand below one another by.
  const words = classNames !== undefined;
  const pinned = targetNames.length === 1;
  const what = losses[loss].link === 'sigmoid' ? 'Probability' : 'Predicted';
  return {
    actual: {
      title: title('Actual'),
      pinned,
      words,
      hint: `${name} in the dataset`,
      isWritten: true,
      cell: ({ targets }, index) => classNames?.[targets[at(index)]] ?? formatAsWritten(targets[at(index)]),
      ...(!words && { value: ({ targets }, index) => targets[at(index)] }),
    },
    before: {
      title: title('Untrained'),
      words,
      hint: `${what} before training`,
      cell: ({ before }, index) => predicted(before[at(index)]),
      ...(!words && { value: ({ before }, index) => before[at(index)] }),
    },
    now: {
      title: title(isLive ? what : `${what} then`),
      words,
      pinned,
      hint: `${what} with the model as it ${isLive ? 'is now' : 'was then'}`,
      cell: ({ now }, index) => predicted(now[at(index)]),
      ...(!words && { value: ({ now }, index) => now[at(index)] }),
    },
    error: {
      title: title('Error'),
      words,
      pinned,
      isError: !words,
      hint: classNames
        ? 'Whether the class is wrong; select to sort by it'
        : `Predicted minus actual; select to sort by its size`,
      cell: ({ now, targets }, index) => {
        const error = now[at(index)] - targets[at(index)];
        if (!classNames) return formatNumber(error);
        return error === 0 ? 'right' : 'wrong';
      },
      ...(!words && { value: ({ now, targets }, index) => now[at(index)] - targets[at(index)] }),
      ...sortByError,
    },
  };
}
