import type { Problem, TextRange } from '../problem';
import type { Column } from './column';

/** Something found in a text, from offset `start` up to `end`. */
export interface Finding extends Pick<Problem, 'message' | 'severity'> {
  code: string;
  start: number;
  end: number;
}

/** What a reader makes of a file, whatever its format: columns of numbers, and where each cell stands and what it says. */
export interface Table {
  /** Path or name of the file, as problems name it. */
  fileName: string;
  /** Rows with data. Rows with a wrong number of cells are not among them; they are problems. */
  rows: number;
  columns: Column[];
  /** Place and text of a cell. Rows count from 0, the header is row -1. */
  cell(row: number, column: number): CellPlace;
  /** The text of a cell alone, for reading a whole column of it. */
  text(row: number, column: number): string;
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
}

/** Reads one format, from a file's bytes or from the text of an open document. Never throws. */
export type TableReader = (source: Uint8Array | string, fileName: string) => TableResult;
