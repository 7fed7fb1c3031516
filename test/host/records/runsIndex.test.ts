import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hostClock } from '../../../src/host/records/hostClock';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import { RunRecords } from '../../../src/host/records/runRecords';
import { atRest, takeSnapshot, type RunState } from '../../../src/protocol/state';
import { folded, recordedRun, seeded, type RecordedRun } from '../../helpers/recordedRun';

vi.mock('vscode', () => import('../../helpers/fakeVscode'));

const epochs = 400;
const made = mkdtempSync(path.join(tmpdir(), 'gd-indexed-'));
const run: RecordedRun = await recordedRun(epochs, made);
rmSync(made, { recursive: true, force: true });

let place: string;
beforeEach(() => (place = mkdtempSync(path.join(tmpdir(), 'gd-index-'))));
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** A window on the folder, and the records whose bytes it has read. */
function newWindow(folder = nodeRecordFolder(place)) {
  const states = new Map<string, RunState>();
  const read = new Set<string>();
  const heard: string[] = [];
  const records = new RunRecords(
    { ...folder, read: (name, ...more) => (read.add(name), folder.read(name, ...more)) },
    hostClock,
    {
      failed: (reason) => heard.push(reason),
      unreadable: (name, reason) => heard.push(`${name}: ${reason}`),
      full: () => {},
      lost: () => {},
      state: (id) => states.get(id),
    },
  );
  const look = async () => {
    const { found } = await records.look(() => true);
    for (const { state } of found) states.set(state.identity.id, state);
    return found;
  };
  return { records, look, states, heard, readRecords: () => [...read].filter((name) => name.endsWith('.gdlog')) };
}

const ids = ['a', 'b', 'c'];
const eventsFor = (id: string) => run.events.map((event) => ({ ...event, runId: id }));
const headerFor = (id: string, i: number) => {
  return { ...run.header, identity: { ...run.header.identity, id, startedAt: i } };
};

/** A window has trained three runs and was closed. */
async function trained(): Promise<void> {
  const { records, states } = newWindow();
  ids.forEach((id, i) => {
    const header = headerFor(id, i);
    records.begin(header);
    for (const event of eventsFor(id)) records.record(event);
    states.set(id, folded(header, eventsFor(id)));
  });
  await Promise.all(ids.map((id) => records.release(id)));
  await records.stop();
}

const file = (ending: string) =>
  path.join(
    place,
    readdirSync(place).find((name) => name.endsWith(ending))!,
  );
const namesOf = (found: { state: RunState }[]) =>
  found.map(({ state: { identity, label } }) => label?.name ?? identity.id);

/** Whether two runs are the same when at rest. (`toEqual` takes ten times as long for arrays of numbers.) */
const isSame = (one: RunState, other: RunState) =>
  isDeepStrictEqual(takeSnapshot(atRest(one)), takeSnapshot(atRest(other)));

/** Expects runs to stand as their records say, read by a window that knows no index. */
async function expectAsRecorded(states: ReadonlyMap<string, RunState>): Promise<void> {
  rmSync(file('.gdindex'));
  const fresh = newWindow();
  await fresh.look();
  expect([...states.keys()].sort()).toEqual([...fresh.states.keys()].sort());
  for (const [id, state] of states) {
    const whole = (await fresh.records.readWhole(id)).state;
    expect(isSame(state, whole)).toBe(true);
  }
}

describe('runs that are over', () => {
  beforeEach(trained);

  it('are back as their records say, none of which is read', async () => {
    const next = newWindow();
    expect(namesOf(await next.look())).toEqual(ids);
    expect(next.readRecords()).toEqual([]);
    expect((await next.records.readWhole('b')).state.history.length).toBe(epochs);
    await next.records.stop();
    await expectAsRecorded(next.states);
  });

  it('can be written on at the right place, and are indexed again when that window closes', async () => {
    const [next, last] = [newWindow(), newWindow()];
    await next.look();
    const before = readFileSync(file('.gdindex'));
    await next.records.acquire('b');
    const label = { type: 'labelled' as const, runId: 'b', label: { name: 'mine' } };
    next.records.record(label);
    next.states.set('b', { ...next.states.get('b')!, label: label.label });
    await next.records.release('b');
    expect((await next.records.readEpochs('b', 300, 2)).loss).toEqual(run.state.history.column('loss').slice(300, 302));
    await next.records.stop();
    expect(readFileSync(file('.gdindex'))).not.toEqual(before);
    expect(namesOf(await last.look())).toEqual(['a', 'mine', 'c']);
    expect(last.readRecords()).toEqual([]);
    await expectAsRecorded(last.states);
  });

  it('are read where another window has written to them since and was killed', async () => {
    const killed = newWindow();
    await killed.look();
    await killed.records.acquire('b');
    killed.records.record({ type: 'labelled', runId: 'b', label: { name: 'theirs' } });
    await killed.records.flush();
    const next = newWindow();
    expect(namesOf(await next.look())).toEqual(['a', 'theirs', 'c']);
    expect(next.readRecords()).toEqual(['b.gdlog']);
  });

  it('are read where bytes were changed since, and what is damaged is said', async () => {
    const record = path.join(place, 'b.gdlog');
    const bytes = readFileSync(record);
    bytes[bytes.length - 20] ^= 1;
    writeFileSync(record, bytes);
    utimesSync(record, new Date(), new Date(Date.now() + 1000));
    const found = await newWindow().look();
    expect(found.map(({ lost }) => lost > 0)).toEqual([false, true, false]);
  });

  it('are all there whatever has become of the index: 24 times', async () => {
    const whole = readFileSync(file('.gdindex'));
    const good = newWindow();
    await good.look();
    const random = seeded(1);
    for (let fault = 0; fault < 24; fault++) {
      const at = Math.floor(random() * whole.length);
      const bytes = Uint8Array.from(whole);
      bytes[at] ^= 1 << Math.floor(random() * 8);
      writeFileSync(file('.gdindex'), fault % 2 ? bytes : whole.subarray(0, at));
      const next = newWindow();
      expect(namesOf(await next.look())).toEqual(ids);
      expect(next.readRecords().length).toBeGreaterThan(0);
      expect(next.heard).toEqual([]);
      for (const id of ids) expect(isSame(next.states.get(id)!, good.states.get(id)!)).toBe(true);
    }
  });
});

it('a run that may go on is read, and the index is written where something is new alone', async () => {
  await trained();
  const paused = newWindow();
  await paused.look();
  const header = headerFor('d', 3);
  paused.records.begin(header);
  const events = eventsFor('d').slice(0, 20);
  for (const event of events) paused.records.record(event);
  paused.states.set('d', folded(header, events));
  const before = readFileSync(file('.gdindex'));
  await paused.records.stop();
  expect(readFileSync(file('.gdindex'))).toEqual(before);
  const next = newWindow();
  expect(namesOf(await next.look())).toEqual([...ids, 'd']);
  expect(next.readRecords()).toEqual(['d.gdlog']);
});

it('a run is not indexed whose window closes while it has read what happened to the run, and has not taken it in', async () => {
  await trained();
  const real = nodeRecordFolder(place);
  let [isHeld, isUnderWay] = [false, false];
  const read: typeof real.read = (name, ...more) => {
    if (!isHeld || name !== 'c.gdlog') return real.read(name, ...more);
    isUnderWay = true;
    return new Promise(() => {});
  };
  const [closing, other, last] = [newWindow({ ...real, read }), newWindow(), newWindow()];
  rmSync(file('.gdindex'));
  await closing.look();
  await other.look();
  for (const runId of ['b', 'c']) {
    await other.records.acquire(runId);
    other.records.record({ type: 'labelled', runId, label: { name: 'theirs' } });
    await other.records.release(runId);
  }
  isHeld = true;
  void closing.look();
  await expect.poll(() => isUnderWay).toBe(true);
  await closing.records.readWhole('b');
  await closing.records.stop();
  expect(namesOf(await last.look())).toEqual(['a', 'theirs', 'theirs']);
});

it.each(['create', 'read'] as const)(
  'what another window wrote is told though taking the run over failed to %s',
  async (what) => {
    await trained();
    const real = nodeRecordFolder(place);
    let fails = false;
    const failing = <A extends unknown[], R>(act: (name: string, ...more: A) => Promise<R>) => {
      return (name: string, ...more: A) =>
        fails && (what === 'create' || name.endsWith('.gdlog')) ? Promise.reject(new Error('EIO')) : act(name, ...more);
    };
    const [mine, other] = [
      newWindow({ ...real, [what]: failing<unknown[], unknown>(real[what] as never) }),
      newWindow(),
    ];
    await mine.look();
    await other.look();
    await other.records.acquire('b');
    other.records.record({ type: 'labelled', runId: 'b', label: { name: 'theirs' } });
    await other.records.release('b');
    fails = true;
    await expect(mine.records.acquire('b')).rejects.toThrow('EIO');
    fails = false;
    const { events } = await mine.records.look(() => true);
    expect(events).toMatchObject([{ type: 'labelled', label: { name: 'theirs' } }]);
  },
);
