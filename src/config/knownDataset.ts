import type { Problem } from '../base/problem';

/** What a config needs to know of a column in a dataset file. */
export interface KnownColumn {
  name: string;
  type: 'number' | 'text';
  /** Cells without a value. */
  missing: number;
  /** Of a column of text: what it holds, and what would make it an input, or why nothing would. */
  text?: { what: string; advice?: string; likeNumbers: boolean };
  /** Different values; absent where there are many. */
  distinct?: number;
  /** Whether the column can be taken without being named: a number column with a name of its own. */
  candidate: boolean;
  /** Whether it only numbers the rows, or is the same in all of them: it is no input then as long as there are others. */
  identifier?: boolean;
  /** Of such a column: the targets beside which it is an input after all. */
  carries?: string[];
  constant?: boolean;
}

/** What a config needs to know of a dataset file. */
export interface KnownDataset {
  /** Rows with data, without the header. */
  rows: number;
  columns: KnownColumn[];
  /** What is wrong with the file by itself. */
  problems?: readonly Problem[];
}
