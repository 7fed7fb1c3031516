import { constants, type Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../data/bytes/byteSource';

const blockBytes = 1 << 20;

/**
 * A file on disk as a stream of as many bytes as it has now, whatever is written to it while it is read. Rejects where there
 * is no regular file, and says what is there; reading rejects where the file has become shorter.
 */
export async function openFile(path: string): Promise<ByteSource> {
  const handle = await openRegular(path);
  try {
    const { size } = await handle.stat();
    return { size, chunks: () => chunksOf(path, size) };
  } finally {
    await handle.close();
  }
}

async function* chunksOf(path: string, size: number): AsyncGenerator<Uint8Array> {
  const handle = await openRegular(path);
  let read = 0;
  try {
    if (size === 0) return;
    const stream = handle.createReadStream({ highWaterMark: blockBytes, end: size - 1, autoClose: false });
    for await (const block of stream as AsyncIterable<Uint8Array>) {
      read += block.length;
      yield block;
    }
  } finally {
    await handle.close();
  }
  if (read < size)
    throw new Error(`it became shorter while it was read: it had ${size} bytes, then ${read}; try again`);
}

/** Opening a FIFO waits for its writer and reading a device may never end, so both are looked at before and after. */
async function openRegular(path: string): Promise<FileHandle> {
  checkRegular(await stat(path).catch(explainLoop));
  // Something else may have come to this place since; O_NONBLOCK, which Windows has not, keeps a FIFO from blocking.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    checkRegular(await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function explainLoop(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ELOOP') throw error;
  throw new Error('it is a link that leads back to itself; name the file that it should lead to', { cause: error });
}

function checkRegular(found: Stats): void {
  if (found.isFile()) return;
  throw new Error(`it is ${kindOf(found)}, not a file; copy what it holds into a file and name that`);
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a named pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}
