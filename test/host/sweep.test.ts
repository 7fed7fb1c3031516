import { mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { setConfigValue } from '../../src/config/edits/setValue';
import { parseConfig } from '../../src/config/parseConfig';
import { tutorialConfig } from '../../src/config/templates/template';
import { nodeRecordFolder } from '../../src/host/records/nodeRecordFolder';
import type { TrainingRuns } from '../../src/host/runs/trainingRuns';
import { Sweep } from '../../src/host/sweep/sweep';
import { memberName, memberTexts, membersOf, rowsOf } from '../../src/sweep/members';
import { openRun } from '../../src/training/openRun';
import { openRunWindow } from '../helpers/runWindows';
import { sessionWorkers } from '../helpers/sessionWorkers';

vi.mock('vscode', () => import('../helpers/fakeVscode'));

let folder: string;
let windows: TrainingRuns[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gd-sweep-'));
  windows = [];
});
afterEach(async () => {
  for (const { all } of windows) for (const run of all) run.release();
  await Promise.all(windows.map((runs) => runs.close()));
  await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 50 });
});

function openWindow(): TrainingRuns {
  const { runs } = openRunWindow(nodeRecordFolder(folder));
  windows.push(runs);
  return runs;
}

const noFile = () => Promise.resolve(undefined);

/** A sweep of the tutorial over some rates with four seeds each. */
function sweepOf(runs: TrainingRuns, epochs: number, rates = [1e-7, 1e-6]) {
  const workers = sessionWorkers();
  const whole = setConfigValue(setConfigValue(tutorialConfig(), 'epochs', epochs), 'sweep', {
    'optimizer.lr': rates,
    seed: { count: 4 },
  });
  const all = membersOf(parseConfig(whole).config!);
  const texts = memberTexts(whole, all);
  const members = all.map((settings, i) => {
    const source = { configText: texts[i], configFile: 'a.gd.json', seed: 0 };
    return {
      identity: { id: `m${i}`, name: `a-${i + 1}`, startedAt: 0, sets: memberName(settings) },
      alike: rowsOf(settings),
      request: { ...source, rows: '' },
      source: { ...source, readFile: noFile },
    };
  });
  const sweep = new Sweep('a', members, { startWorker: workers.startWorker, jobs: 2 }, runs);
  return { sweep, members, workers, all: [...members.keys()] };
}

const times = <T>(length: number, value: T) => Array.from({ length }, () => value);
const statuses = (runs: TrainingRuns) => runs.all.map(({ state }) => state.status);

it('trains members as runs with records, which another window finds', async () => {
  const runs = openWindow();
  const { sweep, all } = sweepOf(runs, 30, [1e-7, 1e-2]);
  const compared = await sweep.check();
  expect(compared.map(({ limit }) => limit!.share > 1)).toEqual([...times(4, false), ...times(4, true)]);
  await sweep.train(all);
  // A member that diverges is a result like another.
  expect(statuses(runs)).toEqual([...times(4, 'finished'), ...times(4, 'diverged')]);
  expect(runs.all.map(({ id }) => id)).toEqual(sweep.ids);
  expect(runs.all[5].state.curvature).toBeDefined();
  expect(runs.shown).toBe(runs.all[0]);
  expect(sweep.progress).toEqual({ members: 8, ended: 8, status: 'ended' });
  await runs.shared.records.flush();
  await expect.poll(() => readdirSync(folder).filter((name) => name.endsWith('.gdlog')).length).toBe(8);
  const later = openWindow();
  await later.restore();
  expect(statuses(later)).toEqual(statuses(runs));
  const [one, again] = [runs, later].map(({ all: [, run] }) => [...run.state.history.column('loss')]);
  expect(again).toEqual(one);
  expect(later.all[1].state.identity.sets).toBe('optimizer.lr=1e-7, seed=1');
});

it('loses no member with its worker, and each ends as it does alone', async () => {
  const runs = openWindow();
  const { sweep, all, members, workers } = sweepOf(runs, 3000);
  let killed = 0;
  runs.onEvent(({ run }) => {
    if (killed > 1 || run.id !== `m${killed * 3}` || run.state.history.length < 10) return;
    killed++;
    workers.started.filter(({ terminated }) => !terminated).forEach(({ crash }) => crash('out of memory'));
  });
  await sweep.train(all);
  expect(killed).toBe(2);
  expect(statuses(runs)).toEqual(times(8, 'finished'));
  for (const { id, state } of runs.all) {
    const { request } = members[Number(id.slice(1))];
    const opened = await openRun(request);
    if ('problems' in opened) throw new Error(opened.problems[0].message);
    const { trainer } = opened;
    const losses = Array.from({ length: 3000 }, () => trainer.advance(Infinity)!.loss);
    expect([...state.history.column('loss')], id).toEqual(losses);
    expect([...state.checkpoint.parameters], id).toEqual([...trainer.parts.model.parameters]);
  }
});

it.each(['running', 'finished'])('ends members whose workers ended after their last epoch: %s', async (status) => {
  const runs = openWindow();
  const { sweep, all, workers } = sweepOf(runs, 30);
  const killed = new Set<string>();
  runs.onEvent(({ run }) => {
    if (killed.has(run.id) || killed.size > 1 || run.state.status !== status) return;
    if (run.state.history.length < 30) return;
    killed.add(run.id);
    workers.started.filter(({ terminated }) => !terminated).forEach(({ crash }) => crash('out of memory'));
  });
  await sweep.train(all);
  expect(killed.size).toBe(2);
  expect(statuses(runs)).toEqual(times(8, 'finished'));
  expect(runs.all.map(({ state }) => state.history.length)).toEqual(times(8, 30));
});

it('rests and stops as one, also from a member, and rests while another run trains', async () => {
  const runs = openWindow();
  const { sweep, all } = sweepOf(runs, 1e8);
  const done = sweep.train(all);
  await expect.poll(() => statuses(runs)).toEqual(['running', 'running']);
  runs.pause(runs.all[0]);
  await expect.poll(() => statuses(runs)).toEqual(['paused', 'paused']);
  expect(sweep.progress.status).toBe('paused');
  await runs.resume(runs.all[1]);
  await expect.poll(() => statuses(runs)).toEqual(['running', 'running']);
  const source = { configText: tutorialConfig(), configFile: 'b.gd.json', seed: 0, readFile: noFile };
  const other = runs.start(
    { name: 'b' },
    { ...source, configText: setConfigValue(source.configText, 'epochs', 1e8) },
    'run',
  );
  await expect.poll(() => statuses(runs)).toEqual(['paused', 'paused', 'running']);
  sweep.resume();
  await expect.poll(() => statuses(runs)).toEqual(['running', 'running', 'paused']);
  await runs.stop(runs.all[0]);
  await done;
  expect(statuses(runs)).toEqual(['stopped', 'stopped', 'paused']);
  expect(other.state.history.length).toBeGreaterThan(0);
});

it('keeps what members reached when the window closes in the middle', async () => {
  const runs = openWindow();
  const { sweep, all } = sweepOf(runs, 1e8);
  void sweep.train(all);
  await expect.poll(() => runs.all.every(({ state }) => state.history.length > 0) && runs.all.length).toBe(2);
  await runs.close();
  const later = openWindow();
  await later.restore();
  expect(statuses(later)).toEqual(['paused', 'paused']);
  for (const { id, state } of later.all) {
    expect(state.history.length).toBe(runs.runOf(id)!.state.history.length);
  }
  await later.resume(later.all[0]);
  const before = later.all[0].state.history.length;
  await expect.poll(() => later.all[0].state.history.length).toBeGreaterThan(before);
});
