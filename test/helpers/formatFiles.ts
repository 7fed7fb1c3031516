import { readFileSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import { decodeJson } from '../../src/data/json/decodeJson';
import { decodeJsonLines } from '../../src/data/json/decodeJsonLines';
import { decodeNpy } from '../../src/data/numpy/decodeNpy';
import { decodeNpz } from '../../src/data/numpy/decodeNpz';
import { decodeParquet } from '../../src/data/parquet/decodeParquet';
import type { Decoded } from '../../src/data/table/decodedTable';
import { gunzip } from '../../src/data/bytes/gunzip';
import { readTable } from '../../src/data/readTable';
import type { Table, TableResult } from '../../src/data/table/table';
import type { Finding } from '../../src/base/problem';
import { noText } from '../../src/data/table/textCodes';

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

/** Reads a file of any format; the texts of the columns that are named are kept. */
export function readFormat(name: string, bytes = formatBytes(name), texts: string[] = []): Promise<TableResult> {
  return readTable(bytes, name, { texts });
}

/** The whole content of a gzip file, or a finding. */
export async function gunzipWhole(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  limit: number,
): Promise<{ bytes: Uint8Array } | { finding: Finding }> {
  const unpacked = gunzip(source, limit);
  const chunks: Uint8Array[] = [];
  for await (const chunk of unpacked.chunks) chunks.push(chunk);
  return unpacked.finding ? { finding: unpacked.finding } : { bytes: new Uint8Array(Buffer.concat(chunks)) };
}

/** The float32 bits of a column's numbers; null if there is none. */
export function bitsOf(table: Table, name: string): (number | null)[] {
  const { data } = table.columns.find((column) => column.name === name)!;
  const bits = new Uint32Array(Float32Array.from(data).buffer);
  return Array.from(data, (value, row) => (Number.isNaN(value) ? null : bits[row]));
}

/** The texts of a column that keeps them, empty where a cell has none. */
export function textsOf(table: Table, name: string): string[] {
  const { texts } = table.columns.find((column) => column.name === name)!;
  return Array.from(texts!.rows, (code) => (code === noText ? '' : texts!.texts![code]));
}
