import type { ByteSource, DataSource } from './byteSource';

const lineEnd = 10;

/** Bytes of a file that show its columns: some ten thousand rows, read in less than a second. */
export const headBytes = 2 ** 21;

/** The whole lines among the first `bytes` bytes of a source; undefined where it has no more than these, or is a text. */
export async function headOf(source: DataSource, bytes: number): Promise<Uint8Array | undefined> {
  if (typeof source === 'string') return undefined;
  const size = source instanceof Uint8Array ? source.length : source.size;
  if (size === undefined || size <= bytes) return undefined;
  const head = source instanceof Uint8Array ? source.subarray(0, bytes) : await firstBytes(source, bytes);
  // Of two bytes a character, the end of a line is not where that byte is.
  const isWide = head[0] + head[1] === 0xff + 0xfe;
  const end = head.lastIndexOf(lineEnd) + 1;
  return end > 0 && !isWide ? head.subarray(0, end) : undefined;
}

async function firstBytes(source: ByteSource, bytes: number): Promise<Uint8Array> {
  const head = new Uint8Array(bytes);
  let length = 0;
  for await (const block of source.chunks()) {
    const part = block.subarray(0, bytes - length);
    head.set(part, length);
    length += part.length;
    if (length === bytes) break;
  }
  return head.subarray(0, length);
}
