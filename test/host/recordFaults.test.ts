import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hostClock } from '../../src/host/records/hostClock';
import { quietTime } from '../../src/host/records/ownership';
import type { RecordFolder } from '../../src/host/records/recordFolder';
import { RunRecord, recordName } from '../../src/host/records/runRecord';
import type { FolderChanges } from '../../src/host/records/folderChanges';
import { RunRecords, type RecordsListener } from '../../src/host/records/runRecords';
import type { RecordedEvent } from '../../src/host/records/recordBlocks';
import { applyRunEvent, type RunState } from '../../src/protocol/state';
import { nodeRecordFolder } from '../../src/host/records/nodeRecordFolder';
import { countedFolder, drivenClock } from '../helpers/drivenClock';
import { expectPartOf, folded, recordedRun, seeded, type RecordedRun } from '../helpers/recordedRun';
import { openRunWindow, startRun } from '../helpers/runWindows';
import { sessionWorkers } from '../helpers/sessionWorkers';

vi.mock('vscode', () => import('../helpers/fakeVscode'));
// Hundreds of faults take their time on a busy machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const epochs = 120;
let run: RecordedRun;
let root: string;
let folder: string;
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'gd-faults-'));
  run = await recordedRun(epochs, path.join(root, 'whole'));
});
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 20 }));
beforeEach(() => void (folder = mkdtempSync(path.join(root, 'fault-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));

const id = () => run.header.identity.id;
const recordFile = () => path.join(folder, recordName(id()));

/** What is notified of records, in words. */
function listener(states: Map<string, RunState> = new Map()) {
  const heard: string[] = [];
  const parts: RecordsListener = {
    failed: (reason) => heard.push(`failed: ${reason}`),
    unreadable: (name, reason) => heard.push(`unreadable ${name}: ${reason}`),
    full: (which) => heard.push(`full ${which}`),
    lost: (which) => heard.push(`lost ${which}`),
    state: (which) => states.get(which),
  };
  return { ...parts, heard };
}

/** What another window finds in the folder. */
async function found(): Promise<FolderChanges & { heard: string[] }> {
  const { heard, ...parts } = listener();
  const records = new RunRecords(nodeRecordFolder(folder), hostClock, parts);
  const changes = await records.look(() => false);
  const whole = changes.found.map(({ state }) => records.readWhole(state.identity.id));
  return { ...changes, found: await Promise.all(whole), heard };
}

/** Writes the run in pieces. Gives where each piece ends in the file, and how many epochs it ends with. */
async function writePieces(random: () => number): Promise<{ end: number; epochs: number }[]> {
  const record = new RunRecord(id(), nodeRecordFolder(folder), hostClock);
  const pieces: { end: number; epochs: number }[] = [];
  let state = folded(run.header, []);
  for (let at = 0; at < run.events.length;) {
    const next = at + 1 + Math.floor(random() * 40);
    const events = run.events.slice(at, next);
    await (at === 0 ? record.begin(run.header, events) : record.append(events));
    state = events.reduce(applyRunEvent, state);
    pieces.push({ end: readFileSync(recordFile()).length, epochs: state.history.length });
    at = next;
  }
  return pieces;
}

const epochsBefore = (pieces: { end: number; epochs: number }[], byte: number) =>
  pieces.filter(({ end }) => end <= byte).at(-1)?.epochs ?? 0;

/** What was found of a damaged record: all that was whole before the damage, and a word about the file. */
function expectWholeBefore(what: Awaited<ReturnType<typeof found>>, least: number, isDamaged: boolean): void {
  const [state] = what.found;
  if (state) {
    expectPartOf(run, state.state);
    expect(state.state.history.length).toBeGreaterThanOrEqual(least);
    expect(state.lost > 0).toBe(isDamaged);
    expect(state.file).toBe(recordName(id()));
  } else {
    expect(least).toBe(0);
    expect(what.heard).toEqual([expect.stringContaining(`unreadable ${recordName(id())}: `)]);
  }
}

describe('a damaged record', () => {
  it('that is cut at any byte has all blocks before it: 150 cuts', async () => {
    const random = seeded(1);
    const pieces = await writePieces(random);
    const whole = readFileSync(recordFile());
    for (let fault = 0; fault < 150; fault++) {
      const cut = fault < 30 ? fault : Math.floor(random() * whole.length);
      writeFileSync(recordFile(), whole.subarray(0, cut));
      const isWhole = pieces.some(({ end }) => end === cut);
      const what = await found();
      if (!isWhole && what.found.length === 0) expectWholeBefore(what, epochsBefore(pieces, cut), true);
      else if (what.found[0].lost > 0) expectWholeBefore(what, epochsBefore(pieces, cut), true);
      else expectPartOf(run, what.found[0].state);
    }
  });

  it('with changed bytes anywhere has all blocks before them and none after: 200 changes', async () => {
    const random = seeded(2);
    const pieces = await writePieces(random);
    const whole = readFileSync(recordFile());
    for (let fault = 0; fault < 200; fault++) {
      const at = fault < 40 ? fault : Math.floor(random() * whole.length);
      const damaged = Buffer.from(whole);
      const length = 1 + Math.floor(random() * 4);
      for (let i = at; i < Math.min(whole.length, at + length); i++) damaged[i] ^= 1 + Math.floor(random() * 255);
      writeFileSync(recordFile(), damaged);
      expectWholeBefore(await found(), epochsBefore(pieces, at), true);
    }
  });

  it('goes on from the last whole block, and is whole then: 20 cuts', async () => {
    const random = seeded(3);
    const pieces = await writePieces(random);
    const whole = readFileSync(recordFile());
    for (let fault = 0; fault < 20; fault++) {
      const cut = pieces[0].end + Math.floor(random() * (whole.length - pieces[0].end));
      writeFileSync(recordFile(), whole.subarray(0, cut));
      const records = new RunRecords(nodeRecordFolder(folder), hostClock, listener());
      const { length } = (await records.look(() => false)).found[0].state.history;
      await records.acquire(id());
      for (const event of run.events.filter((e) => e.type === 'progress' && e.progress.records.first >= length)) {
        records.record(event);
      }
      await records.stop();
      const after = await found();
      expect(after.found[0].lost).toBe(0);
      expect(after.found[0].state.history.length).toBe(epochs);
      expectPartOf(run, after.found[0].state);
    }
  });
});

describe('what cannot be a run', () => {
  it.each([
    ['a directory', (file: string) => mkdirSync(file)],
    ['a link to itself', (file: string) => symlinkSync(path.basename(file), file)],
    ['a link to a device', (file: string) => symlinkSync('/dev/zero', file)],
    ['an empty file', (file: string) => writeFileSync(file, '')],
    ['another file', (file: string) => writeFileSync(file, 'no record at all')],
    ['a record of a later version', (file: string) => writeFileSync(file, Buffer.from('gdrun\0\x07\0 and more'))],
    ['a copy of another run', (file: string) => cpSync(recordFile(), file)],
  ])('is named and hides nothing: %s', async (_, make) => {
    await writePieces(seeded(4));
    for (const name of ['aa.gdlog', 'zz.3-x.gdrun']) make(path.join(folder, name));
    const before = readdirSync(folder).sort();
    const what = await found();
    expect(what.found.map(({ state }) => state.history.length)).toEqual([epochs]);
    expect(what.heard.map((line) => line.split(':')[0]).sort()).toEqual([
      'unreadable aa.gdlog',
      'unreadable zz.3-x.gdrun',
    ]);
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it('is told of once', async () => {
    writeFileSync(path.join(folder, 'aa.gdlog'), 'no record');
    const { heard, ...parts } = listener();
    const records = new RunRecords(nodeRecordFolder(folder), hostClock, parts);
    for (let look = 0; look < 3; look++) await records.look(() => false);
    expect(heard.length).toBe(1);
  });
});

/** A disk on which `budget` bytes can still be written to records. What does not fit is half there. */
function smallDisk(budget: { bytes: number; dead?: boolean }): RecordFolder {
  const real = nodeRecordFolder(folder);
  const alive = <A extends unknown[], R>(task: (...args: A) => Promise<R>) => {
    return (...args: A) => (budget.dead ? Promise.reject(new Error('killed')) : task(...args));
  };
  return {
    list: alive(real.list),
    size: alive(real.size),
    stamp: alive(real.stamp),
    read: alive(real.read),
    create: alive(real.create),
    overwrite: alive(real.overwrite),
    remove: alive(real.remove),
    append: alive(async (name, at, bytes) => {
      if (bytes.length <= budget.bytes) {
        await real.append(name, at, bytes);
        budget.bytes -= bytes.length;
        return;
      }
      const half = bytes.subarray(0, budget.bytes);
      if (at === 0) writeFileSync(path.join(folder, name), half);
      else {
        const file = await open(path.join(folder, name), 'r+');
        await file.write(half, 0, half.length, at);
        await file.close();
      }
      budget.bytes = 0;
      throw new Error('ENOSPC: no space left on device');
    }),
  };
}

/** Feeds the run's events to records, a random number before each flush. Gives the epochs after each flush that worked. */
async function recordAll(
  records: RunRecords,
  random: () => number,
  heard: string[],
  states: Map<string, RunState>,
  between: (events: number) => void = () => {},
): Promise<number> {
  let flushed = 0;
  let state = folded(run.header, []);
  for (let at = 0; at < run.events.length;) {
    const next = at + 1 + Math.floor(random() * 60);
    const events = run.events.slice(at, next);
    for (const event of events) records.record(event);
    state = events.reduce(applyRunEvent, state);
    states.set(id(), state);
    const before = heard.length;
    await records.flush();
    if (heard.length === before) flushed = state.history.length;
    at = next;
    between(at);
  }
  return flushed;
}

describe('writing', () => {
  it('that is killed at any byte has lost nothing that was flushed: 60 kills', async () => {
    for (let fault = 0; fault < 60; fault++) {
      rmSync(folder, { recursive: true, force: true });
      const random = seeded(100 + fault);
      const budget = { bytes: Math.floor(random() * 40_000), dead: false };
      const states = new Map<string, RunState>();
      const { heard, ...parts } = listener(states);
      const clock = drivenClock();
      const records = new RunRecords(smallDisk(budget), clock, {
        ...parts,
        failed: (reason) => {
          budget.dead = true;
          parts.failed(reason);
        },
      });
      records.begin(run.header);
      const flushed = await recordAll(records, random, heard, states);
      const what = await found();
      expect(what.found[0]?.state.history.length ?? 0).toBeGreaterThanOrEqual(flushed);
      if (what.found[0]) expectPartOf(run, what.found[0].state);
    }
  });

  it('that fails for want of space goes on where it was when there is some: 40 full disks', async () => {
    for (let fault = 0; fault < 40; fault++) {
      rmSync(folder, { recursive: true, force: true });
      const random = seeded(200 + fault);
      const budget = { bytes: Math.floor(random() * 30_000) };
      const states = new Map<string, RunState>();
      const { heard, ...parts } = listener(states);
      const records = new RunRecords(smallDisk(budget), drivenClock(), parts);
      records.begin(run.header);
      const flushed = await recordAll(records, random, heard, states);
      expect((await found()).found[0]?.state.history.length ?? 0).toBeGreaterThanOrEqual(flushed);
      if (budget.bytes === 0) expect(heard[0]).toMatch(/^failed: ENOSPC/);
      budget.bytes = Infinity;
      await records.stop();
      const after = await found();
      expect(after.found[0].lost).toBe(0);
      expect(after.found[0].state).toEqual(folded(run.header, run.events));
    }
  });

  it('makes the record anew where its folder or its file has gone: 20 times', async () => {
    for (let fault = 0; fault < 20; fault++) {
      const random = seeded(300 + fault);
      const states = new Map<string, RunState>();
      const { heard, ...parts } = listener(states);
      const records = new RunRecords(nodeRecordFolder(folder), drivenClock(), parts);
      records.begin(run.header);
      const moment = Math.floor(random() * 200);
      let gone = false;
      await recordAll(records, random, heard, states, (at) => {
        if (gone || at < moment) return;
        gone = true;
        rmSync(fault % 2 === 0 ? folder : recordFile(), { recursive: true });
      });
      await records.stop();
      const [after] = (await found()).found;
      expect(gone).toBe(true);
      expect(after.state.history.length).toBe(epochs);
      expectPartOf(run, after.state);
      expect(heard).toEqual([]);
    }
  });
});

describe('a training window', () => {
  it('goes on bit for bit after its worker was killed, whatever the clock on the wall says: 12 kills', async () => {
    const wall = vi.spyOn(Date, 'now');
    try {
      for (let fault = 0; fault < 12; fault++) {
        const random = seeded(400 + fault);
        const there = mkdtempSync(path.join(root, 'worker-'));
        const workers = sessionWorkers();
        const one = openRunWindow(nodeRecordFolder(there), { startWorker: workers.startWorker });
        wall.mockImplementation(() => 1e12 - fault * 1e9 * random());
        const training = startRun(one.runs, 'killed', 1e9);
        const least = 1 + random() * 400;
        await expect.poll(() => training.state.history.length).toBeGreaterThan(least);
        workers.started[0].crash('killed');
        await expect.poll(() => training.state.status).toBe('paused');
        const reached = training.state.history.length;
        await one.runs.shared.records.flush();
        const other = openRunWindow(nodeRecordFolder(there));
        await other.runs.restore();
        expect(other.runs.all[0].state.history.length).toBe(reached);
        expect(other.runs.all[0].elsewhere).toBe(true);
        await one.runs.close();
        await other.runs.resume(other.runs.all[0]);
        const resumed = other.runs.all[0];
        await expect.poll(() => resumed.state.history.length).toBeGreaterThan(reached);
        await other.runs.close();
        expect(resumed.state.history.column('loss').slice(0, epochs)).toEqual(
          run.state.history.column('loss').slice(0, Math.min(epochs, resumed.state.history.length)),
        );
      }
    } finally {
      wall.mockRestore();
    }
  });
});

/** A window that sees the run, as little of it as matters here. */
interface Onlooker {
  records: RunRecords;
  state: RunState | undefined;
  heard: string[];
}

describe('two windows on one folder', () => {
  it('never write over each other, in whatever order they do what they do: 60 orders', async () => {
    for (let fault = 0; fault < 60; fault++) {
      rmSync(folder, { recursive: true, force: true });
      await twoWindows(seeded(500 + fault));
    }
  });

  async function twoWindows(random: () => number): Promise<void> {
    const counted = countedFolder(nodeRecordFolder(folder));
    const clock = drivenClock([counted]);
    const newWindow = (): Onlooker => {
      const states = new Map<string, RunState>();
      const { heard, ...parts } = listener(states);
      return { records: new RunRecords(counted, clock, parts), state: undefined, heard };
    };
    const windows = [newWindow(), newWindow()];
    windows[0].records.begin(run.header);
    windows[0].state = folded(run.header, []);
    await windows[0].records.flush();
    let trained = 0;
    const owns = (window: Onlooker) =>
      window.records.ownerOf(id()) === 'this' && window.heard.every((h) => !h.startsWith('lost'));
    const actions: ((window: Onlooker, index: number) => Promise<unknown>)[] = [
      // Trains.
      async (window) => {
        if (!owns(window) || !window.state) return;
        const events = nextEvents(window.state, 1 + Math.floor(random() * 5));
        for (const event of events) {
          window.state = applied(window.state, event);
          window.records.record(event);
        }
        await window.records.flush();
        if (owns(window)) trained = Math.max(trained, window.state.history.length);
      },
      // Looks.
      async (window) => {
        const { found: runs, events, gone } = await window.records.look(() => window.state !== undefined);
        if (gone.length > 0) window.state = undefined;
        if (runs.length > 0) window.state = runs[0].state;
        for (const event of events) window.state = applied(window.state!, event);
      },
      // Takes the run over, where it may.
      async (window) => {
        if (!window.state) return;
        const { events, reread } = await window.records.acquire(id(), false);
        if (reread) window.state = reread.state;
        for (const event of events) window.state = applied(window.state, event);
      },
      // Lets go.
      ({ records }) => records.release(id()),
      // Is killed, and another one comes.
      async (_, index) => {
        if (random() < 0.5) windows[index] = newWindow();
        else await clock.pass(500);
      },
      // Nothing happens for a while: only a heart that beats is heard.
      () => clock.pass(random() * 2 * quietTime),
    ];
    for (let step = 0; step < 40; step++) {
      const index = Math.floor(random() * 2);
      const action = actions[Math.floor(random() * actions.length)];
      const both = random() < 0.3 ? [action(windows[1 - index], 1 - index)] : [];
      await Promise.allSettled([action(windows[index], index), ...both]);
      expect(windows.filter(owns).length).toBeLessThanOrEqual(1);
    }
    for (const { records } of windows) await records.stop();
    const [after] = (await found()).found;
    expect(after.lost).toBe(0);
    expect(after.state.history.length).toBeGreaterThanOrEqual(trained);
    expectPartOf(run, after.state);
  }

  const applied = (state: RunState, event: RecordedEvent) => folded(run.header, [...eventsUpTo(state), event]);

  /** The run's events that bring it to where a state stands. */
  function eventsUpTo(state: RunState): RecordedEvent[] {
    return run.events.slice(0, eventCount(state));
  }

  function eventCount({ history, status }: RunState): number {
    if (status === 'opening') return 0;
    const index = run.events.findIndex(
      (event) =>
        event.type === 'progress' && event.progress.records.first + event.progress.records.loss.length > history.length,
    );
    return index < 0 ? run.events.length : index;
  }

  function nextEvents(state: RunState, count: number): RecordedEvent[] {
    const from = eventCount(state);
    const opening = run.events.findIndex(({ type }) => type === 'opened');
    return run.events.slice(state.status === 'opening' ? opening : from, Math.max(opening + 1, from + count));
  }
});
