import type { Finding } from '../../base/problem';

/** What a cell of a decoded file can hold; null, undefined and NaN stand for no value. */
export type CellValue = number | string | boolean | null | undefined;

/** What a decoder makes of a file, whatever its format. */
export interface DecodedTable {
  /** One a column. They may be empty or alike; `tableOfDecoded` reports that. */
  names: string[];
  /** Whether the file does not name them. */
  numbered?: boolean;
  rows: number;
  /** One array a column, `rows` long. */
  values: ArrayLike<CellValue>[];
  /** Where a cell, or with row -1 a column's name, stands in the text; absent where the format is no text. */
  place?(row: number, column: number): { start: number; end: number };
}

/** What a decoder returns: a table, or findings of which one is an error; notes can stand beside a table. */
export interface Decoded {
  table?: DecodedTable;
  findings: Finding[];
  /** Errors beyond those in `findings`. */
  unlisted?: number;
  /** The text that places and findings are offsets of; absent where the format is no text. */
  text?: string;
}

/** What a decoder returns for a file that it cannot read. */
export function refused(code: string, message: string, start = 0, end = start): Decoded {
  return { findings: [{ severity: 'error', code, message, start, end }] };
}
