import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import type { Encoding, ParquetType } from 'hyparquet/src/types.js';
import type { PageBytes } from './pageBytes';
import { ParquetFault } from './parquetFault';

/** A value as a page stores it, before its column's type says what it means. */
export type RawValue = number | bigint | boolean | Uint8Array;

const valueBytes: Partial<Record<ParquetType, number>> = { INT32: 4, FLOAT: 4, INT64: 8, DOUBLE: 8, INT96: 12 };
/** Bytes that texts may take which repeat the start of the one before. */
const maxPrefixed = 1 << 28;

/** The next `count` values of a page. Throws where it does not hold as many; sizes are checked before anything is allocated. */
export function pageValues(
  page: PageBytes,
  encoding: Encoding,
  type: ParquetType,
  typeLength: number | undefined,
  count: number,
): ArrayLike<RawValue> {
  if (count === 0) return [];
  switch (encoding) {
    case 'PLAIN':
      page.need(type === 'BOOLEAN' ? Math.ceil(count / 8) : count * (valueBytes[type] ?? typeLength ?? 4));
      return readPlain(readerOf(page), type, count, typeLength) as ArrayLike<RawValue>;
    case 'RLE':
      return Array.from(page.runs(1, count, page.uint32()), (bit) => bit === 1);
    case 'BYTE_STREAM_SPLIT':
      page.need(count * (valueBytes[type] ?? typeLength ?? Infinity));
      return byteStreamSplit(readerOf(page), count, type, typeLength) as ArrayLike<RawValue>;
    case 'DELTA_BINARY_PACKED':
      return page.deltas(count, type === 'INT32' ? 32 : 64);
    case 'DELTA_LENGTH_BYTE_ARRAY':
      return Array.from(page.deltas(count, 32), (length) => page.take(length));
    case 'DELTA_BYTE_ARRAY':
      return prefixed(page, count);
    default:
      throw new ParquetFault(`its encoding ${String(encoding)} cannot be read`);
  }
}

function readerOf({ bytes, at }: PageBytes) {
  return { view: new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at), offset: 0 };
}

/** Texts that give how much of the one before they begin with, and what follows. */
function prefixed(page: PageBytes, count: number): Uint8Array[] {
  const prefixes = page.deltas(count, 32);
  const lengths = page.deltas(count, 32);
  let total = 0;
  let last = new Uint8Array(0);
  return Array.from(prefixes, (prefix, i) => {
    const rest = page.take(lengths[i]);
    total += prefix + rest.length;
    if (!(prefix >= 0 && prefix <= last.length && total <= maxPrefixed)) {
      throw new ParquetFault('a page of it is damaged');
    }
    const value = new Uint8Array(prefix + rest.length);
    value.set(last.subarray(0, prefix));
    value.set(rest, prefix);
    return (last = value);
  });
}
