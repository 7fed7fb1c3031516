import { mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import { editNote, labelRun, pinRuns, renameRun } from '../../../src/host/runs/runLabels';
import type { TrainingRun } from '../../../src/host/runs/trainingRun';
import type { TrainingRuns } from '../../../src/host/runs/trainingRuns';
import { runName } from '../../../src/protocol/state';
import { window } from '../../helpers/fakeVscode';
import { openRunWindow, startRun } from '../../helpers/runWindows';

vi.mock('vscode', () => import('../../helpers/fakeVscode'));

let folder: string;
const opened: TrainingRuns[] = [];

/** A window on the folder that keeps two runs beside those that are pinned. */
function open(): TrainingRuns {
  const { runs } = openRunWindow(nodeRecordFolder(folder), { keptRuns: () => 2 });
  opened.push(runs);
  return runs;
}

async function finished(runs: TrainingRuns, name: string): Promise<TrainingRun> {
  const run = startRun(runs, name, 3);
  await expect.poll(() => run.state.status).toBe('finished');
  await expect.poll(() => runs.shared.records.ownerOf(run.id)).toBe('nobody');
  return run;
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gd-labels-'));
});
afterEach(async () => {
  for (const runs of opened.splice(0)) await runs.close();
  await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 50 });
});

const names = (runs: TrainingRuns) => runs.all.map(({ state }) => runName(state));

it('keeps a name and a note in the record, where other windows see them at once and later ones find them', async () => {
  const runs = open();
  const run = await finished(runs, 'one');
  const other = open();
  await other.restore();
  window.inputs.push('slow, but it gets there', 'for the talk');
  await renameRun(runs, run);
  await editNote(runs, run);
  expect(names(runs)).toEqual(['slow, but it gets there']);
  await runs.shared.records.flush();
  await expect.poll(() => runs.shared.records.ownerOf(run.id)).toBe('nobody');
  await other.shared.look();
  expect(other.all[0].state.label).toEqual({ name: 'slow, but it gets there', note: 'for the talk' });
  await runs.close();
  const later = open();
  await later.restore();
  expect(names(later)).toEqual(['slow, but it gets there']);
  expect(later.all[0].state.identity.name).toBe('one');
  expect(later.all[0].state.status).toBe('finished');
  window.inputs.push('', '');
  await renameRun(later, later.all[0]);
  await editNote(later, later.all[0]);
  expect(names(later)).toEqual(['one']);
  expect(later.all[0].state.label).toEqual({});
});

it('changes nothing where nobody answers, and lets a run stay owned by the window that trains it', async () => {
  const runs = open();
  const run = startRun(runs, 'one', 3, 'rest');
  await expect.poll(() => run.state.status).toBe('ready');
  window.inputs.push(undefined);
  await renameRun(runs, run);
  expect(run.state.label).toBeUndefined();
  await labelRun(runs, run, () => ({ name: 'mine' }));
  expect(runs.shared.records.ownerOf(run.id)).toBe('this');
  await runs.resume(run);
  await expect.poll(() => run.state.status).toBe('finished');
  expect(names(runs)).toEqual(['mine']);
});

it('says which run another window has, and leaves it as it is', async () => {
  const runs = open();
  const run = startRun(runs, 'one', 3, 'rest');
  await expect.poll(() => run.state.status).toBe('ready');
  await runs.shared.records.flush();
  const other = open();
  await other.restore();
  await expect(labelRun(other, other.all[0], () => ({ name: 'theirs' }))).rejects.toThrow(
    'one is open in another window',
  );
  expect(names(other)).toEqual(['one']);
});

it('never removes a pinned run for the limit, and does not count it', async () => {
  const runs = open();
  const first = await finished(runs, 'one');
  await pinRuns(runs, [first], true);
  for (const name of ['two', 'three', 'four']) await finished(runs, name);
  expect(names(runs)).toEqual(['one', 'three', 'four']);
  await expect.poll(() => readdirSync(folder).filter((name) => name.endsWith('.gdlog')).length).toBe(3);
  await pinRuns(runs, [first], false);
  await finished(runs, 'five');
  expect(names(runs)).toEqual(['four', 'five']);
});

it('keeps a run that another window has pinned just before its record would go', async () => {
  const runs = open();
  await finished(runs, 'one');
  await finished(runs, 'two');
  const other = open();
  await other.restore();
  await pinRuns(other, [other.all[0]], true);
  await expect.poll(() => other.shared.records.ownerOf(other.all[0].id)).toBe('nobody');
  await finished(runs, 'three');
  await expect.poll(() => names(runs)).toEqual(['one', 'two', 'three']);
  expect(runs.all[0].state.label).toEqual({ pinned: true });
  expect(readdirSync(folder).filter((name) => name.endsWith('.gdlog'))).toHaveLength(3);
});

it('keeps what was written on a run whose record somebody removed', async () => {
  const runs = open();
  const run = startRun(runs, 'one', 50, 'rest');
  await expect.poll(() => run.state.status).toBe('ready');
  await labelRun(runs, run, () => ({ name: 'mine', pinned: true }));
  await runs.shared.records.flush();
  await rm(path.join(folder, `${run.id}.gdlog`));
  await runs.resume(run);
  await expect.poll(() => run.state.status).toBe('finished');
  await runs.close();
  const later = open();
  await later.restore();
  expect(later.all[0].state.label).toEqual({ name: 'mine', pinned: true });
});

it('lists a run that is over the limit and that another window has just taken over', async () => {
  const runs = open();
  await finished(runs, 'one');
  await finished(runs, 'two');
  const other = open();
  await other.restore();
  await other.seek(other.all[0], 1, 0);
  await expect.poll(() => other.all[0].state.status).toBe('paused');
  startRun(runs, 'three', 3, 'rest');
  await expect.poll(() => names(runs)).toEqual(['one', 'two', 'three']);
  await runs.shared.look();
  expect(runs.all[0].elsewhere).toBe(true);
});
