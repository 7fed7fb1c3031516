import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogOutputChannel } from 'vscode';
import { hostClock } from '../../../src/host/records/hostClock';
import { TrainingRuns } from '../../../src/host/runs/trainingRuns';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import { window } from '../../helpers/fakeVscode';
import { sessionWorkers } from '../../helpers/sessionWorkers';

vi.mock('vscode', () => import('../../helpers/fakeVscode'));

const { warnings } = window;
let folder: string;
let windows: TrainingRuns[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gd-runs-'));
  windows = [];
});
afterEach(async () => {
  for (const { all } of windows) for (const run of all) run.release();
  await Promise.all(windows.map((runs) => runs.close()));
  // A run that was released may still be stored.
  await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 50 });
});

/** A window that keeps its runs in the folder of the test. */
function openWindow(storedIn = folder): TrainingRuns {
  const runs = new TrainingRuns({
    startWorker: sessionWorkers().startWorker,
    folder: nodeRecordFolder(storedIn),
    clock: hostClock,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} } as unknown as LogOutputChannel,
    updatesPerSecond: () => 30,
    keptRuns: () => 20,
    check: () => Promise.resolve({ problems: [] }),
    readFileFor: () => noFile,
  });
  windows.push(runs);
  return runs;
}

const noFile = () => Promise.resolve(undefined);

function start(runs: TrainingRuns, name: string, epochs: number, how: 'run' | 'rest' = 'run', readFile = noFile) {
  const dataset = { generate: 'linear', samples: 1, features: 1 };
  const configText = JSON.stringify({ dataset, optimizer: { type: 'SGD', lr: 1e-3 }, epochs });
  const source = { configText, configFile: 'a.gd.json', seed: 0, readFile };
  return runs.start({ name }, source, how);
}

const namesIn = (runs: TrainingRuns) => runs.all.map(({ state }) => state.identity.name);
const statusesIn = (runs: TrainingRuns) => runs.all.map(({ state }) => state.status);
const runsOnDisk = () => new Set(readdirSync(folder).map((name) => name.split('.')[0]));

/** Starts runs one after the other and waits until all of them are stored. */
async function trainAll(runs: TrainingRuns, names: string[]): Promise<void> {
  for (const name of names) {
    const run = start(runs, name, 3);
    await expect.poll(() => run.state.status).toBe('finished');
  }
  await runs.shared.records.flush();
  await expect.poll(() => runsOnDisk().size).toBe(runs.all.length);
}

describe('the list of runs', () => {
  it('shows the run again that an earlier window showed, or the newest where that is gone', async () => {
    const runs = openWindow();
    await trainAll(runs, ['one', 'two', 'three']);
    const [, two, three] = runs.all.map(({ id }) => id);
    for (const [remembered, shown] of [
      [two, two],
      ['gone', three],
      [undefined, three],
    ]) {
      const later = openWindow();
      await later.restore(remembered);
      expect(later.shown?.id).toBe(shown);
    }
  });

  it('has stored runs behind one that was started while they were read, once each', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `old ${i}`);
    await trainAll(openWindow(), names);
    const later = openWindow();
    const restored = later.restore();
    start(later, 'new', 3);
    await restored;
    expect(namesIn(later)).toEqual([...names.slice(1), 'new']);
    start(later, 'newer', 3);
    expect(namesIn(later)).toEqual([...names.slice(2), 'new', 'newer']);
    await expect.poll(() => runsOnDisk().size).toBe(20);
  });

  it('has no run twice that was stored before the folder was read', async () => {
    const runs = openWindow();
    await trainAll(runs, ['one']);
    await runs.restore();
    expect(namesIn(runs)).toEqual(['one']);
  });

  it('says of a run whose data were being read when the window closed why it never trained', async () => {
    const runs = openWindow();
    start(runs, 'slow', 3, 'run', () => new Promise(() => {}));
    await runs.close();
    const again = openWindow();
    await again.restore();
    expect(statusesIn(again)).toEqual(['failed']);
    expect(again.all[0].state.problems[0].message).toMatch(/before the data were read/);
  });

  it('never has two runs that train', async () => {
    const runs = openWindow();
    const first = start(runs, 'first', 1e9, 'rest');
    await expect.poll(() => first.state.status).toBe('ready');
    const second = start(runs, 'second', 1e9);
    await Promise.all([runs.resume(first), runs.resume(second)]);
    await expect.poll(() => statusesIn(runs).toSorted()).toEqual(['paused', 'running']);
    const paused = runs.all.find(({ state }) => state.status === 'paused')!;
    const running = runs.all.find(({ state }) => state.status === 'running')!;
    await runs.step(paused, 'epoch');
    await expect.poll(() => running.state.status).toBe('paused');
  });

  it('says once that it cannot be stored', async () => {
    const file = path.join(folder, 'no-folder');
    writeFileSync(file, '');
    const runs = openWindow(file);
    for (const name of ['one', 'two']) {
      const run = start(runs, name, 3);
      await expect.poll(() => run.state.status).toBe('finished');
    }
    // A window of another file's tests, in the same process, may still say what it finds.
    const said = () => warnings.filter((warning) => warning.startsWith('Runs cannot be stored'));
    await expect.poll(() => said().length).toBeGreaterThan(0);
    expect(said()).toEqual([expect.stringMatching(/^Runs cannot be stored and .*: ENOTDIR/)]);
  });
});
