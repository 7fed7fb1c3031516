import { readCsv, readTsv } from './csv';
import type { TableReader, TableResult } from './table';

/** The reader of each kind of file, by the end of its name; another format is another row. */
const READERS: Record<string, TableReader> = {
  csv: readCsv,
  tsv: readTsv,
  tab: readTsv,
  txt: readCsv,
};

/** Ends of the names of files that can be read as datasets, without the dot. */
export const DATASET_EXTENSIONS: readonly string[] = Object.keys(READERS);

/** Reads a dataset file by the end of its name. Never throws: a file that cannot be read gives a problem that says why. */
export function readTable(source: Uint8Array | string, fileName: string): TableResult {
  const extension = /\.([^./\\]+)$/.exec(fileName)?.[1].toLowerCase() ?? '';
  if (Object.hasOwn(READERS, extension)) return READERS[extension](source, fileName);
  const known = DATASET_EXTENSIONS.map((one) => `.${one}`).join(', ');
  const message = `a file of this kind cannot be read as a dataset; its name must end in one of ${known}`;
  const place = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  return { problems: [{ file: fileName, ...place, severity: 'error', message, code: 'unknown-format' }], unlisted: 0 };
}
