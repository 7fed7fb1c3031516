import type { TextRange } from '../../base/problem';
import type { Column } from './column';
import type { CellFault } from './parseCell';

/** A row as its reader hands it on; valid until the next one. */
export interface PassedRow {
  /** The number of each column, in double precision; NaN where the cell holds none that a float32 can hold. */
  readonly numbers: Float64Array;
  /** What a cell says. */
  text(column: number): string;
  /** Why a cell holds no number. */
  fault(column: number): CellFault;
  /** Where a cell stands. */
  place(column: number): TextRange;
  /** The row as it stands in the file, without its line end, where that is a row of csv with commas. */
  asWritten(): string | undefined;
}

/** A column whose rows are handed on. */
export type PassedColumn = Pick<Column, 'name' | 'form'>;

/** Takes the rows of a file one by one, so that they need not fit into memory. */
export interface RowSink {
  /**
   * Called before the first row with all columns and the place of the first; reading ends where it returns
   * false. It is called again where the file is read anew, because it is not written as was assumed at first.
   */
  begin(columns: readonly PassedColumn[], place: TextRange): boolean;
  take(row: PassedRow): void;
}
