import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileSystemError, workspace, type Uri } from 'vscode';
import { CodeRecordFolder } from '../../src/host/records/codeRecordFolder';
import { FileGone, type RecordFolder } from '../../src/host/records/recordFolder';
import { isRecord } from '../../src/host/records/runRecord';
import { nodeRecordFolder } from '../../src/host/records/nodeRecordFolder';

vi.mock('vscode', () => import('../helpers/fakeVscode'));

let place: string;
beforeEach(() => void (place = mkdtempSync(path.join(tmpdir(), 'gd-folder-'))));
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(place, { recursive: true, force: true });
});

const name = 'a.gdlog';
const bytes = (length: number, first = 0) => Uint8Array.from({ length }, (_, i) => (first + i) % 251);

describe.each<[string, () => RecordFolder]>([
  ['of the disk', () => nodeRecordFolder(path.join(place, 'new'))],
  ['of VS Code', () => new CodeRecordFolder({ path: path.join(place, 'new') } as Uri, isRecord)],
])('a folder %s', (_, open) => {
  it('is empty before it is made', async () => {
    expect(await open().list()).toEqual(new Map());
    await expect(open().size(name)).rejects.toThrow(FileGone);
    await expect(open().append(name, 5, bytes(1))).rejects.toThrow(FileGone);
  });

  it('has what was appended, from any place on, also for another window', async () => {
    const folder = open();
    const whole = bytes(3_000_000);
    const ends = [0, 7, 20, 600_000, 1_200_000, 1_200_001, 2_900_000, 3_000_000];
    for (let i = 1; i < ends.length; i++) await folder.append(name, ends[i - 1], whole.subarray(ends[i - 1], ends[i]));
    for (const reader of [folder, open()]) {
      expect(await reader.list()).toEqual(new Map([[name, 'file']]));
      expect(await reader.size(name)).toBe(whole.length);
      for (const [start, length] of [
        [0, 10],
        [599_990, 20],
        [1_199_999, 3],
        [2_999_990, 100],
        [0, 3_000_000],
      ]) {
        const read = Buffer.from(await reader.read(name, start, length));
        expect(read.equals(whole.subarray(start, start + length))).toBe(true);
      }
    }
  });

  it('cuts what is behind the place of a write, and begins anew at 0', async () => {
    const folder = open();
    await folder.append(name, 0, bytes(100));
    await folder.append(name, 100, bytes(2_000_000));
    await folder.append(name, 50, bytes(10, 7));
    expect(await folder.size(name)).toBe(60);
    expect([...(await open().read(name, 45, 99))]).toEqual([...bytes(5, 45), ...bytes(10, 7)]);
    await expect(folder.append(name, 61, bytes(1))).rejects.toThrow(FileGone);
    await folder.append(name, 0, bytes(3, 9));
    expect([...(await open().read(name, 0, 99))]).toEqual([...bytes(3, 9)]);
    await folder.append(name, 0, bytes(3, 20));
    expect([...(await folder.read(name, 0, 99))]).toEqual([...bytes(3, 20)]);
    await folder.remove(name);
    await folder.remove(name);
    expect(await folder.list()).toEqual(new Map());
  });

  it('makes a small file once, and writes only one that is there', async () => {
    const folder = open();
    await expect(folder.overwrite('x.owner', bytes(3))).rejects.toThrow(FileGone);
    expect(await folder.create('x.owner', bytes(3))).toBe(true);
    expect(await folder.create('x.owner', bytes(3, 9))).toBe(false);
    await folder.overwrite('x.owner', bytes(3, 5));
    expect([...(await folder.read('x.owner', 0, 64))]).toEqual([5, 6, 7]);
    expect([...(await folder.read('x.owner', 1, 1))]).toEqual([6]);
    expect(await folder.size('x.owner')).toBe(3);
    await expect(folder.overwrite('y.owner', bytes(3))).rejects.toThrow(FileGone);
    await expect(folder.read('y.owner', 0, 64)).rejects.toThrow(FileGone);
    expect([...(await folder.list()).keys()]).toEqual(['x.owner']);
    await folder.remove('x.owner');
    expect(await folder.list()).toEqual(new Map());
  });

  it('changes no other file', async () => {
    const folder = open();
    await folder.append(name, 0, bytes(10));
    await folder.append('b.gdlog', 0, bytes(5, 3));
    await folder.append('b.gdlog', 5, bytes(5, 8));
    await folder.append('c.gdlog', 0, bytes(1));
    await folder.remove('c.gdlog');
    expect([...(await folder.list()).keys()].sort()).toEqual([name, 'b.gdlog']);
    expect([...(await folder.read(name, 0, 99))]).toEqual([...bytes(10)]);
    expect([...(await folder.read('b.gdlog', 0, 99))]).toEqual([...bytes(10, 3)]);
  });

  it('says what is no file', async () => {
    mkdirSync(path.join(place, 'new', name), { recursive: true });
    expect(await open().list()).toEqual(new Map([[name, 'other']]));
  });

  it('takes what it may not do for a fault, and not for a file that is gone', async () => {
    const isFault = expect.not.objectContaining({ constructor: FileGone }) as Error;
    mkdirSync(path.join(place, 'new', 'x.owner'), { recursive: true });
    await expect(open().remove('x.owner')).rejects.toEqual(isFault);
    await expect(open().create('x'.repeat(300), bytes(1))).rejects.toEqual(isFault);
    rmSync(path.join(place, 'new'), { recursive: true });
    writeFileSync(path.join(place, 'new'), 'no folder');
    await expect(open().list()).rejects.toEqual(isFault);
    for (const file of [name, 'x.owner']) {
      await expect(open().size(file)).rejects.toEqual(isFault);
      await expect(open().read(file, 0, 1)).rejects.toEqual(isFault);
    }
  });
});

describe('a folder of the disk', () => {
  /** What every open file does, in place of what it would. */
  async function everyFile(): Promise<FileHandle> {
    const handle = await open(place);
    await handle.close();
    return Object.getPrototypeOf(handle) as FileHandle;
  }

  it('goes on where the system reads or writes less than it was asked to', async () => {
    const files = await everyFile();
    const { read, write } = files;
    vi.spyOn(files, 'read').mockImplementation(function (this: FileHandle, ...[buffer, offset, length, at]: never[]) {
      return Reflect.apply(read, this, [buffer, offset, Math.min(length, 3), at]) as never;
    } as never);
    vi.spyOn(files, 'write').mockImplementation(function (this: FileHandle, ...[buffer, offset, length, at]: never[]) {
      return Reflect.apply(write, this, [buffer, offset, Math.min(length, 3), at]) as never;
    } as never);
    const folder = nodeRecordFolder(place);
    await folder.append(name, 0, bytes(10));
    await folder.append(name, 10, bytes(10, 10));
    expect([...readFileSync(path.join(place, name))]).toEqual([...bytes(20)]);
    expect([...(await folder.read(name, 2, 16))]).toEqual([...bytes(16, 2)]);
  });

  it.each([
    ['which can be cut', false],
    ['which cannot', true],
  ])('says why it could not write, and leaves nothing of it in a file %s', async (_, isStuck) => {
    const folder = nodeRecordFolder(place);
    await folder.append(name, 0, bytes(10));
    const files = await everyFile();
    const { write } = files;
    vi.spyOn(files, 'write')
      .mockImplementationOnce(function (this: FileHandle, ...[buffer, offset, , at]: never[]) {
        return Reflect.apply(write, this, [buffer, offset, 4, at]) as never;
      } as never)
      .mockRejectedValueOnce(new Error('no space left'));
    if (isStuck) vi.spyOn(files, 'truncate').mockRejectedValue(new Error('cannot be cut'));
    await expect(folder.append(name, 10, bytes(10))).rejects.toThrow('no space left');
    expect(await folder.size(name)).toBe(isStuck ? 14 : 10);
  });

  it('has closed each file when it is done with it, also where that failed', async () => {
    const files = await everyFile();
    const opened = new Set<FileHandle>();
    for (const name of ['read', 'stat'] as const) {
      const task = files[name];
      vi.spyOn(files, name).mockImplementation(function (this: FileHandle, ...parts: never[]) {
        opened.add(this);
        return Reflect.apply(task, this, parts) as never;
      } as never);
    }
    const folder = nodeRecordFolder(place);
    await folder.append(name, 0, bytes(1));
    await folder.read(name, 0, 1);
    await expect(folder.append(name, 2, bytes(1))).rejects.toThrow(FileGone);
    expect([...opened].map(({ fd }) => fd)).toEqual([-1, -1, -1]);
  });
});

describe('a folder of VS Code', () => {
  const folder = () => new CodeRecordFolder({ path: place } as Uri, isRecord);

  it('keeps the segment before one that was not written whole', async () => {
    await folder().append(name, 0, bytes(100));
    writeFileSync(path.join(place, `${name}.0-200`), bytes(60));
    const again = folder();
    expect(await again.size(name)).toBe(100);
    await again.append(name, 100, bytes(50, 100));
    expect(readdirSync(place)).toEqual([`${name}.0-150`]);
    expect([...(await again.read(name, 0, 150))]).toEqual([...bytes(150)]);
  });

  it('writes about 1 MB at a time at most, and reads back nothing of what it wrote', async () => {
    const writes = vi.spyOn(workspace.fs, 'writeFile');
    const reads = vi.spyOn(workspace.fs, 'readFile');
    const recording = folder();
    for (let at = 0; at < 3_000_000; at += 300_000) await recording.append(name, at, bytes(300_000));
    expect(Math.max(...writes.mock.calls.map(([, content]) => content.length))).toBe(1_200_000);
    expect(reads).not.toHaveBeenCalled();
  });

  it.each([0, 100])('has what was there before where a write from %i on fails', async (at) => {
    await folder().append(name, 0, bytes(100));
    vi.spyOn(workspace.fs, 'writeFile').mockRejectedValueOnce(new Error('no space left'));
    await expect(folder().append(name, at, bytes(10))).rejects.toThrow('no space left');
    expect([...(await folder().read(name, 0, 999))]).toEqual([...bytes(100)]);
  });

  it('has not made a small file that another window made at the same time', async () => {
    const { writeFile } = workspace.fs;
    vi.spyOn(workspace.fs, 'writeFile').mockImplementationOnce(async (uri, content) => {
      await writeFile(uri, content);
      await writeFile(uri, bytes(3, 9));
    });
    expect(await folder().create('x.owner', bytes(3))).toBe(false);
  });

  it('takes for a segment only a file whose name says so', async () => {
    mkdirSync(path.join(place, `${name}.0-10`));
    writeFileSync(path.join(place, 'notes.0-10'), 'of somebody');
    await expect(folder().size(name)).rejects.toThrow(FileGone);
    expect([...(await folder().list()).keys()].sort()).toEqual([name, 'notes.0-10']);
  });

  it('gives up an entry that is listed and never there', async () => {
    await folder().append(name, 0, bytes(100));
    vi.spyOn(workspace.fs, 'stat').mockRejectedValue(new FileSystemError('gone'));
    await expect(folder().size(name)).rejects.toThrow(FileGone);
  });

  it('looks again where a segment has gone since it looked, and stops at one that it cannot look at', async () => {
    await folder().append(name, 0, bytes(100));
    const stat = vi.spyOn(workspace.fs, 'stat');
    stat.mockRejectedValueOnce(new FileSystemError('gone'));
    expect(await folder().size(name)).toBe(100);
    const fault = Object.defineProperty(new FileSystemError('not yours'), 'code', { value: 'NoPermissions' });
    stat.mockRejectedValueOnce(fault);
    await expect(folder().size(name)).rejects.toBe(fault);
  });
});
