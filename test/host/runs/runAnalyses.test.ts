import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { offeredFixes } from '../../../src/advice/verdicts/offeredFixes';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import type { RunState } from '../../../src/protocol/state';
import { RunChecker } from '../../../src/training/runChecker';
import { openRunWindow } from '../../helpers/runWindows';
import { sessionWorkers } from '../../helpers/sessionWorkers';
import { wildNet } from '../../helpers/wildNet';

vi.mock('vscode', () => import('../../helpers/fakeVscode'));

const folder = mkdtempSync(path.join(tmpdir(), 'gd-trials-'));
let close: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(close.map((one) => one()));
  close = [];
  await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 50 });
});

const configText = JSON.stringify(wildNet);
const source = { configText, configFile: 'a.gd.json', seed: 2, readFile: () => Promise.resolve(undefined) };

function openWindow(workers = sessionWorkers()) {
  const check = ({ configFile }: typeof source) => new RunChecker().check({ configText, configFile, seed: 2 });
  const { runs } = openRunWindow(nodeRecordFolder(folder), { startWorker: workers.startWorker, check });
  close.push(() => runs.close());
  return runs;
}

const kindsOf = (state: RunState) => offeredFixes(state).map(({ kind }) => kind);

it('fixes are tried out before one is offered, and known again in the next window', async () => {
  const runs = openWindow();
  const offered: string[] = [];
  runs.onEvent(({ run }) => {
    if (run.state.status === 'diverged') offered.push(kindsOf(run.state).join());
  });
  const run = runs.start({ name: 'wild' }, source, 'run');
  await expect.poll(() => run.state.trials?.tried.length).toBe(2);
  expect(run.state.status).toBe('diverged');
  expect(kindsOf(run.state)).toEqual(['scale-inputs']);
  expect(new Set(offered)).toEqual(new Set(['', 'scale-inputs']));
  await runs.shared.records.flush();
  const next = openWindow();
  await next.restore();
  expect(next.all.map(({ state }) => kindsOf(state))).toEqual([['scale-inputs']]);
});

it('fixes are offered untried where the worker ends meanwhile', async () => {
  const workers = sessionWorkers();
  const runs = openWindow(workers);
  runs.onEvent(({ event }) => {
    if (event.type === 'trying') workers.started[0].crash('killed');
  });
  const run = runs.start({ name: 'crashed' }, source, 'run');
  await expect.poll(() => run.state.trials).toBeDefined();
  expect(run.state.trials!.tried).toEqual([]);
  expect(kindsOf(run.state)).toEqual(['smaller-rate', 'scale-inputs']);
});
