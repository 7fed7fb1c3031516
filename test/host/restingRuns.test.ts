import { appendFileSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CompareUpdate } from '../../src/compare/messages';
import { CompareFeed } from '../../src/host/compare/compareFeed';
import { takeRuns, sentFile } from '../../src/host/exporting/carryRuns';
import { hostClock } from '../../src/host/records/hostClock';
import { unpackRuns } from '../../src/host/records/sentRuns';
import { nodeRecordFolder } from '../../src/host/records/nodeRecordFolder';
import { RunRecord, isRecord, recordName } from '../../src/host/records/runRecord';
import type { RecordFolder } from '../../src/host/records/recordFolder';
import { RemovedRuns } from '../../src/host/runs/removedRuns';
import { labelRun } from '../../src/host/runs/runLabels';
import type { TrainingRun } from '../../src/host/runs/trainingRun';
import type { TrainingRuns } from '../../src/host/runs/trainingRuns';
import { encodeRun, storedRun } from '../helpers/encodeRun';
import { openRunWindow, startRun, type RunWindow } from '../helpers/runWindows';

vi.mock('vscode', () => import('../helpers/fakeVscode'));

let place: string;
let folder: RecordFolder;
let windows: RunWindow[];
beforeEach(() => {
  place = mkdtempSync(path.join(tmpdir(), 'gd-resting-'));
  folder = nodeRecordFolder(place);
  windows = [];
});
afterEach(async () => {
  await Promise.all(windows.map(({ runs }) => runs.close()));
  for (const { runs } of windows) for (const run of runs.all) run.closePort();
  await rm(place, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});

function openWindow(...[on = folder, options]: Partial<Parameters<typeof openRunWindow>>): TrainingRuns {
  const window = openRunWindow(on, options);
  windows.push(window);
  return window.runs;
}

/** Trains runs to their end, one after the other. */
async function train(runs: TrainingRuns, names: readonly string[], epochs = 600): Promise<TrainingRun[]> {
  const trained: TrainingRun[] = [];
  for (const [i, name] of names.entries()) {
    const run = startRun(runs, name, epochs, 'run', i);
    await expect.poll(() => run.state.status).toBe('finished');
    await atRest(runs, run);
    trained.push(run);
  }
  return trained;
}

const atRest = (runs: TrainingRuns, run: TrainingRun) =>
  expect.poll(() => runs.shared.records.ownerOf(run.id)).toBe('nobody');

it('compares each run with its own settings, whatever of it is in memory', async () => {
  const one = openWindow();
  await train(one, ['a', 'b', 'c']);
  await one.close();
  const two = openWindow();
  await two.restore();
  const posted: CompareUpdate[] = [];
  const ids = two.all.map(({ id }) => id);
  const { histories } = two.shared;
  const list = { find: (id: string) => two.runOf(id), wholeOf: (run: TrainingRun) => histories.wholeOf(run) };
  const feed: CompareFeed<TrainingRun> = new CompareFeed(ids, list, (update) => {
    posted.push(update);
    setImmediate(() => feed.drawn(update.update));
  });
  feed.ready();
  const told = () => new Map(posted.flatMap(({ changed }) => changed.map(({ run }) => [run.id, run.settings.seed])));
  await expect.poll(() => told().size).toBe(3);
  expect(ids.map((id) => told().get(id))).toEqual([0, 1, 2]);
});

it('brings a run back as its record says, though its data could not be read when somebody asked about it', async () => {
  const one = openWindow();
  await train(one, ['a']);
  await one.close();
  const gone = () => Promise.reject(new Error('rows.csv is not there'));
  const two = openWindow(folder, { readFileFor: () => gone });
  await two.restore();
  const [asked] = two.all;
  const before = asked.state;
  expect(before.metrics).toBeDefined();
  await expect(asked.ask({ kind: 'weights', query: { epoch: 1 } } as never)).rejects.toThrow();
  await train(two, ['b']);
  await two.close();
  const three = openWindow();
  await three.restore();
  const [back] = three.all;
  expect(back.state.notice).toBe(before.notice);
  expect(back.state.metrics).toEqual(before.metrics);
});

it.each(['saw it at rest and then gone', 'saw it at rest', 'reads an index that says it was at rest'])(
  'knows whose a run is that was removed, imported and gone back in, where a window %s',
  async (which) => {
    const one = openWindow();
    const [run] = await train(one, ['a']);
    const early = openWindow();
    await early.restore();
    const isClosed = which.includes('index');
    if (isClosed) await early.close();
    const carried = { folder, log: { warn: () => {} } };
    const file = await sentFile({ runs: one, ...carried }, [run]);
    const removed = new RemovedRuns(one);
    await removed.remove([run]);
    await removed.forget();
    if (which.includes('gone')) await early.shared.look();
    await takeRuns({ runs: one, ...carried }, file);
    const [imported] = one.all;
    await one.seek(imported, 500, 0);
    await expect.poll(() => imported.state.status).toBe('paused');
    const other = isClosed ? openWindow() : early;
    await other.shared.look();
    const [theirs] = other.all;
    await expect(labelRun(other, theirs, () => ({ name: 'mine' }))).rejects.toThrow(/open in another window/);
    expect(one.shared.records.ownerOf(imported.id)).toBe('this');
    await other.shared.look();
    expect(theirs.elsewhere).toBe(true);
  },
);

it('does not keep whole what other windows train', async () => {
  const [one, other] = [openWindow(), openWindow()];
  const wanted = vi.spyOn(other.shared.histories, 'wanted');
  const run = startRun(one, 'a', 1e9);
  await run.control({ batchesPerSecond: 2000 });
  await expect
    .poll(async () => (await other.shared.look(), other.all[0]?.state.history.length ?? 0))
    .toBeGreaterThan(5);
  await one.stop(run);
  await expect.poll(async () => (await other.shared.look(), other.all[0].state.status)).toBe('stopped');
  expect(wanted.mock.calls.map(([{ id }]) => id)).toContain(run.id);
  const calls = wanted.mock.calls.length;
  await other.shared.look();
  expect(wanted.mock.calls.length).toBe(calls);
});

it('calls nothing damaged that another window is still writing', async () => {
  const one = openWindow();
  const [run] = await train(one, ['a', 'b']);
  await one.close();
  const [two, other] = [openWindow(), openWindow()];
  await other.restore();
  await two.restore();
  const theirs = other.runOf(run.id)!;
  await other.seek(theirs, 500, 0);
  await expect.poll(() => theirs.state.status).toBe('paused');
  await other.shared.records.flush();
  await two.shared.look();
  // Half of a block.
  appendFileSync(path.join(place, recordName(run.id)), new Uint8Array(7));
  const mine = two.runOf(run.id)!;
  expect(mine.state.history.isRough).toBe(true);
  two.show(mine);
  await expect.poll(() => mine.state.history.isRough).toBe(false);
  expect(mine.state.history.length).toBe(600);
  expect(mine.state.notice).toBe(theirs.state.notice);
});

it('exports every epoch of a run of the version before that is rough', async () => {
  const one = openWindow();
  const [run, other] = await train(one, ['a', 'b']);
  const stored = storedRun(run);
  await one.close();
  for (const name of readdirSync(place)) if (!name.startsWith(other.id)) await rm(path.join(place, name));
  writeFileSync(path.join(place, `${run.id}.7-abc.gdrun`), encodeRun(stored));
  const two = openWindow();
  await two.restore();
  const old = two.runOf(run.id)!;
  expect(old.state.history.isRough).toBe(true);
  const file = await sentFile({ runs: two, folder, log: { warn: () => {} } }, [old]);
  const { runs: received } = await unpackRuns(file);
  const elsewhere = nodeRecordFolder(path.join(place, 'elsewhere'));
  await elsewhere.append(recordName(run.id), 0, received[0].record);
  const { state } = await new RunRecord(run.id, elsewhere, hostClock).read();
  expect(state.history.stride).toBe(1);
  expect(state.history.slice()).toEqual(run.state.history.slice());
});

it('reads no record of runs that windows have trained, watched and labelled', async () => {
  const [one, watching] = [openWindow(), openWindow()];
  const [a] = await train(one, ['a', 'b', 'c']);
  await expect.poll(async () => (await watching.shared.look(), watching.all.length)).toBe(3);
  await labelRun(one, a, () => ({ name: 'mine' }));
  await watching.shared.look();
  await one.close();
  await watching.close();
  const read = vi.fn(folder.read);
  const next = openWindow({ ...folder, read });
  await next.shared.look();
  expect(next.all.map(({ state }) => state.label?.name)).toEqual(['mine', undefined, undefined]);
  expect(read.mock.calls.map(([name]) => name).filter(isRecord)).toEqual([]);
});
