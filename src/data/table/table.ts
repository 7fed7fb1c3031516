import type { Problem, TextRange } from '../../base/problem';
import type { DataSource, ReadWatch } from '../bytes/byteSource';
import type { Column } from './column';
import type { ColumnWriting } from '../../engine/dataset';
import type { TextEncoding } from '../bytes/textPieces';
import type { RowSink } from './rowSink';

/** What a reader makes of a file, whatever its format: columns of numbers, and where each cell stands and what it says. */
export interface Table {
  /** Path or name of the file, as problems name it. */
  fileName: string;
  /** Rows with data. Rows with a wrong number of cells are not among them; they are problems. */
  rows: number;
  columns: Column[];
  /** What stands between the cells of delimited text. */
  delimiter?: string;
  /** Whether the file does not name its columns. */
  numbered?: boolean;
  /** Whether cells have no place in the file, as in binary formats; what is said of a cell then names its row. */
  placeless?: boolean;
  /** Place and text of a cell that its column remembers, else its column's place. Rows count from 0, the header is row -1. */
  cell(row: number, column: number): CellPlace;
}

/** A cell's place in its file, and what stands there. */
export interface CellPlace {
  range: TextRange;
  text: string;
}

/** What a reader returns. */
export interface TableResult {
  /** Absent where the file has no row of data that could be used; there are problems then. */
  table?: Table;
  /** What is wrong with the file, whichever columns are used. */
  problems: Problem[];
  /** Errors beyond those listed in `problems`. */
  unlisted: number;
  /** Where the table may begin, where lines stand above it; the first is the likeliest, and one alone is how it was read. */
  starts?: TableStart[];
}

/** A line of delimited text that may be the first row of its table. */
export interface TableStart {
  /** From 1. */
  line: number;
  /** What its cells hold. */
  texts: string[];
  /** The option by which the table begins there. */
  skipRows: number | number[];
}

/** Whether a cell holds one of some values. Takes its number, NaN for a text, and how it is written. */
export type IsKnown = (value: number, written: string) => boolean;

/** How a file is to be read. Only delimited text needs the first eight. */
export interface ReadOptions {
  /** The character between cells, or `whitespace` for runs of blanks and tabs; told by the first rows where left out. */
  delimiter?: string | undefined;
  /** Between whole and fraction; where left out, told for each column by its first cells. */
  decimal?: '.' | ',';
  /** The character between groups of digits; told for each column where left out. */
  thousands?: string;
  /** Whether the first row names the columns, or which row does, from 0; where left out, unless it holds numbers as the rows below do. */
  header?: boolean | number;
  /** What begins a comment; told by the first lines where left out. */
  comment?: string;
  /** Lines at the beginning, or lines by their number from 0, that are no rows. With 0, none is guessed either. */
  skipRows?: number | readonly number[];
  /** Lines at the end that are no rows. With 0, none is guessed either. */
  skipFooter?: number;
  /** Whether a row that ends early is filled with empty cells. */
  fillShort?: boolean;
  /** The sheet of a workbook, by its name or its number from 0; the first where left out. */
  sheet?: string | number;
  /** Told by the byte order mark where left out; else UTF-8, or Latin-1 if the bytes are not valid UTF-8. */
  encoding?: TextEncoding;
  /** Words that stand for no value, besides the usual ones. */
  naValues?: readonly string[];
  /** What columns are called that the file does not name, instead of x0, x1 and so on; with `always`, all of them. */
  names?: { texts: readonly string[]; always: boolean };
  /** By the names of columns whose texts are kept: which values are known. The first cells with another are remembered. */
  known?: ReadonlyMap<string, IsKnown>;
  /** By their names, how the numbers of columns are written where the file does not say so itself. */
  writings?: ReadonlyMap<string, ColumnWriting>;
  /** Columns of dates, which become days since one, written as in `2023-01-31`. */
  dates?: { columns: readonly string[]; since: string; dayFirst: boolean };
  /** Names of the columns whose texts are kept. */
  texts?: readonly string[];
  /** Whether to remember the first numbers below 0 or above 1. */
  probabilities?: boolean;
  /** Names of the columns whose first numbers below 0 are remembered. */
  weights?: readonly string[];
  /** Whether numbers are scaled before they become float32. */
  scaled?: boolean;
  /** Takes each row that is kept, in their order. The table of delimited text then holds no numbers. */
  sink?: RowSink;
}

/** Reads one format. @throws ReadCancelled, RangeError beyond memory, or what the source throws */
export type TableReader = (
  source: DataSource,
  fileName: string,
  options: ReadOptions,
  watch: ReadWatch,
) => TableResult | Promise<TableResult>;
