import type { RowsPage, RowsQuery, RunShape } from '../../src/run/protocol';
import { formatCount, formatFloat32, formatNumber } from '../format';
import type { Column, Row } from './grid';

/** Most inputs that are in the table at a time. */
export const inputSpan = 12;

/** How the columns of the predictions are laid out. */
export interface PredictionLayout {
  /** Inputs before predictions, as in the dataset; after them where the table is wider than the page. */
  inputsFirst: boolean;
  /** The first input that is in the table. */
  firstInput: number;
}

/** Pixels that a column takes, roughly. */
const columnWidth = 80;

/** Whether inputs and predictions are all in sight at this width. */
export function fitsInputsFirst(shape: RunShape, width: number): boolean {
  const columns = Math.min(inputSpan, shape.inputNames.length) + 4 * shape.targetNames.length + 1;
  return columns * columnWidth <= width;
}

/** The table's columns. */
export function columnsOf(
  shape: RunShape,
  layout: PredictionLayout,
  order: Pick<RowsQuery, 'sort' | 'descending'>,
  sortBy: (column: RowsQuery['sort']) => void,
): Column[] {
  const sorted = (column: RowsQuery['sort']): Column['sorted'] =>
    order.sort === column ? (order.descending ? 'descending' : 'ascending') : undefined;
  const row: Column = {
    title: 'Row',
    hint: 'Number of the row in the dataset; select to sort by it',
    rowHeader: true,
    sorted: sorted('row'),
    onSort: () => sortBy('row'),
  };
  const inputs = inputsOf(shape, layout).map((index) => ({ title: shape.inputNames[index], hint: 'Input' }));
  const single = shape.targetNames.length === 1;
  const results = shape.targetNames.flatMap((target): Column[] => {
    const title = (word: string): string => (single ? word : `${target} ${word.toLowerCase()}`);
    return [
      { title: title('Actual'), hint: `${target} in the dataset` },
      { title: title('Before'), hint: 'Predicted before training' },
      { title: title('Now'), hint: 'Predicted with the model as it is now' },
      {
        title: title('Error'),
        hint: 'Now less actual; select to sort by its size',
        sorted: sorted('error'),
        onSort: () => sortBy('error'),
      },
    ];
  });
  return layout.inputsFirst ? [row, ...inputs, ...results] : [row, ...results, ...inputs];
}

/** The table's rows for a page; `sought` is the row that a person asked for. */
export function rowsOf(page: RowsPage, shape: RunShape, layout: PredictionLayout, sought: number | undefined): Row[] {
  const inputCount = shape.inputNames.length;
  const targetCount = shape.targetNames.length;
  const inputs = inputsOf(shape, layout);
  return Array.from(page.rows, (row, index) => {
    const inputCells = inputs.map((input) => formatFloat32(page.inputs[index * inputCount + input]));
    const resultCells = shape.targetNames.flatMap((_, target) => resultsAt(page, index * targetCount + target));
    const cells = layout.inputsFirst ? [...inputCells, ...resultCells] : [...resultCells, ...inputCells];
    return {
      cells: [formatCount(row + 1), ...cells],
      mark: page.validation[index] ? 'val' : undefined,
      highlighted: row === sought,
    };
  });
}

function resultsAt(page: RowsPage, index: number): string[] {
  const { targets, before, now } = page;
  return [
    formatFloat32(targets[index]),
    formatNumber(before[index]),
    formatNumber(now[index]),
    formatNumber(now[index] - targets[index]),
  ];
}

function inputsOf(shape: RunShape, layout: PredictionLayout): number[] {
  const last = Math.min(shape.inputNames.length, layout.firstInput + inputSpan);
  return Array.from({ length: last - layout.firstInput }, (_, index) => layout.firstInput + index);
}
