import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';
import { CodeRecordFolder } from '../../src/host/records/codeRecordFolder';
import { FileGone, type RecordFolder } from '../../src/host/records/recordFolder';
import { isRecord } from '../../src/host/records/runRecord';
import { nodeRecordFolder } from '../../src/host/records/nodeRecordFolder';

vi.mock('vscode', () => import('../helpers/fakeVscode'));

let place: string;
beforeEach(() => void (place = mkdtempSync(path.join(tmpdir(), 'gd-folder-'))));
afterEach(() => rmSync(place, { recursive: true, force: true }));

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
  });

  it('says what is no file', async () => {
    mkdirSync(path.join(place, 'new', name), { recursive: true });
    expect(await open().list()).toEqual(new Map([[name, 'other']]));
  });
});

it('a segment that was not written whole leaves the one before it', async () => {
  const folder = new CodeRecordFolder({ path: place } as Uri, isRecord);
  await folder.append(name, 0, bytes(100));
  writeFileSync(path.join(place, `${name}.0-200`), bytes(60));
  const again = new CodeRecordFolder({ path: place } as Uri, isRecord);
  expect(await again.size(name)).toBe(100);
  await again.append(name, 100, bytes(50, 100));
  expect(readdirSync(place)).toEqual([`${name}.0-150`]);
  expect([...(await again.read(name, 0, 150))]).toEqual([...bytes(150)]);
});
