/** A format that datasets are read from. */
export type DatasetFormat = 'csv' | 'tsv' | 'json' | 'jsonl' | 'npy' | 'npz' | 'parquet';

/** The format by the end of a file's name, without the dot; `dataOnly` unless most files of such a name hold something else. */
const ENDINGS: Record<string, { format: DatasetFormat; dataOnly: boolean }> = {
  csv: { format: 'csv', dataOnly: true },
  tsv: { format: 'tsv', dataOnly: true },
  tab: { format: 'tsv', dataOnly: true },
  txt: { format: 'csv', dataOnly: false },
  json: { format: 'json', dataOnly: false },
  jsonl: { format: 'jsonl', dataOnly: true },
  ndjson: { format: 'jsonl', dataOnly: true },
  npy: { format: 'npy', dataOnly: true },
  npz: { format: 'npz', dataOnly: true },
  parquet: { format: 'parquet', dataOnly: true },
  pq: { format: 'parquet', dataOnly: true },
};

/** The end that says of any of these that it is packed. */
const PACKED = /\.gz$/i;

/** Ends of the names of files that can be read as datasets, without the dot; each may be followed by `.gz`. */
export const DATASET_EXTENSIONS: readonly string[] = Object.keys(ENDINGS);

/** Those of which a file of that name is a dataset wherever it is found; `.json` and `.txt` can be anything. */
export const DATA_ONLY_EXTENSIONS: readonly string[] = DATASET_EXTENSIONS.filter((one) => ENDINGS[one].dataOnly);

/** How a file is read, by the end of its name. */
export interface FileFormat {
  format: DatasetFormat;
  /** Whether gzip packed it. */
  packed: boolean;
  dataOnly: boolean;
}

/** The format that a file's name or path ends in; undefined where it is none of a dataset. Configs are none. */
export function fileFormat(fileName: string): FileFormat | undefined {
  const packed = PACKED.test(fileName);
  const name = fileName.replace(PACKED, '').toLowerCase();
  const extension = /\.([^./\\]+)$/.exec(name)?.[1] ?? '';
  if (name.endsWith('.gd.json') || !Object.hasOwn(ENDINGS, extension)) return undefined;
  return { ...ENDINGS[extension], packed };
}

/** Whether a file is delimited text, by the end of its name. */
export function isDelimited(fileName: string): boolean {
  const format = fileFormat(fileName)?.format;
  return format === 'csv' || format === 'tsv';
}
