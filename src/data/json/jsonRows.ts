import { maxColumns, refusedColumns } from '../table/columnLimit';
import { refused, type CellValue, type Decoded } from '../table/decodedTable';
import type { JsonPath } from './jsonPlaces';
import { maxProblems } from '../table/problemCap';
import type { Finding } from '../../base/problem';

/** Cells up to which rows may leave out most of their columns; beyond, a file of many different keys fills the memory. */
const maxSparseCells = 10_000_000;

/** The rows of a JSON file, one value each, and where they stand. */
export interface JsonRows {
  /** Objects with a key for each column, or lists with a value for each. */
  rows: unknown[];
  /** Names of the columns where the rows are lists and the names stand apart; else a first row of texts is the names. */
  names?: unknown[];
  /** The place of what is at a path below a row, or of a name with row -1. */
  place(row: number, path: JsonPath): { start: number; end: number };
  /** The key itself below a row. */
  keyPlace(row: number, key: string): { start: number; end: number };
  /** The keys of the first row as the text orders them. */
  firstKeys(): string[];
  /** Characters of the text. */
  length: number;
}

/** A decoded table of JSON, with the number of keys that its objects have; undefined where that is not known. */
export type DecodedJson = Decoded & { keys?: number | undefined };

type JsonObject = Record<string, unknown>;

/** Columns of rows, which are all objects or all lists. Findings carry places, the result no text. */
export function decodeRows(source: JsonRows): DecodedJson {
  const { rows } = source;
  const kind = kindOf(rows[0]);
  const stray = rows.findIndex((row) => kindOf(row) !== kind);
  if (kind === 'value' || stray >= 0) {
    const at = kind === 'value' ? 0 : stray;
    const { start, end } = source.place(at, []);
    const right = kind === 'list' ? 'a list' : 'an object with a key for each column';
    const message = `row ${at + 1} is ${kindNames[kindOf(rows[at])]}; each row must be ${right}`;
    return refused('json-row', message, start, end);
  }
  return kind === 'list' ? decodeLists(source, rows as unknown[][]) : decodeObjects(source, rows as JsonObject[]);
}

/** Whether a value is an object, a list, or a single value. */
export function kindOf(value: unknown): 'object' | 'list' | 'value' {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' && value !== null ? 'object' : 'value';
}

const kindNames = { object: 'an object', list: 'a list', value: 'a single value' };

function decodeObjects(source: JsonRows, rows: JsonObject[]): DecodedJson {
  const columns = new Map<string, unknown[]>();
  let keys = 0;
  for (let row = 0; row < rows.length; row++) {
    for (const key of Object.keys(rows[row])) {
      let column = columns.get(key);
      if (column === undefined) {
        if (columns.size === maxColumns) return refusedAt(source, Object.keys(rows[row]).length, row);
        columns.set(key, (column = new Array<unknown>(rows.length)));
        if (columns.size * rows.length > Math.max(maxSparseCells, source.length)) return tooSparse(columns, rows);
      }
      column[row] = rows[row][key];
      keys++;
    }
  }
  if (columns.size === 0) return refused('no-columns', 'the objects have no keys; give each a key for every column');
  const names = namesInOrder([...columns.keys()], () => source.firstKeys());
  const { kept, findings } = flatColumns(
    names.map((name) => ({ name, values: columns.get(name)! })),
    (row, name) => source.place(row, [name]),
  );
  const place = (row: number, column: number) =>
    row < 0 ? source.keyPlace(0, kept[column].name) : source.place(row, [kept[column].name]);
  return {
    ...tableOf(kept, rows.length, place, findings),
    keys: kept.length === names.length ? keys : undefined,
  };
}

function refusedAt(source: JsonRows, columns: number, row: number): Decoded {
  const { start, end } = source.place(row, []);
  return refusedColumns(Math.max(columns, maxColumns + 1), start, end);
}

function tooSparse(columns: Map<string, unknown>, rows: unknown[]): Decoded {
  const message = `${rows.length} rows have more than ${columns.size - 1} different keys, too many columns for so small a file; use the same keys in every row`;
  return refused('sparse', message);
}

function decodeLists(source: JsonRows, all: unknown[][]): Decoded {
  const inside = source.names === undefined && all[0].length > 0 && all[0].every((name) => typeof name === 'string');
  const header = source.names ?? (inside ? all[0] : undefined);
  const { length: width } = header ?? all[0];
  if (width === 0) return refused('no-columns', 'the first row is empty; give each row a value for every column');
  if (width > maxColumns) return refusedAt(source, width, 0);
  const names = header?.map(String) ?? all[0].map((_, i) => `x${i}`);
  const first = inside ? 1 : 0;
  const findings: Finding[] = [];
  let unlisted = 0;
  const kept: number[] = [];
  for (let row = first; row < all.length; row++) {
    if (all[row].length === names.length) kept.push(row);
    else if (findings.length >= maxProblems) unlisted++;
    else findings.push(ragged(source, row, all[row].length, names.length, header !== undefined));
  }
  if (kept.length === 0 && findings.length === 0) {
    return refused('no-rows', 'the file has column names but no rows of data below them');
  }
  const columns = names.map((name, i) => ({ name, i, values: kept.map((row) => all[row][i]) }));
  const flat = flatColumns(columns, (row, _, i) => source.place(kept[row], [i]));
  const place = (row: number, column: number) => {
    const { i } = flat.kept[column];
    return row < 0 ? source.place(inside ? 0 : -1, [i]) : source.place(kept[row], [i]);
  };
  if (kept.length === 0) return { findings, unlisted };
  const { table, ...rest } = tableOf(flat.kept, kept.length, place, [...findings, ...flat.findings]);
  return { ...rest, ...(table && { table: { ...table, numbered: header === undefined } }), unlisted };
}

function ragged(source: JsonRows, row: number, found: number, expected: number, header: boolean): Finding {
  const { start, end } = source.place(row, []);
  const values = found === 1 ? '1 value' : `${found} values`;
  const other = header ? 'there are names for' : 'the first row has';
  const message = `this row has ${values}, but ${other} ${expected}; give every row as many values`;
  return { severity: 'error', code: 'ragged', message, start, end };
}

/** A column before it is known to hold single values only. */
export interface JsonColumn {
  name: string;
  values: unknown[];
}

/** Columns of single values; those that hold lists or objects are left out with a finding. */
export function flatColumns<C extends JsonColumn>(
  columns: C[],
  place: (row: number, name: string, index: number) => { start: number; end: number },
): { kept: C[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const kept = columns.filter(({ name, values }, index) => {
    const row = values.findIndex((value) => typeof value === 'object' && value !== null);
    if (row < 0) return true;
    const what = Array.isArray(values[row]) ? 'a list' : 'an object';
    const message = `column ${JSON.stringify(name)} holds ${what} here and is left out; give each of its values a column of its own`;
    findings.push({ severity: 'warning', code: 'nested', message, ...place(row, name, index) });
    return false;
  });
  return { kept, findings };
}

/** The decoded table of columns of single values; an error where none is left. */
export function tableOf(
  columns: JsonColumn[],
  rows: number,
  place: (row: number, column: number) => { start: number; end: number },
  findings: Finding[],
): Decoded {
  if (columns.length === 0) {
    return { findings: findings.map((finding) => ({ ...finding, severity: 'error' as const })) };
  }
  const values = columns.map((column) => column.values as CellValue[]);
  return { table: { names: columns.map(({ name }) => name), rows, values, place }, findings };
}

/** JSON.parse puts keys that are whole numbers first; the order of the text is looked up where there are any. */
export function namesInOrder(names: string[], ordered: () => string[]): string[] {
  if (!names.some((name) => /^\d+$/.test(name))) return names;
  const known = new Set(names);
  return [...new Set([...ordered().filter((name) => known.has(name)), ...names])];
}
