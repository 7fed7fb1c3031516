import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ByteSource } from '../data/byteSource';

const BLOCK = 1 << 20;

/** A file on disk as a stream. Rejects where there is none. */
export async function openFile(path: string): Promise<ByteSource> {
  const { size } = await stat(path);
  return { size, chunks: () => createReadStream(path, { highWaterMark: BLOCK }) as AsyncIterable<Uint8Array> };
}
