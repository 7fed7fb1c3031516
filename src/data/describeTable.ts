import type { Problem } from '../base/problem';
import { fileFormat } from '../base/datasetFormats';
import type { DataSource, ReadWatch } from './bytes/byteSource';
import { headOf } from './bytes/headOf';
import type { Column } from './table/column';
import { rowNumbers } from './table/isIdentifier';
import { capProblems } from './table/problemCap';
import { readTable } from './readTable';
import type { ReadOptions, Table, TableStart } from './table/table';
import { isCode } from './table/isCode';
import { datesIn } from './table/dateCells';
import { faultyTexts, fewTexts, textColumn, type TextColumn } from './table/textColumn';

/** One column of a dataset file, for pickers, completion and checks. */
export interface ColumnSummary {
  name: string;
  /** `number` where most of its cells are numbers; a text among them is then a problem. */
  type: 'number' | 'text';
  /** Lowest and highest number; absent if there is none. */
  min?: number;
  max?: number;
  /**
   * The farthest number from the mean, in population standard deviations; 0 where all are equal. Of few texts the same of
   * the point that one input for each of them makes: 1 where a row holds it, else 0.
   */
  reach?: number;
  /** Cells without a value. */
  missing: number;
  /** Different values; absent where there are more than 100. */
  distinct?: number;
  /** Whether every cell that holds anything holds the same. */
  constant: boolean;
  /** The first different values as they are written, at most three. */
  samples: string[];
  /** Whether the column can be taken without being named: a number column with a name of its own. */
  candidate: boolean;
  /** Whether it only numbers the rows, and so is no input as long as there are others, unless it is named. */
  identifier: boolean;
  /** Of one that may as well be an input: the columns that it goes with, beside which it is one. */
  carries?: string[];
  /** Whether it holds few enough texts to be turned into one column for each of them. */
  oneHot: boolean;
  /** Of a column of text that holds dates: the earliest of the first ones, and how they are written. */
  dates?: { first: string; dayFirst: boolean };
  /** Whether its numbers are codes, such as postcodes, that repeat: names rather than amounts. */
  code?: true;
  /** Of a column of text: why it is no input as it stands, and what would make it one. */
  text?: TextColumn;
}

/** What a dataset file holds. Plain data: can be posted between threads. */
export interface DatasetSummary {
  /** Rows with data, without the header. */
  rows: number;
  columns: ColumnSummary[];
  /** What is wrong with the file, whichever columns are used. */
  problems: Problem[];
  /** Where the table may begin, where lines stand above it. */
  starts?: TableStart[];
  /** These are its first rows; there are more. */
  isHead?: true;
}

/**
 * Describes a dataset file. Never throws: a file without usable rows has problems and no columns. With `head`, this many bytes
 * are read of delimited text that is not packed.
 */
export async function describeFile(
  source: DataSource,
  fileName: string,
  options: ReadOptions = {},
  watch: ReadWatch = {},
  head?: number,
): Promise<DatasetSummary> {
  const format = fileFormat(fileName);
  const hasHead = head !== undefined && !format?.packed && (format?.format === 'csv' || format?.format === 'tsv');
  const first = hasHead ? await headOf(source, head).catch(() => undefined) : undefined;
  const { table, problems, unlisted, starts } = await readTable(first ?? source, fileName, options, watch);
  // A file whose beginning has no rows may have some later on.
  if (first && !table && !starts) return describeFile(source, fileName, options, watch);
  return {
    rows: 0,
    columns: [],
    ...(table && describeTable(table)),
    problems: capProblems(problems, unlisted),
    ...(starts && { starts }),
    ...(first && { isHead: true as const }),
  };
}

/** Describes a table's columns. */
export function describeTable(table: Table): Pick<DatasetSummary, 'rows' | 'columns'> {
  return { rows: table.rows, columns: table.columns.map((column, i) => summaryOf(table, column, i)) };
}

function summaryOf({ columns, delimiter }: Table, column: Column, index: number): ColumnSummary {
  const { name, type, distinct, constant, samples, min, max } = column;
  const text = type === 'text' ? textColumn(column, delimiter) : undefined;
  const isFew = distinct !== undefined && distinct > 1 && distinct <= fewTexts;
  const oneHot = text !== undefined && isFew && !text.likeNumbers;
  const dates = text && datesIn(faultyTexts(column));
  const code = isCode(column);
  return {
    name,
    type,
    ...(column.numbers > 0 ? { min, max, reach: reachOf(column) } : {}),
    ...(oneHot && { reach: oneHotReach(column.counts!) }),
    ...(code && { reach: oneHotReach(countsOf(column)), code }),
    ...(dates && { dates }),
    missing: column.faultCounts.missing,
    ...(distinct === undefined ? {} : { distinct }),
    constant,
    samples,
    candidate: column.candidate,
    ...rowNumbers(columns, index),
    oneHot,
    ...(text && { text }),
  };
}

function reachOf({ data, mean, min, max, numbers }: Column): number {
  let squares = 0;
  for (const value of data) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  return squares > 0 ? Math.max(max - mean, mean - min) / Math.sqrt(squares / numbers) : 0;
}

function countsOf({ data }: Column): number[] {
  const counts = new Map<number, number>();
  for (const value of data) if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()];
}

/** The longest row of categories that occur so often, each an input of mean 0 and deviation 1. */
function oneHotReach(counts: number[]): number {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const zeros = counts.reduce((sum, count) => sum + count / (rows - count), 0);
  const squares = counts.map((count) => zeros - count / (rows - count) + (rows - count) / count);
  return Math.sqrt(Math.max(...squares));
}
