import { formatCount, formatFloat32, formatNumber } from '../../src/base/format';
import { losses } from '../../src/engine/nn/losses';
import type { RunShape } from '../../src/protocol/protocol';
import type { RowsPage, RowsQuery } from '../../src/protocol/questions';
import type { Column, Row } from '../parts/grid';

/** Most inputs that are in the table at a time. */
export const inputSpan = 12;

/** How the columns of the predictions are laid out. */
export interface PredictionLayout {
  /** As in the dataset; where the table is wider than the page, what matters most comes first. */
  inputsFirst: boolean;
  /** The first input that is in the table. */
  firstInput: number;
}

const validationMark = { text: 'val', hint: 'Held out for validation' };

/** Pixels that a column takes, roughly. */
const columnWidth = 80;

/** Whether inputs and predictions are all in sight at this width. */
export function fitsInputsFirst(shape: RunShape, width: number): boolean {
  const columns = Math.min(inputSpan, shape.inputNames.length) + 4 * shape.targetNames.length + 1;
  return columns * columnWidth <= width;
}

/** A column, and what stands in it for the page's row number `index`. */
export interface PredictionColumn extends Column {
  cell: (page: RowsPage, index: number) => string;
}

/** The table's columns. `isLive`: the model is the run's own, not an earlier one. */
export function columnsOf(
  shape: RunShape,
  layout: PredictionLayout,
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
    cell: (page, index) => formatCount(page.rows[index] + 1),
    ...sorting('row'),
  };
  const inputs = inputColumns(shape, layout.firstInput);
  const targets = shape.targetNames.map((_, target) => resultColumns(shape, target, sorting('error'), isLive));
  if (layout.inputsFirst) {
    return [row, ...inputs, ...targets.flatMap(({ actual, before, now, error }) => [actual, before, now, error])];
  }
  return [row, ...targets.flatMap(({ actual, before, now, error }) => [actual, now, error, before]), ...inputs];
}

/** The table's rows for a page; `sought` is the row that a person asked for. */
export function rowsOf(page: RowsPage, columns: readonly PredictionColumn[], sought: number | undefined): Row[] {
  return Array.from(page.rows, (row, index) => ({
    cells: columns.map((column) => column.cell(page, index)),
    mark: page.validation[index] ? validationMark : undefined,
    highlighted: row === sought,
  }));
}

function inputColumns({ inputNames }: RunShape, first: number): PredictionColumn[] {
  return inputNames.slice(first, first + inputSpan).map((title, offset) => ({
    title,
    hint: `Input ${title}`,
    cell: (page, index) => formatFloat32(page.inputs[index * inputNames.length + first + offset]),
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
  const title = (word: string): string => (targetNames.length === 1 ? word : `${name} ${word.toLowerCase()}`);
  const at = (index: number): number => index * targetNames.length + target;
  const predicted = (value: number): string => classNames?.[value] ?? formatNumber(value);
  // Names of classes have no decimal point to stand below one another by.
  const words = classNames !== undefined;
  const what = losses[loss].link === 'sigmoid' ? 'Probability' : 'Predicted';
  return {
    actual: {
      title: title('Actual'),
      words,
      hint: `${name} in the dataset`,
      cell: ({ targets }, index) => classNames?.[targets[at(index)]] ?? formatFloat32(targets[at(index)]),
    },
    before: {
      title: title('Before'),
      words,
      hint: `${what} before training`,
      cell: ({ before }, index) => predicted(before[at(index)]),
    },
    now: {
      title: title(isLive ? 'Now' : 'Then'),
      words,
      hint: `${what} with the model as it ${isLive ? 'is now' : 'was then'}`,
      cell: ({ now }, index) => predicted(now[at(index)]),
    },
    error: {
      title: title('Error'),
      words,
      hint: classNames
        ? 'Whether the class is wrong; select to sort by it'
        : `${isLive ? 'Now' : 'Then'} less actual; select to sort by its size`,
      cell: ({ now, targets }, index) => {
        const error = now[at(index)] - targets[at(index)];
        if (!classNames) return formatNumber(error);
        return error === 0 ? 'right' : 'wrong';
      },
      ...sortByError,
    },
  };
}
