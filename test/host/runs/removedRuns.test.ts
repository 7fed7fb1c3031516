import { mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import type { RecordFolder } from '../../../src/host/records/recordFolder';
import { RemovedRuns } from '../../../src/host/runs/removedRuns';
import type { TrainingRuns } from '../../../src/host/runs/trainingRuns';
import { window } from '../../helpers/fakeVscode';
import { openRunWindow, startRun } from '../../helpers/runWindows';

vi.mock('vscode', () => import('../../helpers/fakeVscode'));

let folder: string;
/** Its `remove` may be made to fail. */
let failing: RecordFolder;
let runs: TrainingRuns;
let removed: RemovedRuns;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'gd-removed-'));
  failing = nodeRecordFolder(folder);
  ({ runs } = openRunWindow(failing));
  removed = new RemovedRuns(runs);
  for (const name of ['one', 'two', 'three']) {
    const run = startRun(runs, name, 3);
    await expect.poll(() => run.state.status).toBe('finished');
  }
  await runs.shared.records.flush();
  window.questions.length = 0;
  window.errors.length = 0;
});
afterEach(async () => {
  vi.restoreAllMocks();
  await runs.close();
  await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 50 });
});

const names = (all = runs.all) => all.map(({ state }) => state.identity.name);
const records = () => readdirSync(folder).filter((name) => name.endsWith('.gdlog')).length;

it('takes several runs off the list at once, and puts them back where they were', async () => {
  await removed.remove([runs.all[0], runs.all[1]]);
  expect(names()).toEqual(['three']);
  expect(window.questions.map(({ message }) => message)).toEqual(['2 runs were removed.']);
  await runs.shared.look();
  expect(names()).toEqual(['three']);
  window.questions[0].answer('Undo');
  await expect.poll(() => names()).toEqual(['one', 'two', 'three']);
  expect(records()).toBe(3);
  await expect.poll(() => runs.shared.records.ownerOf(runs.all[0].id)).toBe('nobody');
});

it('takes runs off the disk when nobody takes that back', async () => {
  await removed.remove([runs.all[2]]);
  expect(records()).toBe(3);
  window.questions[0].answer();
  await expect.poll(records).toBe(2);
  expect(names()).toEqual(['one', 'two']);
});

it('takes runs off the disk when the window closes first; one that is killed keeps them', async () => {
  await removed.remove([runs.all[0]]);
  const { runs: killed } = openRunWindow(nodeRecordFolder(folder));
  await killed.restore();
  expect(names(killed.all)).toContain('one');
  await killed.close();
  await removed.forget();
  expect(records()).toBe(2);
});

it('says that a run could not be taken off the disk, and has it on the list again', async () => {
  await removed.remove([runs.all[0]]);
  vi.spyOn(failing, 'remove').mockRejectedValueOnce(new Error('the disk is read-only'));
  window.questions[0].answer();
  await expect.poll(() => window.errors).toEqual(['The list of runs could not be stored: the disk is read-only']);
  await runs.shared.look();
  expect(names()).toEqual(['one', 'two', 'three']);
});

it('lets the history of a run go again that was put back', async () => {
  const [run] = runs.all;
  await removed.remove([run]);
  const wanted = vi.spyOn(runs.shared.histories, 'wanted');
  window.questions[0].answer('Undo');
  await expect.poll(() => wanted.mock.calls.some(([one]) => one === run)).toBe(true);
});
