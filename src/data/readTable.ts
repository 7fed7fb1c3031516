import { ReadCancelled, type DataSource, type ReadWatch } from './byteSource';
import { readCsv, readTsv } from './csv';
import type { ReadOptions, TableReader, TableResult } from './table';

/** The reader of each kind of file, by the end of its name; another format is another row. */
const READERS: Record<string, TableReader> = {
  csv: readCsv,
  tsv: readTsv,
  tab: readTsv,
  txt: readCsv,
};

/** Ends of the names of files that can be read as datasets, without the dot. */
export const DATASET_EXTENSIONS: readonly string[] = Object.keys(READERS);

/** Ends of the names of files that are delimited text, which alone the keys about its notation are for. */
const DELIMITED: readonly TableReader[] = [readCsv, readTsv];

/** Whether a file is delimited text, by the end of its name. */
export function isDelimited(fileName: string): boolean {
  const reader = readerOf(fileName);
  return reader !== undefined && DELIMITED.includes(reader);
}

/**
 * Reads a dataset file by the end of its name. Never throws: a file that cannot be read gives a problem that says why, and
 * one whose reading was cancelled a problem `cancelled`.
 */
export async function readTable(
  source: DataSource,
  fileName: string,
  options: ReadOptions = {},
  watch: ReadWatch = {},
): Promise<TableResult> {
  const reader = readerOf(fileName);
  if (!reader) {
    const known = DATASET_EXTENSIONS.map((one) => `.${one}`).join(', ');
    const message = `a file of this kind cannot be read as a dataset; its name must end in one of ${known}`;
    return failed(fileName, message, 'unknown-format');
  }
  try {
    return await reader(source, fileName, options, watch);
  } catch (error) {
    if (error instanceof ReadCancelled) return failed(fileName, `reading ${fileName} was cancelled`, 'cancelled');
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof RangeError)
      return failed(fileName, `the file does not fit into memory: ${reason}`, 'too-large');
    return failed(fileName, `the file cannot be read: ${reason}`, 'unreadable');
  }
}

function readerOf(fileName: string): TableReader | undefined {
  const extension = /\.([^./\\]+)$/.exec(fileName)?.[1].toLowerCase() ?? '';
  return Object.hasOwn(READERS, extension) ? READERS[extension] : undefined;
}

function failed(fileName: string, message: string, code: string): TableResult {
  const place = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  return { problems: [{ file: fileName, ...place, severity: 'error', message, code }], unlisted: 0 };
}
