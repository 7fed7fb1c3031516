import { formatCount } from '../base/format';

/** A format that datasets are read from. */
export type DatasetFormat = 'csv' | 'tsv' | 'json' | 'jsonl' | 'npy' | 'npz' | 'parquet' | 'xlsx' | 'zip';

/**
 * Bytes that are read of a file. JavaScript engines hold texts of half a gigabyte, with room to spare; of binary formats and
 * of delimited text, more numbers would not fit into the memory of WebAssembly.
 */
export const maxBytes: Record<DatasetFormat, number> = {
  csv: 2 ** 32,
  tsv: 2 ** 32,
  json: 500_000_000,
  jsonl: 500_000_000,
  npy: 2 ** 32,
  npz: 2 ** 32,
  parquet: 2 ** 32,
  xlsx: 2 ** 30,
  zip: 2 ** 30,
};

/** What is said of a file with more bytes than `limit`; `bytes` where that is known before it is read. */
export function tooManyBytes(limit: number, bytes?: number): string {
  const size = bytes === undefined ? 'more' : `${formatCount(bytes)} bytes, more`;
  return `it has ${size} than the ${formatCount(limit)} bytes that can be read of a file of this kind`;
}

/** The format by the end of a file's name, without the dot; `dataOnly` unless most files of such a name hold something else. */
const endings: Record<string, { format: DatasetFormat; dataOnly: boolean }> = {
  csv: { format: 'csv', dataOnly: true },
  tsv: { format: 'tsv', dataOnly: true },
  tab: { format: 'tsv', dataOnly: true },
  txt: { format: 'csv', dataOnly: false },
  data: { format: 'csv', dataOnly: false },
  dat: { format: 'csv', dataOnly: false },
  asc: { format: 'csv', dataOnly: false },
  json: { format: 'json', dataOnly: false },
  jsonl: { format: 'jsonl', dataOnly: true },
  ndjson: { format: 'jsonl', dataOnly: true },
  npy: { format: 'npy', dataOnly: true },
  npz: { format: 'npz', dataOnly: true },
  parquet: { format: 'parquet', dataOnly: true },
  pq: { format: 'parquet', dataOnly: true },
  xlsx: { format: 'xlsx', dataOnly: true },
  xlsm: { format: 'xlsx', dataOnly: true },
  zip: { format: 'zip', dataOnly: false },
};

/** The end that says of any of these that it is packed. */
const packedEnding = /\.gz$/i;

/** Ends of the names of files that can be read as datasets, without the dot; each may be followed by `.gz`. */
export const datasetExtensions: readonly string[] = Object.keys(endings);

/** Those of which a file of that name is a dataset wherever it is found; `.json` and `.txt` can be anything. */
export const dataOnlyExtensions: readonly string[] = datasetExtensions.filter((one) => endings[one].dataOnly);

/** How a file is read, by the end of its name. */
export interface FileFormat {
  format: DatasetFormat;
  /** Whether gzip packed it. */
  packed: boolean;
  dataOnly: boolean;
}

/** The format that a file's name or path ends in; undefined if it is not a dataset. Configs are not datasets. */
export function fileFormat(fileName: string): FileFormat | undefined {
  const packed = packedEnding.test(fileName);
  const name = fileName.replace(packedEnding, '').toLowerCase();
  const extension = /\.([^./\\]+)$/.exec(name)?.[1] ?? '';
  if (name.endsWith('.gd.json') || !Object.hasOwn(endings, extension)) return undefined;
  return { ...endings[extension], packed };
}

/** Files of programs, not of data, by their names. */
const otherFiles = [
  /^\./,
  /^(package|package-lock|npm-shrinkwrap|composer|bower|lerna|nx|turbo|deno|vercel|angular|firebase|manifest)\.json$/,
  /^(ts|js)config(\..+|-.+)?\.json$/,
  /^(\w+-)?requirements(-\w+)?\.txt$|^constraints\.txt$/,
  /^(readme|licen[cs]e|notice|copying|changelog|authors|contributors|cmakelists|robots)(\..+)?\.txt$/,
  /[.-](lock|schema)\.json$|\.code-workspace$/,
];
const otherFolders = /(^|\/)(node_modules|\.(vscode(-test)?|git|github|idea|devcontainer|venv|tox))\//;

/**
 * Whether a file may well be a dataset, by its path in the workspace: not where its name says that a program's settings or a
 * text for people are in it.
 */
export function mayBeDataset(path: string): boolean {
  const format = fileFormat(path);
  // Of zip archives only those whose name says what is in them.
  if (format?.format === 'zip') return mayBeDataset(path.replace(/\.zip(\.gz)?$/i, ''));
  if (!format || format.dataOnly) return format !== undefined;
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return !otherFolders.test(path) && !otherFiles.some((pattern) => pattern.test(name));
}

/** Whether a file may be delimited text, by the end of its name. */
export function isDelimited(fileName: string): boolean {
  const format = fileFormat(fileName)?.format;
  return format === 'csv' || format === 'tsv' || format === 'zip' || format === 'xlsx';
}
