import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import { OwnedElsewhere } from '../../../src/host/records/ownership';
import type { RecordedEvent, RecordHeader } from '../../../src/host/records/recordBlocks';
import type { RecordFolder } from '../../../src/host/records/recordFolder';
import { RunRecords } from '../../../src/host/records/runRecords';
import { emptyColumns } from '../../../src/protocol/history';
import { startCheckpoint } from '../../../src/protocol/state';
import { countedFolder, drivenClock, type CountedFolder, type DrivenClock } from '../../helpers/drivenClock';

let place: string;
let folder: CountedFolder;
let clock: DrivenClock;
let heard: string[];
beforeEach(() => {
  place = mkdtempSync(path.join(tmpdir(), 'gd-records-'));
  folder = countedFolder(nodeRecordFolder(place));
  clock = drivenClock([folder]);
  heard = [];
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const newWindow = (on: RecordFolder = folder, time = clock) =>
  new RunRecords(on, time, {
    failed: (reason) => heard.push(reason),
    unreadable: (name, reason) => heard.push(`${name}: ${reason}`),
    full: (id) => heard.push(`full ${id}`),
    lost: (id) => heard.push(`lost ${id}`),
    stored: () => undefined,
  });
const header = (id: string, startedAt = 0): RecordHeader => ({
  identity: { id, name: id, startedAt },
  configText: '{}',
  seed: 0,
});
const label = (name: string): RecordedEvent => ({ type: 'labelled', runId: 'a', label: { name } });

function progress(epochs: number): RecordedEvent {
  const none = new Float32Array();
  const more = { checkpoint: startCheckpoint(none), gradients: none, lastChange: none, seconds: 0 };
  return { type: 'progress', runId: 'a', progress: { records: emptyColumns(epochs), ...more } };
}

/** A window that has begun a run. */
async function owner(on: RecordFolder = folder, time = clock): Promise<RunRecords> {
  const window = newWindow(on, time);
  window.begin(header('a'));
  await window.flush();
  return window;
}

it('finds runs in the order in which they were started', async () => {
  const window = newWindow();
  ['a', 'b', 'c'].forEach((id, i) => window.begin(header(id, [2, 3, 1][i])));
  await window.flush();
  const { found } = await newWindow().look(() => false);
  expect(found.map(({ header: { identity } }) => identity.id)).toEqual(['c', 'a', 'b']);
});

it('shows that it lives as long as it owns a run that it began or took over', async () => {
  const [one, other, third] = [await owner(), newWindow(), newWindow()];
  const ownerFor = async (window: RunRecords) => (await window.look(() => false), window.ownerOf('a'));
  for (let i = 0; i < 20; i++) {
    await clock.pass(1000);
    expect(await ownerFor(other)).toBe('other');
  }
  await one.release('a');
  await one.stop();
  expect(await ownerFor(other)).toBe('nobody');
  await other.acquire('a');
  for (let i = 0; i < 20; i++) {
    await clock.pass(1000);
    expect(await ownerFor(third)).toBe('other');
  }
});

it('gives what others wrote about runs that are shown, and about others once they are', async () => {
  const [one, other] = [await owner(), newWindow()];
  await other.look(() => false);
  one.record(label('mine'));
  await one.flush();
  expect((await other.look(() => false)).events).toEqual([]);
  expect((await other.look(() => true)).events).toEqual([label('mine')]);
  expect((await one.look(() => true)).events).toEqual([]);
});

it('keeps a run that is wanted again while it is let go', async () => {
  const one = await owner();
  const released = one.release('a');
  await Promise.all([released, one.acquire('a')]);
  expect(one.ownerOf('a')).toBe('this');
});

it('keeps a run of which something cannot be written', async () => {
  let isFull = false;
  const full = { append: () => Promise.reject(new Error('no space')) };
  const one = await owner({ ...folder, append: (...args) => (isFull ? full.append() : folder.append(...args)) });
  isFull = true;
  one.record(label('mine'));
  await one.release('a');
  expect(one.ownerOf('a')).toBe('this');
  isFull = false;
  await one.release('a');
  expect(one.ownerOf('a')).toBe('nobody');
});

it('writes nothing about a run that another window has taken over, and removes nothing of it', async () => {
  const stopped = drivenClock([folder]);
  const [one, other] = [await owner(folder, stopped), newWindow()];
  await other.look(() => false);
  await clock.pass(10_000);
  await other.acquire('a');
  await expect(one.acquire('b')).rejects.toThrow('is not there');
  one.record(label('late'));
  await one.flush();
  expect(heard).toEqual(['lost a']);
  await one.look(() => true);
  await expect(one.acquire('a', false)).rejects.toThrow(OwnedElsewhere);
  await expect(one.remove('a')).rejects.toThrow(OwnedElsewhere);
  other.record(label('theirs'));
  await other.flush();
  expect((await newWindow().look(() => false)).found[0].state.label).toEqual({ name: 'theirs' });
});

it('gives epochs that still wait to be written', async () => {
  const one = await owner();
  one.record(progress(3));
  expect((await one.readEpochs('a', 0, 9)).loss).toHaveLength(3);
});

it('leaves nothing of a run that is removed, whatever waits', async () => {
  const one = await owner();
  one.record(progress(3));
  await one.remove('a');
  await clock.pass(10_000);
  expect(readdirSync(place)).toEqual([]);
  expect(heard).toEqual([]);
});

it('writes nothing of what is only under way', async () => {
  const one = await owner();
  const bytes = () => readFileSync(path.join(place, 'a.gdlog')).length;
  const before = bytes();
  one.record({ type: 'asked', runId: 'a', action: 'pause' });
  await one.flush();
  expect(bytes()).toBe(before);
});
