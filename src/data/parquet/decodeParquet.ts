import { parquetMetadata } from 'hyparquet/src/metadata.js';
import type { FileMetaData, SchemaElement } from 'hyparquet/src/types.js';
import { skippedFindings } from '../numpy/decodeNpy';
import { refused, type CellValue, type Decoded } from '../table/decodedTable';
import { checkThrift } from './checkThrift';
import { chunkExtent, readChunk, type Cells, type ChunkSource, type ColumnChunk } from './columnChunk';
import { columnType, type ColumnType } from './columnType';
import { ParquetFault } from './parquetFault';
import { unpackersFor } from './unpackers';

const magicNumber = 0x31524150;
const encryptedMagic = 0x45524150;
const maxFooter = 1 << 25;
/** Cells that a file may have: at most this many, and no more than its size makes likely. */
const maxCells = 250_000_000;
const freeCells = 10_000_000;
const cellsPerByte = 1000;
/** Bytes that the pages may take when unpacked: this many, and a multiple of the file's. */
const freeBytes = 1 << 26;
const maxRatio = 1100;

/**
 * Decodes the flat columns of a parquet file: numbers, truth values, and texts, to which dates and times belong. Others are
 * left out with a finding, as is the index that pandas stores. Never throws: a file that cannot be read gives a finding.
 */
export async function decodeParquet(bytes: Uint8Array): Promise<Decoded> {
  try {
    const metadata = readFooter(bytes);
    return await decodeColumns(bytes, metadata);
  } catch (error) {
    // The library throws plain errors where the structure is not what it must be.
    const what = error instanceof ParquetFault ? error.message : 'its structure is damaged';
    return refused('parquet', `the parquet file cannot be read: ${what}`);
  }
}

function readFooter(bytes: Uint8Array): FileMetaData {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 8;
  const magic = end >= 4 ? view.getUint32(end + 4, true) : 0;
  if (magic === encryptedMagic) throw new ParquetFault('it is encrypted; write it without encryption');
  if (magic !== magicNumber) {
    const begins = end >= 4 && view.getUint32(0, true) === magicNumber;
    throw new ParquetFault(
      begins ? 'it is cut off; copy the whole file' : 'it is no parquet file; write one with df.to_parquet(path)',
    );
  }
  const size = view.getUint32(end, true);
  if (size > end - 4) throw new ParquetFault(`its footer declares ${size} bytes, but the file has ${bytes.length}`);
  if (size > maxFooter) throw new ParquetFault(`its footer has ${size} bytes; at most ${maxFooter} can be read`);
  checkThrift(view, end - size, end);
  return parquetMetadata(bytes, { geoparquet: false });
}

/** A column that stands in the file by itself, not inside another. */
interface FlatColumn {
  name: string;
  /** Its place among all columns that hold values. */
  leaf: number;
  element: SchemaElement;
  type: ColumnType;
}

async function decodeColumns(bytes: Uint8Array, metadata: FileMetaData): Promise<Decoded> {
  const { flat, skipped } = flatColumns(metadata);
  const rows = checkRows(metadata, flat.length, bytes.length);
  if (flat.length === 0) return { findings: skippedFindings(skipped).map((one) => ({ ...one, severity: 'error' })) };
  if (rows === 0) return refused('no-rows', 'the file has columns but no rows of data');
  const chunks = flat.map((column) => chunksOf(column, metadata, bytes.length));
  const codecs = new Set(chunks.flat().map(({ meta }) => meta.codec));
  const source = { bytes, unpackers: await unpackersFor(codecs), budget: freeBytes + bytes.length * maxRatio };
  const values = flat.map((column, i) => readColumn(source, column, chunks[i], rows));
  return { table: { names: flat.map(({ name }) => name), rows, values }, findings: skippedFindings(skipped) };
}

/** Goes over the schema, which lists each element before those inside it. */
function flatColumns({ schema, key_value_metadata }: FileMetaData): { flat: FlatColumn[]; skipped: string[] } {
  const index = pandasIndex(key_value_metadata?.find(({ key }) => key === 'pandas')?.value);
  const flat: FlatColumn[] = [];
  const skipped: string[] = [];
  let inside = 0;
  let leaf = 0;
  for (const element of schema.slice(1)) {
    const { name, num_children: children = 0, repetition_type: repetition } = element;
    if (typeof name !== 'string') throw new ParquetFault('a column has no name; it is damaged');
    const top = inside === 0;
    inside += children - (top ? 0 : 1);
    const type = children === 0 && repetition !== 'REPEATED' ? columnType(element) : undefined;
    if (top && index.has(name)) skipped.push(`${JSON.stringify(name)} (the index of pandas)`);
    else if (top && type) flat.push({ name, leaf, element, type });
    else if (top) skipped.push(`${JSON.stringify(name)} (${children > 0 ? 'several values a row' : 'bytes'})`);
    if (children === 0) leaf++;
  }
  return { flat, skipped };
}

/** Names of the columns in which pandas stores the index of a frame. */
function pandasIndex(text = '{}'): Set<unknown> {
  try {
    const { index_columns: columns } = JSON.parse(text) as { index_columns?: unknown };
    return new Set(Array.isArray(columns) ? columns : []);
  } catch {
    return new Set();
  }
}

/** The number of rows, once it is known to be true of the groups and possible for a file of this size. */
function checkRows({ num_rows, row_groups }: FileMetaData, columns: number, size: number): number {
  const counts = row_groups.map((group) => Number(group.num_rows));
  const rows = counts.reduce((sum, count) => sum + count, 0);
  if (!counts.every((count) => count >= 0))
    throw new ParquetFault('a group of rows has no number of rows; it is damaged');
  if (rows !== Number(num_rows)) {
    throw new ParquetFault(`it declares ${num_rows} rows, but its groups have ${rows}; it is damaged`);
  }
  const limit = Math.min(maxCells, freeCells + size * cellsPerByte);
  if (rows * columns > limit) {
    throw new ParquetFault(
      `it declares ${rows} rows of ${columns} columns; at most ${limit} cells of a file of its size can be read`,
    );
  }
  return rows;
}

function chunksOf({ name, leaf, element, type }: FlatColumn, metadata: FileMetaData, size: number): ColumnChunk[] {
  return metadata.row_groups.map((group) => {
    const rows = Number(group.num_rows);
    const chunk = group.columns[leaf];
    const meta = chunk?.meta_data;
    if (chunk?.crypto_metadata || (chunk && !meta))
      throw new ParquetFault(`column ${JSON.stringify(name)} is encrypted`);
    if (
      !meta ||
      meta.type !== element.type ||
      Number(meta.num_values) !== rows ||
      meta.path_in_schema.at(-1) !== name
    ) {
      throw new ParquetFault(
        `column ${JSON.stringify(name)} is not the same in its footer and its groups; it is damaged`,
      );
    }
    if (chunk.file_path)
      throw new ParquetFault(`column ${JSON.stringify(name)} is in another file, ${chunk.file_path}`);
    inColumn(name, () => chunkExtent(meta, size));
    return { element, type, meta, rows };
  });
}

function readColumn(
  source: ChunkSource,
  column: FlatColumn,
  chunks: ColumnChunk[],
  rows: number,
): ArrayLike<CellValue> {
  const { name, type, element } = column;
  const single = element.type === 'FLOAT';
  const values = type.kind === 'number' ? numbers(single, rows) : new Array<CellValue>(rows);
  let first = 0;
  for (const chunk of chunks) {
    const from = first;
    inColumn(name, () => readChunk(source, chunk, values, from));
    first += chunk.rows;
  }
  return values;
}

function numbers(single: boolean, rows: number): Cells & ArrayLike<CellValue> {
  return single ? new Float32Array(rows) : new Float64Array(rows);
}

/** Names the column in what is thrown. */
function inColumn(name: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const what = error instanceof ParquetFault ? error.message : 'a page of it is damaged';
    throw new ParquetFault(`column ${JSON.stringify(name)}: ${what}`);
  }
}
