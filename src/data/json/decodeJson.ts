import { maxColumns, refusedColumns } from '../table/columnLimit';
import { refused, type Decoded } from '../table/decodedTable';
import { decodeText } from '../bytes/decodeText';
import { JsonPlaces, type JsonPath } from './jsonPlaces';
import {
  decodeRows,
  flatColumns,
  kindOf,
  namesInOrder,
  tableOf,
  type DecodedJson,
  type JsonColumn,
  type JsonRows,
} from './jsonRows';
import { countKeys, duplicateKeys, parseJson } from './parseJson';

type JsonObject = Record<string, unknown>;

const shapesAdvice =
  'a dataset is a list of objects, one a row, like [{"x": 1, "y": 2}], or an object of lists, one a column, like {"x": [1], "y": [2]}';

/**
 * Decodes JSON as pandas and most programs write tables: a list of objects or of lists, an object of columns, or pandas'
 * orients `split`, `index`, `columns` and `table`. Never throws.
 */
export function decodeJson(source: Uint8Array | string): Decoded {
  const { text, findings } = decodeText(source);
  if (findings.some((finding) => finding.severity === 'error')) return { findings, text };
  if (text.trim() === '') return { ...refused('empty', `the file is empty; ${shapesAdvice}`), text };
  const parsed = parseJson(text);
  if ('finding' in parsed) return { findings: [...findings, parsed.finding], text };
  const { keys, ...decoded } = decodeShape(parsed.value, text);
  const twice = keys !== undefined && keys !== countKeys(text) ? duplicateKeys(text) : [];
  return { ...decoded, findings: [...findings, ...decoded.findings, ...twice], text };
}

function decodeShape(value: unknown, text: string): DecodedJson {
  const places = new JsonPlaces(text);
  if (Array.isArray(value)) return decodeList(value, text, places, []);
  const whole = places.place([]);
  if (kindOf(value) !== 'object') return refused('json-shape', shapesAdvice, whole.start, whole.end);
  const object = value as JsonObject;
  const entries = Object.entries(object);
  if (Array.isArray(object.columns) && Array.isArray(object.data)) {
    return decodeList(object.data, text, places, ['data'], object.columns);
  }
  if (object.type === 'FeatureCollection' && Array.isArray(object.features)) {
    const { start, end } = places.place(['features']);
    const message = 'this is a map (GeoJSON); write the properties of its features as a list of objects, one a row';
    return refused('geojson', message, start, Math.min(end, start + 1));
  }
  const lists = entries.filter(([, one]) => Array.isArray(one)) as [string, unknown[]][];
  if (lists.length === 1 && kindOf(lists[0][1][0]) !== 'value') {
    return decodeList(lists[0][1], text, places, [lists[0][0]]);
  }
  if (entries.length > 0 && lists.length === entries.length) return decodeColumns(lists, places);
  if (entries.length > 0 && entries.every(([, one]) => kindOf(one) === 'object')) {
    return decodeLabelled(entries as [string, JsonObject][], text, places);
  }
  return refused('json-shape', shapesAdvice, whole.start, whole.end);
}

function decodeList(rows: unknown[], text: string, places: JsonPlaces, path: JsonPath, names?: unknown[]): DecodedJson {
  if (rows.length === 0) {
    const { start, end } = places.place(path);
    return refused('no-rows', `this list is empty; ${shapesAdvice}`, start, end);
  }
  const source: JsonRows = {
    rows,
    place: (row, rest) => places.place(row < 0 ? ['columns', ...rest] : [...path, row, ...rest]),
    keyPlace: (row, key) => places.keyPlace([...path, row, key]),
    firstKeys: () => places.keyOrder([...path, 0]),
    length: text.length,
    ...(names && { names }),
  };
  const decoded = decodeRows(source);
  return path.length > 0 ? { ...decoded, keys: undefined } : decoded;
}

/** Columns by name, each a list with a value for every row. */
function decodeColumns(lists: [string, unknown[]][], places: JsonPlaces): DecodedJson {
  if (lists.length > maxColumns) return refusedColumns(lists.length);
  const byName = new Map(lists);
  const names = namesInOrder([...byName.keys()], () => places.keyOrder([]));
  const rows = byName.get(names[0])!.length;
  const columns = names.map((name) => ({ name, values: byName.get(name)! }));
  const uneven = columns.filter(({ values }) => values.length !== rows);
  if (uneven.length > 0) {
    const findings = uneven.slice(0, 100).map(({ name, values }) => {
      const message = `column ${JSON.stringify(name)} has ${values.length} values, but ${JSON.stringify(names[0])} has ${rows}; give every column as many`;
      return { severity: 'error' as const, code: 'uneven', message, ...places.keyPlace([name]) };
    });
    return { findings, unlisted: uneven.length - findings.length };
  }
  if (rows === 0) return refused('no-rows', `the columns are empty; ${shapesAdvice}`);
  const { kept, findings } = flatColumns(columns, (row, name) => places.place([name, row]));
  const place = (row: number, column: number) =>
    row < 0 ? places.keyPlace([kept[column].name]) : places.place([kept[column].name, row]);
  return {
    ...tableOf(kept, rows, place, findings),
    keys: kept.length === columns.length ? columns.length : undefined,
  };
}

/**
 * Columns by name with their values by row label (pandas' default), or rows by label. They look alike; pandas' row labels
 * are whole numbers by default, so the outer keys are labels where they alone are such numbers. Where no keys are, there are
 * likelier more rows than columns.
 */
function decodeLabelled(entries: [string, JsonObject][], text: string, places: JsonPlaces): DecodedJson {
  const whole = (key: string) => /^\d+$/.test(key);
  const byName = new Map(entries);
  const names = namesInOrder([...byName.keys()], () => places.keyOrder([]));
  const inner = new Set<string>();
  for (const [, one] of entries) for (const key of Object.keys(one)) inner.add(key);
  const byWord = !names.some(whole) && names.length > inner.size;
  if ((names.every(whole) || byWord) && ![...inner].some(whole)) {
    const decoded = decodeRows({
      rows: names.map((name) => byName.get(name)!),
      place: (row, rest) => places.place([names[row], ...rest]),
      keyPlace: (row, key) => places.keyPlace([names[row], key]),
      firstKeys: () => places.keyOrder([names[0]]),
      length: text.length,
    });
    if (!byWord) return decoded;
    const message = `each of the ${names.length} objects is taken as a row, since they have only ${inner.size} keys; if each is a column, write it as a list`;
    const place = { start: 0, end: 1 };
    return {
      ...decoded,
      findings: [...decoded.findings, { severity: 'information', code: 'json-rows', message, ...place }],
    };
  }
  if (names.length > maxColumns) return refusedColumns(names.length);
  const rows = namesInOrder([...inner], () => places.keyOrder([names[0]]));
  if (rows.length === 0) return refused('no-rows', `the columns are empty; ${shapesAdvice}`);
  if (entries.length * rows.length > Math.max(10_000_000, text.length)) {
    const message = `${entries.length} columns have ${rows.length} different row labels, too many for so small a file; use the same labels in every column`;
    return refused('sparse', message);
  }
  const columns: JsonColumn[] = names.map((name) => ({
    name,
    values: rows.map((label) => own(byName.get(name)!, label)),
  }));
  const { kept, findings } = flatColumns(columns, (row, name) => places.place([name, rows[row]]));
  const place = (row: number, column: number) =>
    row < 0 ? places.keyPlace([kept[column].name]) : places.place([kept[column].name, rows[row]]);
  return tableOf(kept, rows.length, place, findings);
}

function own(cells: JsonObject, label: string): unknown {
  return Object.hasOwn(cells, label) ? cells[label] : undefined;
}
