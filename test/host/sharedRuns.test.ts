import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TrainingRun } from '../../src/host/runs/trainingRun';
import { RemovedRuns } from '../../src/host/runs/removedRuns';
import { takeSnapshot } from '../../src/protocol/state';
import { nodeRecordFolder } from '../../src/host/records/nodeRecordFolder';
import { encodeRun } from '../helpers/encodeRun';
import { openRunWindow, startRun, type RunWindow } from '../helpers/runWindows';

vi.mock('vscode', () => import('../helpers/fakeVscode'));

let folder: string;
let windows: RunWindow[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gd-shared-'));
  windows = [];
});
afterEach(async () => {
  await Promise.all(windows.map(({ runs }) => runs.close()));
  for (const { runs } of windows) for (const run of runs.all) run.closePort();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});

function openWindow() {
  const window = openRunWindow(nodeRecordFolder(folder));
  windows.push(window);
  return window.runs;
}

it('a run is followed in another window, which cannot change it before its own closes, and goes on there bit for bit', async () => {
  const one = openWindow();
  const mine = startRun(one, 'shared', 1e9);
  await mine.control({ batchesPerSecond: 2000 });
  await expect.poll(() => mine.state.history.length).toBeGreaterThan(10);
  await one.shared.records.flush();
  const other = openWindow();
  await other.restore();
  const [theirs] = other.all;
  expect(theirs.elsewhere).toBe(true);
  expect(theirs.state.status).toBe('running');
  expect(theirs.state.notice).toMatch(/open in another window/);
  const files = () => readdirSync(folder).sort().join();
  const before = files();
  for (const change of [
    () => other.resume(theirs),
    () => other.step(theirs, 'batch'),
    () => other.seek(theirs, 1, 0),
    () => other.stop(theirs),
    () => other.control(theirs, { batchesPerSecond: 5 }),
    () => new RemovedRuns(other).remove([theirs]),
    () => Promise.resolve().then(() => other.pause(theirs)),
  ]) {
    await expect(change()).rejects.toThrow(/shared is open in another window/);
  }
  expect(files()).toBe(before);
  const { length } = theirs.state.history;
  await expect.poll(async () => (await other.shared.look(), theirs.state.history.length)).toBeGreaterThan(length);
  await one.close();
  await other.shared.look();
  expect(theirs.elsewhere).toBe(false);
  expect(theirs.state.status).toBe('paused');
  expect(theirs.state.notice).toMatch(/closed or reloaded/);
  expect(theirs.state.history.length).toBe(mine.state.history.length);
  await other.resume(theirs);
  await expect.poll(() => theirs.state.history.length).toBeGreaterThan(mine.state.history.length + 10);
  const known = theirs.state.history.column('loss').slice(0, mine.state.history.length);
  expect([...known]).toEqual([...mine.state.history.column('loss')]);
}, 60_000);

it('a run that trains is left to other windows at the end of its own, which VS Code disposes of first', async () => {
  const one = openWindow();
  const mine = startRun(one, 'left', 1e9);
  await expect.poll(() => mine.state.history.length).toBeGreaterThan(10);
  const closed = one.close();
  one.dispose();
  await closed;
  const other = openWindow();
  await other.restore();
  const [theirs] = other.all;
  expect(theirs.elsewhere).toBe(false);
  expect(theirs.state.status).toBe('paused');
  expect(theirs.state.notice).toMatch(/closed or reloaded/);
  expect(theirs.state.history.length).toBe(mine.state.history.length);
});

it('a run that another window removes goes from the list, and one that it starts comes', async () => {
  const [one, other] = [openWindow(), openWindow()];
  const run = startRun(one, 'short', 3);
  await expect.poll(() => run.state.status).toBe('finished');
  await expect.poll(async () => (await other.shared.look(), other.all.length)).toBe(1);
  await expect.poll(() => one.shared.records.ownerOf(run.id)).toBe('nobody');
  await other.shared.look();
  const removed = new RemovedRuns(other);
  await removed.remove(other.all);
  await removed.forget();
  await one.shared.look();
  expect(one.all).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

it('a run of the version before is read, and made a record when it is changed', async () => {
  const one = openWindow();
  const run = startRun(one, 'old', 50, 'rest');
  await expect.poll(() => run.state.status).toBe('ready');
  await one.step(run, 'epoch');
  await expect.poll(() => run.state.status).toBe('paused');
  const { configText, seed } = run.source;
  const stored = encodeRun({ snapshot: takeSnapshot(run.state), configText, seed });
  await one.close();
  for (const name of readdirSync(folder)) await rm(path.join(folder, name));
  writeFileSync(path.join(folder, `${run.id}.7-abc.gdrun`), stored);
  writeFileSync(path.join(folder, `${run.id}.8-abc.gdrun`), stored.subarray(0, 100));
  const other = openWindow();
  await other.restore();
  const [old] = other.all;
  expect(old.state.history.length).toBe(1);
  expect(readdirSync(folder).length).toBe(2);
  await other.resume(old);
  await expect.poll(() => old.state.status).toBe('finished');
  await other.close();
  expect(readdirSync(folder).filter((name) => name.endsWith('.gdrun'))).toEqual([]);
  const third = openWindow();
  await third.restore();
  expect(third.all[0].state.history.length).toBe(50);
  expect(third.all[0].state.status).toBe('finished');
});

it('runs of an earlier window are rough until they are looked at or asked about, and whole then', async () => {
  const one = openWindow();
  const trained: TrainingRun[] = [];
  for (const name of ['a', 'b', 'c']) {
    const run = startRun(one, name, 1000);
    await expect.poll(() => run.state.status).toBe('finished');
    trained.push(run);
  }
  await one.close();
  const two = openWindow();
  await two.restore();
  const [a, b, c] = two.all;
  await expect.poll(() => two.all.map(({ state }) => state.history.isRough)).toEqual([true, true, false]);
  expect(a.state.history.length).toBe(1000);
  const seen: boolean[] = [];
  two.onListChange(() => seen.push(two.shown!.state.history.isRough));
  two.show(a);
  await expect.poll(() => seen.at(-1)).toBe(false);
  await two.seek(b, 500, 0);
  await expect.poll(() => b.state.checkpoint.epoch).toBe(500);
  for (const [i, run] of [a, b, c].entries()) {
    expect(run.state.history.column('loss')).toEqual(trained[i].state.history.column('loss'));
    expect(run.state.history.weightsAfter(500)).toEqual(trained[i].state.history.weightsAfter(500));
  }
});
