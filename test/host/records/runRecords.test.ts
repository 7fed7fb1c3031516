import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import { OwnedElsewhere } from '../../../src/host/records/ownership';
import type { RecordedEvent, RecordHeader } from '../../../src/host/records/recordBlocks';
import type { RecordFolder } from '../../../src/host/records/recordFolder';
import { RunRecords } from '../../../src/host/records/runRecords';
import { emptyColumns } from '../../../src/protocol/history';
import { openingRun, startCheckpoint, takeSnapshot } from '../../../src/protocol/state';
import { countedFolder, drivenClock, type CountedFolder, type DrivenClock } from '../../helpers/drivenClock';
import { encodeRun } from '../../helpers/encodeRun';

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
    state: () => undefined,
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

/** A window whose clock has stopped, and another one that has taken its run over. */
async function takenOver(): Promise<[RunRecords, RunRecords]> {
  const [one, other] = [await owner(folder, drivenClock([folder])), newWindow()];
  await other.look(() => false);
  await clock.pass(10_000);
  await other.acquire('a');
  return [one, other];
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

it('opens no file of a run that rested when it looked last, until a window takes it over', async () => {
  const [one, other] = [await owner(), newWindow()];
  await one.release('a');
  await other.look(() => true);
  const opened: string[] = [];
  const { read, size } = folder;
  folder.read = (name, ...more) => (opened.push(name), read(name, ...more));
  folder.size = (name) => (opened.push(name), size(name));
  await other.look(() => true);
  expect(opened).toEqual([]);
  await one.acquire('a');
  one.record(label('mine'));
  await one.release('a');
  expect((await other.look(() => true)).events).toEqual([label('mine')]);
  opened.length = 0;
  await other.look(() => true);
  expect(opened).toEqual([]);
});

it('reads a run again whose file somebody has cut while it rested', async () => {
  const one = await owner();
  one.record(label('mine'));
  one.record(progress(4));
  await one.release('a');
  const [file] = readdirSync(place).filter((name) => name.endsWith('.gdlog'));
  truncateSync(path.join(place, file), readFileSync(path.join(place, file)).length - 1);
  const { reread } = await one.acquire('a');
  expect(reread?.state.label).toEqual({ name: 'mine' });
  expect(reread?.lost).toBeGreaterThan(0);
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
  const [one, other] = await takenOver();
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

it('finds a run again that another window has taken over', async () => {
  const [one] = await takenOver();
  one.record(label('late'));
  await one.flush();
  expect((await one.look(() => true)).found.map(({ file }) => file)).toEqual(['a.gdlog']);
});

it('writes nothing that happened before a run was its own', async () => {
  const [one, other] = [await owner(), newWindow()];
  await other.look(() => false);
  await one.release('a');
  other.record(label('too early'));
  await other.acquire('a');
  await other.flush();
  expect((await newWindow().look(() => false)).found[0].state.label).toBeUndefined();
});

it('lets go of a run that it could not read', async () => {
  await (await owner()).stop();
  let isBroken = false;
  const broken = () => Promise.reject(new Error('a broken disk'));
  const one = newWindow({ ...folder, size: (name) => (isBroken ? broken() : folder.size(name)) });
  await one.look(() => false);
  isBroken = true;
  await expect(one.acquire('a')).rejects.toThrow('a broken disk');
  const other = newWindow();
  await other.look(() => false);
  expect(other.ownerOf('a')).toBe('nobody');
});

it('still shows a run that could not be read once', async () => {
  const one = await owner();
  let isBroken = false;
  const broken = () => Promise.reject(new Error('a broken disk'));
  const other = newWindow({ ...folder, size: (name) => (isBroken ? broken() : folder.size(name)) });
  await other.look(() => true);
  one.record(label('mine'));
  await one.flush();
  isBroken = true;
  expect(await other.look(() => true)).toEqual({ found: [], gone: [], events: [] });
  isBroken = false;
  expect((await other.look(() => true)).events).toEqual([label('mine')]);
});

it('says nothing about a record that another window is just beginning', async () => {
  await owner();
  truncateSync(path.join(place, 'a.gdlog'), 3);
  expect((await newWindow().look(() => false)).found).toEqual([]);
  expect(heard).toEqual([]);
});

it('reads a record anew that does not end where a block does', async () => {
  const one = await owner();
  one.record(label('mine'));
  await one.flush();
  const other = newWindow();
  await other.look(() => true);
  const file = path.join(place, 'a.gdlog');
  await one.stop();
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from('half of a block')]));
  const { events, reread } = await other.acquire('a');
  expect(events).toEqual([]);
  expect(reread?.state.label).toEqual({ name: 'mine' });
});

it('keeps a run of its own whose record was removed', async () => {
  const one = await owner();
  rmSync(path.join(place, 'a.gdlog'));
  expect((await one.look(() => true)).gone).toEqual([]);
  expect(one.ownerOf('a')).toBe('this');
});

it('removes a run that was never written', async () => {
  const one = newWindow();
  one.begin(header('a'));
  await one.remove('a');
  await clock.pass(10_000);
  expect(readdirSync(place)).toEqual([]);
  expect(heard).toEqual([]);
});

it('is silent once it is stopped, and beats once a second until then', async () => {
  let beats = 0;
  const watched = { ...folder, overwrite: (...args: [string, Uint8Array]) => (beats++, folder.overwrite(...args)) };
  const one = newWindow(watched);
  ['a', 'b'].forEach((id) => one.begin(header(id)));
  await one.flush();
  await clock.pass(10_000);
  expect(beats).toBe(2 * 10);
  await one.stop();
  let looks = 0;
  watched.list = () => (looks++, folder.list());
  await clock.pass(10_000);
  expect(looks).toBe(0);
});

describe('a run of the version before', () => {
  const files = ['a.7-x.gdrun', 'a.8-x.gdrun'];
  beforeEach(() => {
    const snapshot = takeSnapshot(openingRun(header('a').identity));
    for (const file of files) writeFileSync(path.join(place, file), encodeRun({ snapshot, configText: '{}', seed: 0 }));
  });
  const opened = async () => {
    const window = newWindow();
    expect((await window.look(() => true)).found.map(({ file }) => file)).toEqual(['a.8-x.gdrun']);
    return window;
  };

  it('is looked at as often as it is shown', async () => {
    expect(await (await opened()).look(() => true)).toEqual({ found: [], gone: [], events: [] });
  });

  it('becomes a record when it is changed, once', async () => {
    const window = await opened();
    await window.acquire('a');
    expect(readdirSync(place).sort()).toEqual(['a.1.owner', 'a.gdlog']);
    await window.release('a');
    window.record(label('late'));
    await window.acquire('a');
    window.record(label('mine'));
    await window.flush();
    expect((await newWindow().look(() => false)).found[0].state.label).toEqual({ name: 'mine' });
  });

  it('is found again as a record that another window made of it', async () => {
    const [one, other] = [await opened(), await opened()];
    await one.acquire('a');
    const { gone, found } = await other.look(() => true);
    expect([gone, found.map(({ file }) => file)]).toEqual([['a'], ['a.gdlog']]);
  });

  it('leaves no file when it is removed, though a longer record stands beside it', async () => {
    const one = await owner();
    one.record(progress(3));
    await one.stop();
    const window = newWindow();
    expect((await window.look(() => true)).found.map(({ file }) => file)).toEqual(['a.gdlog']);
    await window.acquire('a');
    await window.remove('a');
    expect(readdirSync(place)).toEqual([]);
  });
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
