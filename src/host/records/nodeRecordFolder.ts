import * as fs from 'node:fs/promises';
import path from 'node:path';
import { FileGone, type RecordFolder } from './recordFolder';

/** Records in a folder of the local disk. What was written is there after the process was killed; nothing waits for the disk itself. */
export function nodeRecordFolder(folder: string): RecordFolder {
  const at = (name: string) => path.join(folder, name);
  return {
    list: async () => {
      const entries = await ifThere(fs.readdir(folder, { withFileTypes: true }));
      return new Map(entries?.map((entry) => [entry.name, entry.isFile() ? 'file' : 'other']));
    },
    size: async (name) => (await orGone(name, fs.stat(at(name)))).size,
    stamp: async (name) => {
      const { size, mtimeMs } = await orGone(name, fs.stat(at(name)));
      return { size, modified: mtimeMs };
    },
    read: (name, start, length) => withFile(at(name), 'r', (file) => readAll(file, start, length)),
    append: async (name, start, bytes) => {
      if (start === 0) await fs.mkdir(folder, { recursive: true });
      await withFile(at(name), start === 0 ? 'w' : 'r+', (file) => writeAll(file, name, start, bytes));
    },
    create: async (name, bytes) => {
      await fs.mkdir(folder, { recursive: true });
      try {
        await fs.writeFile(at(name), bytes, { flag: 'wx' });
        return true;
      } catch (error) {
        if (isCode(error, 'EEXIST')) return false;
        throw error;
      }
    },
    overwrite: (name, bytes) => withFile(at(name), 'r+', (file) => writeAll(file, name, 0, bytes)),
    remove: (name) => ifThere(fs.unlink(at(name))),
  };
}

async function withFile<T>(file: string, flags: string, use: (file: fs.FileHandle) => Promise<T>): Promise<T> {
  const handle = await orGone(path.basename(file), fs.open(file, flags));
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

async function readAll(file: fs.FileHandle, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, start + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

async function writeAll(file: fs.FileHandle, name: string, start: number, bytes: Uint8Array): Promise<void> {
  const { size } = await file.stat();
  if (size < start) throw new FileGone(name);
  try {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, start + done);
      done += bytesWritten;
    }
    if (size > start + bytes.length) await file.truncate(start + bytes.length);
  } catch (error) {
    // The next write begins at the same place, but it may never come.
    await file.truncate(start).catch(() => {});
    throw error;
  }
}

async function ifThere<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function orGone<T>(name: string, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw isCode(error, 'ENOENT') ? new FileGone(name) : error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
