import type { Gunzip } from 'fflate/browser';
import { crc32 } from '../bytes/crc32';
import { ParquetFault } from './parquetFault';

/** Bytes that are unpacked at a time: so a page that holds more than it declares is given up early. */
const sliceBytes = 1 << 16;
/** Each member ends with the checksum and the size of its content. */
const trailerBytes = 8;

/**
 * Unpacks a gzip page, of one or more members, into exactly `size` bytes.
 * @param Unpacker from `packing`, which is loaded by then.
 * @throws where a checksum or a size is wrong
 */
export function unpackGzip(Unpacker: typeof Gunzip, packed: Uint8Array, size: number): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const page = new Uint8Array(size);
  let length = 0;
  let start = 0;
  const endMember = (end: number) => {
    const content = page.subarray(start, length);
    const [crc, declared] = [trailerBytes, trailerBytes / 2].map((before) => view.getUint32(end - before, true));
    if (crc !== crc32(content) || declared !== content.length)
      throw new ParquetFault('the checksum of a page is wrong');
    start = length;
  };
  const stream = new Unpacker((part) => {
    if (length + part.length > size) throw new ParquetFault('a page of it holds more bytes than it declares');
    page.set(part, length);
    length += part.length;
  });
  stream.onmember = endMember;
  for (let at = 0; at < packed.length; at += sliceBytes) {
    stream.push(packed.subarray(at, at + sliceBytes), at + sliceBytes >= packed.length);
  }
  endMember(packed.length);
  return page.subarray(0, length);
}
