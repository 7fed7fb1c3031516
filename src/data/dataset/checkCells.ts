import { formatQuantity, formatRounded } from '../../base/format';
import type { Problem } from '../../base/problem';
import { formCure } from '../table/cellForms';
import type { Column } from '../table/column';
import { numberCure } from '../table/numberLook';
import { categoryFaultMessage, faultMessage, type CellFault } from '../table/parseCell';
import { maxProblems } from '../table/problemCap';
import type { Table } from '../table/table';
import { constantWords, faultyTexts } from '../table/textColumn';

/** What to do about cells without a value. */
export type MissingRule = 'error' | 'drop' | 'mean' | 'category';

/**
 * The cells of the used columns (by place) that are not numbers, in the order of the file, and notes on columns as a whole.
 * Columns of `categories`, by what they call them, may also hold names, and have no mean. `unlisted` counts the errors
 * beyond those listed.
 * @param weight the column that says what rows count, which may be the same in all of them.
 * @param isValidation leaves out notes on columns as a whole, and takes any text for a category.
 */
export function checkCells(
  table: Table,
  used: number[],
  missing: MissingRule,
  categories: ReadonlyMap<number, 'class' | 'category'>,
  { weight, isValidation = false }: { weight?: number | undefined; isValidation?: boolean } = {},
): { problems: Problem[]; unlisted: number } {
  const typeOf = (i: number) => (isValidation ? 'text' : table.columns[i].type);
  const faultsOf = (i: number) => faultOrder.filter((fault) => isFault(fault, typeOf(i), missing, categories.get(i)));
  const cells = used.flatMap((i) =>
    faultsOf(i).flatMap((fault) => table.columns[i].faultRows[fault].map((row) => ({ row, i, fault }))),
  );
  cells.sort((a, b) => a.row - b.row || a.i - b.i);
  const errors = cells.slice(0, maxProblems).map(({ row, i, fault }): Problem => {
    const { range, text } = table.cell(row, i);
    const { name, type } = table.columns[i];
    const cure = fault === 'text' ? cureOf(table, i, text) : undefined;
    const what = categories.get(i);
    const message = what
      ? categoryFaultMessage(what, fault, type, name, text, cure)
      : faultMessage(fault, name, text, cure);
    return {
      file: table.fileName,
      ...range,
      severity: 'error',
      message: atRow(table, row, message),
      code: faultCodes[fault],
    };
  });
  const total = used.flatMap((i) => faultsOf(i).map((fault) => table.columns[i].faultCounts[fault]));
  const unlisted = total.reduce((sum, count) => sum + count, 0) - errors.length;
  return {
    problems: [
      ...errors,
      ...used.flatMap((i) =>
        categories.has(i)
          ? gapNotes(table, i, missing, categories.get(i))
          : isValidation
            ? []
            : columnNotes(table, i, missing, i === weight),
      ),
    ],
    unlisted,
  };
}

/** What would make a text in a column of numbers one of them. */
function cureOf({ columns, delimiter }: Table, index: number, text: string): string | undefined {
  const { form } = columns[index];
  // A word among amounts is not an amount without its sign.
  const isAmount = typeof form === 'object' && 'sign' in form;
  if (isAmount && !/\d/.test(text)) return undefined;
  return form ? formCure(form) : numberCure(text, faultyTexts(columns[index]), delimiter);
}

/** What is said of a cell, with its row, from 1, where the cell has no place that shows it. */
export function atRow({ placeless = false }: Table, row: number, message: string): string {
  return placeless ? `row ${row + 1}: ${message}` : message;
}

const faultOrder: CellFault[] = ['text', 'notFinite', 'tooLarge', 'missing'];

function isFault(
  fault: CellFault,
  type: Column['type'],
  missing: MissingRule,
  what: 'class' | 'category' | undefined,
): boolean {
  if (fault === 'missing') {
    if (missing === 'mean') return what === 'class';
    return missing === 'error' || (missing === 'category' && what !== 'category');
  }
  return what === undefined || type === 'number' || fault === 'notFinite';
}

const faultCodes: Record<CellFault, string> = {
  missing: 'missing-value',
  text: 'not-a-number',
  notFinite: 'not-finite',
  tooLarge: 'beyond-float32',
};

/** What becomes of the empty cells of a column of categories. */
function gapNotes(
  table: Table,
  index: number,
  missing: MissingRule,
  what: 'class' | 'category' | undefined,
): Problem[] {
  const { name, faultCounts, faultRows } = table.columns[index];
  const isKept = what === 'category' && (missing === 'mean' || missing === 'category');
  if (!isKept || faultCounts.missing === 0) return [];
  const rows = formatQuantity(faultCounts.missing, 'row');
  const become = missing === 'mean' ? '0 in each of its inputs' : `1 in the input ${JSON.stringify(`${name}=nan`)}`;
  const message = `${rows} without a value in column ${JSON.stringify(name)}: ${become}`;
  const { range } = table.cell(faultRows.missing[0], index);
  return [{ file: table.fileName, ...range, severity: 'information', message, code: 'no-category' }];
}

function columnNotes(table: Table, index: number, missing: MissingRule, isWeight: boolean): Problem[] {
  const column = table.columns[index];
  const name = JSON.stringify(column.name);
  const notes: Problem[] = [];
  const note = (message: string, code: string) =>
    notes.push({ file: table.fileName, ...table.cell(-1, index).range, severity: 'information', message, code });
  if (column.constant && table.rows > 1 && !isWeight) {
    note(`column ${name} ${constantWords(column)}; it tells the model nothing`, 'constant');
  }
  const empty = column.faultCounts.missing;
  if (missing === 'mean' && empty > 0 && column.numbers > 0) {
    const cells = formatQuantity(empty, 'empty cell');
    note(
      `${cells} of column ${name} ${empty === 1 ? 'takes' : 'take'} its mean, ${formatRounded(column.mean, 7)}`,
      'mean',
    );
  }
  return notes;
}
