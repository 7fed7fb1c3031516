import { ReadCancelled, TooManyBytes, readAll, type DataSource, type ReadWatch } from './bytes/byteSource';
import { readCsv, readTsv } from './csv/csv';
import { datasetExtensions, maxBytes, fileFormat, type DatasetFormat, type FileFormat } from '../base/datasetFormats';
import { decodeJson } from './json/decodeJson';
import { decodeJsonLines } from './json/decodeJsonLines';
import { decodeNpy } from './numpy/decodeNpy';
import { decodeNpz } from './numpy/decodeNpz';
import { decodeParquet } from './parquet/decodeParquet';
import type { Decoded } from './table/decodedTable';
import { foreignByName } from './bytes/foreignKinds';
import { misnamed } from './bytes/misnamed';
import type { ReadOptions, TableReader, TableResult } from './table/table';
import { tableOfDecoded } from './table/tableOfDecoded';
import { readXlsx } from './xlsx/readXlsx';
import { onlyTable } from './zippedTable';
import { GzipFault, unpackedSource } from './bytes/unpackedSource';

/** The reader of each format; another format is another row. */
const readers: Record<DatasetFormat, TableReader> = {
  csv: readCsv,
  tsv: readTsv,
  json: textReader(maxBytes.json, decodeJson),
  jsonl: textReader(maxBytes.jsonl, decodeJsonLines),
  npy: binaryReader(maxBytes.npy, decodeNpy),
  npz: binaryReader(maxBytes.npz, decodeNpz),
  parquet: binaryReader(maxBytes.parquet, decodeParquet),
  xlsx: bytesReader(maxBytes.xlsx, readXlsx),
  zip: bytesReader(maxBytes.zip, readZipped),
};

/** Bytes that gzip may unpack to in memory as a whole; delimited text is read as a stream. */
const maxWhole = 2 ** 30;

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
  const format = fileFormat(fileName);
  if (!format) {
    const known = datasetExtensions.map((one) => `.${one}`).join(', ');
    const foreign = foreignByName(fileName);
    if (foreign !== undefined) return failed(fileName, `this is ${foreign}`, 'unknown-format');
    const message = `a file of this kind cannot be read as a dataset; its name must end in one of ${known}, or one of these and .gz`;
    return failed(fileName, message, 'unknown-format');
  }
  try {
    const result = await readFormat(source, fileName, format, options, watch);
    const message = result.table ? undefined : await misnamed(source, format);
    return message === undefined ? result : failed(fileName, message, 'misnamed');
  } catch (error) {
    if (error instanceof ReadCancelled) return failed(fileName, `reading ${fileName} was cancelled`, 'cancelled');
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof TooManyBytes) return failed(fileName, `the file is too large: ${reason}`, 'too-large');
    if (error instanceof RangeError)
      return failed(fileName, `the file does not fit into memory: ${reason}`, 'too-large');
    return failed(fileName, `the file cannot be read: ${reason}`, 'unreadable');
  }
}

async function readFormat(
  source: DataSource,
  fileName: string,
  { format, packed }: FileFormat,
  options: ReadOptions,
  watch: ReadWatch,
): Promise<TableResult> {
  const read = readers[format];
  if (!packed) return read(source, fileName, options, watch);
  if (typeof source === 'string') return failed(fileName, editorMessage('gzip'), 'editor');
  const isStreamed = format === 'csv' || format === 'tsv';
  const limit = isStreamed ? maxBytes[format] : Math.min(maxBytes[format], maxWhole);
  // Progress is told by the packed bytes, whose number is known.
  const { progress, ...rest } = watch;
  try {
    return await read(unpackedSource(source, limit, progress && { progress }), fileName, options, rest);
  } catch (error) {
    if (!(error instanceof GzipFault)) throw error;
    return failed(fileName, error.finding.message, error.finding.code);
  }
}

function textReader(limit: number, decode: (source: Uint8Array | string) => Decoded): TableReader {
  return async (source, fileName, options, watch) => {
    const whole = typeof source === 'string' ? source : await readAll(source, watch, limit);
    return tableOfDecoded(decode(whole), fileName, options, watch);
  };
}

function binaryReader(limit: number, decode: (bytes: Uint8Array) => Decoded | Promise<Decoded>): TableReader {
  return async (source, fileName, options, watch) => {
    if (typeof source === 'string') return failed(fileName, editorMessage('binary'), 'editor');
    return tableOfDecoded(await decode(await readAll(source, watch, limit)), fileName, options, watch);
  };
}

/** A reader of all bytes of a file at once. */
function bytesReader(
  limit: number,
  read: (
    bytes: Uint8Array,
    fileName: string,
    options: ReadOptions,
    watch: ReadWatch,
  ) => TableResult | Promise<TableResult>,
): TableReader {
  return async (source, fileName, options, watch) => {
    if (typeof source === 'string') return failed(fileName, editorMessage('binary'), 'editor');
    return read(await readAll(source, watch, limit), fileName, options, watch);
  };
}

/** Reads the one table that a zip archive holds. */
async function readZipped(
  bytes: Uint8Array,
  fileName: string,
  options: ReadOptions,
  watch: ReadWatch,
): Promise<TableResult> {
  const found = await onlyTable(bytes);
  if ('message' in found) return failed(fileName, found.message, 'zip');
  const { format, packed } = found;
  const result = await readFormat(found.bytes, fileName, { format, packed, dataOnly: true }, options, watch);
  const message = result.table ? undefined : await misnamed(found.bytes, { format, packed, dataOnly: true });
  return message === undefined ? result : failed(fileName, `${found.name}: ${message}`, 'misnamed');
}

function editorMessage(kind: string): string {
  return `a ${kind} file cannot be read from the text of an editor; save or close the editor, so that the file itself is read`;
}

function failed(fileName: string, message: string, code: string): TableResult {
  const place = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  return { problems: [{ file: fileName, ...place, severity: 'error', message, code }], unlisted: 0 };
}
