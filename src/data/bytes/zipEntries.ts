import { utf8Text } from './bytesText';
import { crc32 } from './crc32';

/** A file inside a zip archive, as the archive's list tells of it. */
export interface ZipEntry {
  name: string;
  /** 0 is stored, 8 is deflated. */
  method: number;
  encrypted: boolean;
  crc: number;
  /** Bytes in the archive. */
  packedSize: number;
  /** Bytes when unpacked, as declared. */
  size: number;
  /** Offset of its local header. */
  start: number;
}

/** What is wrong with an archive or a file in it, in words. */
export class ZipFault extends Error {}

const endSignature = 0x06054b50;
const end64LocatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const entrySize = 46;
const localSize = 30;
const endSize = 22;
const maxComment = 65535;
/** Deflate makes at most 258 bytes of 2 bits. */
const maxRatio = 1032;

/** The files of a zip archive. Throws a ZipFault where the bytes are not an archive, are cut off, or their list is damaged. */
export function zipEntries(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, start, end: listEnd } = listOf(view);
  // An entry takes at least 46 bytes, so a count that does not fit is a lie; it is not gone by.
  if (start + count * entrySize > bytes.length) throw new ZipFault('its list of files is cut off or damaged');
  const entries: ZipEntry[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + entrySize > bytes.length || view.getUint32(at, true) !== entrySignature) {
      throw new ZipFault('its list of files is damaged');
    }
    const end = at + entrySize + view.getUint16(at + 28, true) + view.getUint16(at + 30, true);
    if (end > bytes.length) throw new ZipFault('its list of files is damaged');
    const entry = entryAt(bytes, view, at);
    if (!hasSameName(bytes, view, at, entry.start)) throw new ZipFault('its list of files is damaged');
    entries.push(entry);
    at = end + view.getUint16(at + 32, true);
  }
  if (at !== listEnd) throw new ZipFault('its list of files is damaged');
  return entries;
}

/** Whether a file's own header gives it the name that it has in the list, which has no checksum. */
function hasSameName(bytes: Uint8Array, view: DataView, listed: number, start: number): boolean {
  const length = view.getUint16(listed + 28, true);
  const [first, second] = [listed + entrySize, start + localSize];
  if (second + length > bytes.length || view.getUint16(start + 26, true) !== length) return false;
  for (let i = 0; i < length; i++) if (bytes[first + i] !== bytes[second + i]) return false;
  return true;
}

/** A file's bytes, unpacked. Rejects with a ZipFault where they are not what the archive's list says. */
export async function unzipEntry(bytes: Uint8Array, entry: ZipEntry): Promise<Uint8Array> {
  const { start, packedSize, size, method, crc } = entry;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (entry.encrypted) throw new ZipFault('it is encrypted; save it without a password');
  if (start + localSize > bytes.length || view.getUint32(start, true) !== localSignature)
    throw new ZipFault('it is damaged');
  const from = start + localSize + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  if (from + packedSize > bytes.length) throw new ZipFault('it is cut off; copy the whole archive');
  const packed = bytes.subarray(from, from + packedSize);
  if (method !== 0 && method !== 8) throw new ZipFault(`it is packed by method ${method}; use deflate or none`);
  const possible = method === 0 ? packedSize : packedSize * maxRatio + maxRatio;
  if (size > possible)
    throw new ZipFault(`it declares ${size} bytes, more than its ${packedSize} packed ones can make`);
  const unpacked = method === 0 ? packed : await inflate(packed, size);
  if (unpacked.length !== size || crc32(unpacked) !== crc) throw new ZipFault('its checksum is wrong; it is damaged');
  return unpacked;
}

async function inflate(packed: Uint8Array, size: number): Promise<Uint8Array> {
  const { inflateSync } = await import('./packing');
  try {
    return inflateSync(packed, { out: new Uint8Array(size) });
  } catch {
    throw new ZipFault('it is damaged');
  }
}

/** Where the list of files starts and ends, and how many there are. */
function listOf(view: DataView): { count: number; start: number; end: number } {
  const last = view.byteLength - endSize;
  for (let at = last; at >= Math.max(0, last - maxComment); at--) {
    if (view.getUint32(at, true) !== endSignature) continue;
    const count = view.getUint16(at + 10, true);
    const start = view.getUint32(at + 16, true);
    return count === 0xffff || start === 0xffffffff ? listOf64(view, at) : { count, start, end: at };
  }
  throw new ZipFault('it has no list of files at its end; it is cut off or no zip archive');
}

function listOf64(view: DataView, end: number): { count: number; start: number; end: number } {
  const locator = end - 20;
  if (locator < 0 || view.getUint32(locator, true) !== end64LocatorSignature)
    throw new ZipFault('its list of files is damaged');
  const at = Number(view.getBigUint64(locator + 8, true));
  if (at + 56 > view.byteLength || view.getUint32(at, true) !== end64Signature)
    throw new ZipFault('its list of files is damaged');
  return { count: Number(view.getBigUint64(at + 32, true)), start: Number(view.getBigUint64(at + 48, true)), end: at };
}

function entryAt(bytes: Uint8Array, view: DataView, at: number): ZipEntry {
  const nameEnd = at + entrySize + view.getUint16(at + 28, true);
  const wide = wideSizes(view, at, nameEnd, nameEnd + view.getUint16(at + 30, true));
  const size = wide(view.getUint32(at + 24, true));
  const packedSize = wide(view.getUint32(at + 20, true));
  const start = wide(view.getUint32(at + 42, true));
  return {
    name: utf8Text(bytes.subarray(at + entrySize, nameEnd)),
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
    crc: view.getUint32(at + 16, true),
    packedSize,
    size,
    start,
  };
}

/** Numbers that take more than 32 bits stand in an extra field, in the order in which they are asked for. */
function wideSizes(view: DataView, entry: number, from: number, to: number): (narrow: number) => number {
  let at = from;
  let end = from;
  while (at + 4 <= to) {
    end = Math.min(at + 4 + view.getUint16(at + 2, true), to);
    if (view.getUint16(at, true) === 1) break;
    at = end;
  }
  at += 4;
  return (narrow) => {
    if (narrow !== 0xffffffff) return narrow;
    if (at + 8 > end) throw new ZipFault(`its list of files is damaged at byte ${entry}`);
    at += 8;
    return Number(view.getBigUint64(at - 8, true));
  };
}
