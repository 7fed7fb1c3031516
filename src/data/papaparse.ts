// The minified file is the one for browsers: the other one asks for Node's streams, which a web worker does not have. The
// published types need Node's and the DOM's, which have no place here either; importing the file by its name leaves them out.
// @ts-expect-error without them the file has no types
import untyped from 'papaparse/papaparse.min.js';

/** A fault that the parser found; `index` is the offset in the input just after the cell's opening quote. */
export interface ParseFault {
  type: 'Quotes' | 'Delimiter' | 'FieldMismatch';
  code: string;
  index: number;
}

/** Rows that were read; `meta.cursor` is where the last of them ends. */
export interface ParsedRows {
  data: string[][];
  errors: ParseFault[];
  meta: { cursor: number; delimiter: string };
}

/** The part of papaparse that reading delimited text uses. */
interface Papaparse {
  /** The parser beneath `parse`; calls `step` with one row at a time. */
  Parser: new (config: { delimiter: string; newline: string; step: (row: ParsedRows) => void }) => {
    /** `input` starts at offset `baseIndex` of the whole text, from which cursors count. */
    parse(input: string, baseIndex: number, ignoreLastRow: boolean): ParsedRows;
  };
  parse(
    input: string,
    config: { preview: number; newline: string; delimitersToGuess: string[]; skipEmptyLines: boolean },
  ): ParsedRows;
}

/** papaparse, typed. */
export const papaparse = untyped as Papaparse;
