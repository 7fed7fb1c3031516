import { readFileSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import { readCsv } from '../../src/data/csv';
import { decodeJson } from '../../src/data/decodeJson';
import { decodeJsonLines } from '../../src/data/decodeJsonLines';
import { decodeNpy } from '../../src/data/decodeNpy';
import { decodeNpz } from '../../src/data/decodeNpz';
import { decodeParquet } from '../../src/data/decodeParquet';
import type { Decoded } from '../../src/data/decodedTable';
import { gunzipWhole, isGzipName, withoutGzip } from '../../src/data/gunzip';
import type { Table, TableResult } from '../../src/data/table';
import { tableOfDecoded } from '../../src/data/tableOfDecoded';

const folder = path.join(__dirname, '../fixtures/formats');

/** The decoder of each kind of file, by the end of its name. */
export const decoders: Record<string, (bytes: Uint8Array) => Decoded | Promise<Decoded>> = {
  json: decodeJson,
  jsonl: decodeJsonLines,
  npy: decodeNpy,
  npz: decodeNpz,
  parquet: decodeParquet,
};

/** Names of the files of test/fixtures/formats that have one of these endings. */
export function formatFiles(...endings: string[]): string[] {
  return readdirSync(folder).filter((name) => endings.includes(name.split('.').at(-1)!));
}

/** Bytes of a file of test/fixtures/formats. */
export function formatBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(path.join(folder, name)));
}

/** Reads a file of any format, unpacked first where its name says so. */
export async function readFormat(name: string, bytes = formatBytes(name)): Promise<TableResult> {
  if (isGzipName(name)) {
    const unpacked = await gunzipWhole(bytes, 1e8);
    if ('finding' in unpacked) throw new Error(unpacked.finding.message);
    return readFormat(withoutGzip(name), unpacked.bytes);
  }
  const ending = name.split('.').at(-1)!;
  return ending === 'csv' ? readCsv(bytes, name) : tableOfDecoded(await decoders[ending](bytes), name);
}

/** The float32 bits of a column's numbers; null where there is none. */
export function bitsOf(table: Table, name: string): (number | null)[] {
  const { data } = table.columns.find((column) => column.name === name)!;
  const bits = new Uint32Array(Float32Array.from(data).buffer);
  return Array.from(data, (value, row) => (Number.isNaN(value) ? null : bits[row]));
}

/** The texts of a column. */
export function textsOf(table: Table, name: string): string[] {
  const index = table.columns.findIndex((column) => column.name === name);
  return Array.from({ length: table.rows }, (_, row) => table.text(row, index));
}
