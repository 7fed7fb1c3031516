import { parquetHeader } from 'hyparquet/src/column.js';
import type { ColumnMetaData, CompressionCodec, Encoding, PageHeader, SchemaElement } from 'hyparquet/src/types.js';
import { crc32 } from '../bytes/crc32';
import type { CellValue } from '../table/decodedTable';
import { checkThrift } from './checkThrift';
import type { ColumnType } from './columnType';
import { PageBytes } from './pageBytes';
import { pageValues, type RawValue } from './pageValues';
import { ParquetFault } from './parquetFault';

/** Unpacks a page into exactly `size` bytes. */
export type Unpack = (packed: Uint8Array, size: number) => Uint8Array;

/** What the chunks of a file are read with. */
export interface ChunkSource {
  bytes: Uint8Array;
  unpackers: Partial<Record<CompressionCodec, Unpack>>;
  /** Bytes that pages may yet take when unpacked; keeps small files from growing without end. */
  budget: number;
}

/** The part of a column that one group of rows has. */
export interface ColumnChunk {
  element: SchemaElement;
  type: ColumnType;
  meta: ColumnMetaData;
  rows: number;
}

/** Where values go, row after row. */
export interface Cells {
  [row: number]: CellValue;
}

const damagedPage = 'a page of it is damaged';

/** Reads a chunk of a flat column into `cells` from row `first`; null where there is no value. Throws where it is damaged. */
export function readChunk(source: ChunkSource, chunk: ColumnChunk, cells: Cells, first: number): void {
  const { bytes } = source;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { start, end } = chunkExtent(chunk.meta, bytes.length);
  let at = start;
  let dictionary: CellValue[] | undefined;
  for (let row = 0; row < chunk.rows;) {
    if (at >= end) throw new ParquetFault(`it has ${row} of ${chunk.rows} values; the file is damaged`);
    const head = checkThrift(view, at, end);
    const header = parquetHeader({ view, offset: at });
    at = head + header.compressed_page_size;
    if (!(header.compressed_page_size >= 0 && at <= end)) throw new ParquetFault(damagedPage);
    const packed = bytes.subarray(head, at);
    // It is that of the page as it stands in the file, without its header; few writers give it.
    if (header.crc !== undefined && header.crc >>> 0 !== crc32(packed)) {
      throw new ParquetFault('the checksum of a page is wrong; the file is damaged');
    }
    if (header.type === 'DICTIONARY_PAGE') dictionary = readDictionary(source, chunk, header, packed);
    else if (header.type === 'DATA_PAGE' || header.type === 'DATA_PAGE_V2') {
      const page = openPage(source, chunk, header, packed, chunk.rows - row);
      fillCells(page, chunk, dictionary, cells, first + row);
      row += page.count;
    }
  }
}

/** Where a chunk's pages are. Throws where that is not inside the file. */
export function chunkExtent(meta: ColumnMetaData, fileSize: number): { start: number; end: number } {
  const data = Number(meta.data_page_offset);
  const dictionary = Number(meta.dictionary_page_offset ?? 0);
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  const end = start + Number(meta.total_compressed_size);
  if (!(start >= 4 && end >= start && end <= fileSize))
    throw new ParquetFault('its place is not in the file; it is cut off');
  return { start, end };
}

/** A page of values, unpacked, and which of its rows have one. */
interface DataPage {
  values: PageBytes;
  encoding: Encoding;
  count: number;
  /** 1 for each row with a value; absent where all have. */
  present?: Uint32Array;
}

function openPage(
  source: ChunkSource,
  chunk: ColumnChunk,
  header: PageHeader,
  packed: Uint8Array,
  rows: number,
): DataPage {
  const optional = chunk.element.repetition_type === 'OPTIONAL';
  const v2 = header.data_page_header_v2;
  const v1 = header.data_page_header;
  const { num_values: count, encoding } = v2 ?? v1 ?? { num_values: -1, encoding: 'PLAIN' as const };
  if (!(count >= 0 && count <= rows)) throw new ParquetFault(damagedPage);
  if (v2) {
    const levels = new PageBytes(packed);
    if (v2.repetition_levels_byte_length !== 0) throw new ParquetFault(damagedPage);
    const present = optional ? { present: levels.runs(1, count, v2.definition_levels_byte_length) } : {};
    // No codec's checksum covers the levels, so their number of gaps is compared.
    if (present.present && count - filledOf(present.present) !== v2.num_nulls) throw new ParquetFault(damagedPage);
    const rest = packed.subarray(v2.definition_levels_byte_length);
    const size = header.uncompressed_page_size - v2.definition_levels_byte_length;
    const values = v2.is_compressed === false ? rest : unpack(source, chunk, rest, size);
    return { values: new PageBytes(values), encoding, count, ...present };
  }
  const values = new PageBytes(unpack(source, chunk, packed, header.uncompressed_page_size));
  if (optional && v1?.definition_level_encoding !== 'RLE') throw new ParquetFault(damagedPage);
  const present = optional ? { present: values.runs(1, count, values.uint32()) } : {};
  return { values, encoding, count, ...present };
}

function fillCells(
  page: DataPage,
  chunk: ColumnChunk,
  dictionary: CellValue[] | undefined,
  cells: Cells,
  first: number,
) {
  const { values, encoding, count, present } = page;
  const filled = present ? filledOf(present) : count;
  const next = encoding.endsWith('_DICTIONARY')
    ? fromDictionary(values, filled, dictionary)
    : fromPage(pageValues(values, encoding, chunk.meta.type, chunk.element.type_length, filled), chunk.type);
  for (let row = 0, used = 0; row < count; row++) {
    cells[first + row] = present && present[row] === 0 ? missing(chunk.type) : next(used++);
  }
}

function filledOf(present: Uint32Array): number {
  return present.reduce((sum, one) => sum + one, 0);
}

/** Typed arrays hold no null, so the cells of a column of numbers are NaN there. */
function missing({ kind }: ColumnType): CellValue {
  return kind === 'number' ? NaN : null;
}

function fromPage(raw: ArrayLike<RawValue>, { convert }: ColumnType): (index: number) => CellValue {
  return (index) => convert(raw[index]);
}

function fromDictionary(page: PageBytes, count: number, dictionary?: CellValue[]): (index: number) => CellValue {
  if (!dictionary) throw new ParquetFault('its dictionary is missing');
  if (count === 0) return () => null;
  const width = page.byte();
  const places = page.runs(width, count, page.left);
  return (index) => {
    if (places[index] >= dictionary.length) throw new ParquetFault(damagedPage);
    return dictionary[places[index]];
  };
}

function readDictionary(source: ChunkSource, chunk: ColumnChunk, header: PageHeader, packed: Uint8Array): CellValue[] {
  const count = header.dictionary_page_header?.num_values ?? -1;
  if (!(count >= 0)) throw new ParquetFault(damagedPage);
  const page = new PageBytes(unpack(source, chunk, packed, header.uncompressed_page_size));
  const raw = pageValues(page, 'PLAIN', chunk.meta.type, chunk.element.type_length, count);
  return Array.from(raw, (value) => chunk.type.convert(value));
}

function unpack(source: ChunkSource, { meta }: ColumnChunk, packed: Uint8Array, size: number): Uint8Array {
  if (meta.codec === 'UNCOMPRESSED') return packed;
  const unpacker = source.unpackers[meta.codec];
  if (!unpacker) {
    throw new ParquetFault(
      `it is packed with ${meta.codec ?? 'an unknown method'}; write the file with compression="snappy"`,
    );
  }
  source.budget -= size;
  if (!(size >= 0 && source.budget >= 0)) throw new ParquetFault('a page of it declares more bytes than can be true');
  const page = unpacker(packed, size);
  if (page.length !== size) throw new ParquetFault(damagedPage);
  return page;
}
