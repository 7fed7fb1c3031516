import { maxColumns, tooManyColumns } from '../table/columnLimit';
import { refused, type CellValue, type Decoded } from '../table/decodedTable';
import { npyHeader, type NpyFault, type NpyField, type NpyHeader } from './npyHeader';
import type { Finding } from '../../base/problem';

/** An array as columns. */
export interface NpyArray {
  rows: number;
  /** Whether the columns are the named fields of a structured array; else they have no names. */
  structured: boolean;
  columns: { name: string; values: ArrayLike<CellValue> }[];
  /** Fields that were left out, with their types. */
  skipped: string[];
}

/**
 * Decodes a .npy file: a column for each field of a structured array, else for each second index, named `x0`, `x1` … Never
 * throws.
 */
export function decodeNpy(bytes: Uint8Array): Decoded {
  const array = readNpy(bytes);
  if ('message' in array) return refused(array.code, array.message);
  const { rows, columns, structured, skipped } = array;
  const names = columns.map(({ name }, i) => (structured ? name : `x${i}`));
  const values = columns.map((column) => column.values);
  return { table: { names, numbered: !structured, rows, values }, findings: skippedFindings(skipped) };
}

/** Reads an array of one or two dimensions. The file is checked to hold as many bytes as its header says before any is read. */
export function readNpy(bytes: Uint8Array): NpyArray | NpyFault {
  const header = npyHeader(bytes);
  if ('message' in header) return header;
  const { shape, itemSize, dataStart, fields, skipped, structured } = header;
  const size = `the array has the shape (${shape.join(', ')})`;
  if (shape.length === 0 || shape.length > 2) {
    const message = `${size}; save one with two dimensions, a row for each example, like array.reshape(len(array), -1)`;
    return { code: 'npy-shape', message };
  }
  if (structured && shape.length === 2) {
    return { code: 'npy-shape', message: `${size} and named fields; save it with one dimension, like array.ravel()` };
  }
  const [rows, width = 1] = shape;
  const expected = rows * width * itemSize;
  const found = bytes.length - dataStart;
  if (expected > found) {
    const message = `${size} and needs ${expected} bytes, but the file has ${found}; it is cut off, copy the whole file`;
    return { code: 'truncated', message };
  }
  if (expected === 0) return { code: 'no-rows', message: `${size} and holds no values; rows of numbers are needed` };
  if (width > maxColumns) {
    return { code: 'too-many-columns', message: `${size}: ${tooManyColumns(width)}` };
  }
  if (fields.length === 0) {
    const message = `no field of this array can be read: ${skipped.join(', ')}; save numbers or texts`;
    return { code: 'npy-type', message };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, expected);
  return { rows, structured, columns: columnsOf(view, header, rows, width), skipped };
}

/** A note about fields or columns that were left out of a table; none if there are none. */
export function skippedFindings(skipped: string[]): Finding[] {
  if (skipped.length === 0) return [];
  const message = `left out, because only single numbers, truth values and texts can be read: ${skipped.slice(0, 10).join(', ')}`;
  const more = skipped.length > 10 ? ` and ${skipped.length - 10} more` : '';
  return [{ severity: 'information', code: 'skipped-column', message: message + more, start: 0, end: 0 }];
}

function columnsOf(view: DataView, header: NpyHeader, rows: number, width: number): NpyArray['columns'] {
  const { fields, structured, itemSize, fortran } = header;
  if (structured) {
    return fields.map((field) => ({ name: field.name, values: readColumn(view, field, field.offset, itemSize, rows) }));
  }
  const step = fortran ? itemSize : itemSize * width;
  const next = fortran ? itemSize * rows : itemSize;
  return Array.from({ length: width }, (_, i) => {
    return { name: '', values: readColumn(view, fields[0], i * next, step, rows) };
  });
}

function readColumn(
  view: DataView,
  { type }: NpyField,
  start: number,
  step: number,
  rows: number,
): ArrayLike<CellValue> {
  const values = allocate(type, rows);
  for (let row = 0, at = start; row < rows; row++, at += step) values[row] = type.read(view, at);
  return values;
}

function allocate({ kind, single }: NpyField['type'], rows: number): { [row: number]: CellValue; length: number } {
  if (kind !== 'number') return new Array<CellValue>(rows);
  return single ? new Float32Array(rows) : new Float64Array(rows);
}
