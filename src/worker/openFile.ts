import { constants, promises, type Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { ByteSource } from '../data/bytes/byteSource';

/** Beyond about a megabyte, Node keeps a decoded text outside of the heap, where it takes memory for longer. */
const blockBytes = 1 << 18;

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
  // While one block is used, the next one is read.
  let [block, spare] = [new Uint8Array(Math.min(blockBytes, size)), new Uint8Array(Math.min(blockBytes, size))];
  let read = 0;
  let ahead: Promise<number> | undefined;
  const readAhead = () => {
    ahead = handle.read(spare, 0, Math.min(blockBytes, size - read), read).then(({ bytesRead }) => bytesRead);
    // It may reject long before it is waited for.
    ahead.catch(() => undefined);
  };
  try {
    readAhead();
    for (let length = await ahead!; length > 0; length = await ahead!) {
      read += length;
      [block, spare] = [spare, block];
      readAhead();
      yield block.subarray(0, length);
    }
  } finally {
    await ahead?.catch(() => undefined);
    await handle.close();
  }
  if (read < size)
    throw new Error(`it became shorter while it was read: it had ${size} bytes, then ${read}; try again`);
}

/** Opening a FIFO waits for its writer and reading a device may never end, so both are looked at before and after. */
async function openRegular(path: string): Promise<FileHandle> {
  checkRegular(await promises.stat(path).catch(explainLoop));
  // Something else may have come to this place since; O_NONBLOCK, which Windows has not, keeps a FIFO from blocking.
  const handle = await promises.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
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
