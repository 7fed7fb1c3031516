import { storedRun } from '../../helpers/encodeRun';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync, zipSync } from 'fflate/browser';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileGone, type RecordFolder } from '../../../src/host/records/recordFolder';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import { eventsOf } from '../../../src/host/records/runRecord';
import { encodeRecord, sentLimits } from '../../../src/host/records/sentRuns';
import { exportRuns, importRuns, sentFile, takeRuns } from '../../../src/host/exporting/carryRuns';
import { labelRun } from '../../../src/host/runs/runLabels';
import type { TrainingRun } from '../../../src/host/runs/trainingRun';
import type { TrainingRuns } from '../../../src/host/runs/trainingRuns';
import type { RunSnapshot } from '../../../src/protocol/protocol';
import { runName, takeSnapshot } from '../../../src/protocol/state';
import { window } from '../../helpers/fakeVscode';
import { openRunWindow, startRun } from '../../helpers/runWindows';

vi.mock('vscode', () => import('../../helpers/fakeVscode'));

interface Place {
  path: string;
  folder: RecordFolder;
  runs: TrainingRuns;
  log: { warn(message: string): void };
  warned: string[];
}

const places: Place[] = [];
function openPlace(): Place {
  const at = mkdtempSync(path.join(tmpdir(), 'gd-carry-'));
  const folder = nodeRecordFolder(at);
  const warned: string[] = [];
  const { runs } = openRunWindow(folder, { keptRuns: () => 2 });
  const place = { path: at, folder, runs, warned, log: { warn: (message: string) => void warned.push(message) } };
  places.push(place);
  return place;
}

let from: Place;
let to: Place;
beforeEach(async () => {
  [from, to] = [openPlace(), openPlace()];
  for (const name of ['one', 'two']) {
    const run = startRun(from.runs, name, 40);
    await expect.poll(() => run.state.status).toBe('finished');
  }
  await to.runs.restore();
});
afterEach(async () => {
  for (const place of places.splice(0)) {
    await place.runs.close();
    await rm(place.path, { recursive: true, maxRetries: 20, retryDelay: 50 });
  }
});

const inFile = { ...sentLimits };
afterEach(() => {
  Object.assign(sentLimits, inFile);
  for (const list of [window.files, window.offered, window.questions, window.warnings]) list.length = 0;
});

const names = ({ runs }: Place) => runs.all.map(({ state }) => runName(state));

it('carries runs with all that is known of them to another window, where they are pinned', async () => {
  const [one] = from.runs.all;
  await labelRun(from.runs, one, () => ({ name: 'first/try', note: 'as in the talk' }));
  const file = await sentFile(from, from.runs.all);
  expect(Object.keys(unzipSync(file))).toEqual(['1-first-try.gdlog', '2-two.gdlog']);
  expect(await takeRuns(to, file)).toEqual({ added: 2, known: 0, damaged: [] });
  expect(names(to)).toEqual(['first/try', 'two']);
  expect(to.runs.shown).toBe(to.runs.all[1]);
  const [taken] = to.runs.all;
  expect(taken.source.configText).toBe(one.source.configText);
  const { label, ...rest } = takeSnapshot(taken.state);
  expect(label).toEqual({ name: 'first/try', note: 'as in the talk', pinned: true });
  const { label: _, ...sent } = takeSnapshot(one.state);
  expect(rest).toEqual(sent);
  // Its data are drawn, so that it can be asked; a person who imports the file again gets nothing twice.
  await to.runs.seek(taken, 3, 0);
  await expect.poll(() => taken.state.checkpoint.epoch).toBe(3);
  expect(await takeRuns(to, file)).toMatchObject({ added: 0, known: 2 });
  expect(names(to)).toEqual(['first/try', 'two']);
});

it('says nothing of where a config is, and takes no such place from others', async () => {
  const { snapshot, configText, seed } = storedRun(from.runs.all[0]);
  const identity = { ...snapshot.identity, configUri: 'file:///home/somebody/secret.gd.json' };
  const record = encodeRecord({ identity, configText, seed }, eventsOf({ ...snapshot, identity }));
  await takeRuns(to, zipSync({ 'a.gdlog': record }));
  expect(to.runs.all[0].state.identity).not.toHaveProperty('configUri');
  const file = await sentFile(to, to.runs.all);
  expect(Buffer.from(unzipSync(file)['1-one.gdlog']).includes('somebody')).toBe(false);
});

it('sends what happened a moment ago, and a run that has no record yet', async () => {
  const [, two] = from.runs.all;
  const late = startRun(from.runs, 'late', 40, 'rest');
  await expect.poll(() => late.state.status).toBe('ready');
  await from.runs.shared.records.flush();
  await from.runs.resume(late);
  await new Promise<void>((resolve) => from.runs.onEvent(() => late.state.status === 'finished' && resolve()));
  const size = (name: string) =>
    name.startsWith(two.id) ? Promise.reject(new FileGone(name)) : from.folder.size(name);
  await takeRuns(to, await sentFile({ ...from, folder: { ...from.folder, size } }, [late, two]));
  expect(names(to).sort()).toEqual(['late', 'two']);
  expect(to.runs.all.map(({ state }) => state.status)).toEqual(['finished', 'finished']);
  expect(to.runs.all.map(({ state }) => state.history.length)).toEqual([40, 40]);
});

it('sends nothing where a record cannot be read, or all are too long for a file', async () => {
  const broken = { ...from.folder, read: () => Promise.reject(new Error('the disk is broken')) };
  await expect(sentFile({ ...from, folder: broken }, from.runs.all)).rejects.toThrow('the disk is broken');
  await from.runs.shared.records.flush();
  sentLimits.bytes = 1 + (await from.folder.size(`${from.runs.all[0].id}.gdlog`));
  await sentFile(from, from.runs.all.slice(0, 1));
  await expect(sentFile(from, from.runs.all)).rejects.toThrow('Export fewer.');
});

it('writes over no run that another window has put into the folder meanwhile', async () => {
  const file = await sentFile(from, from.runs.all);
  const records = readdirSync(from.path).filter((name) => name.endsWith('.gdlog'));
  for (const name of records) cpSync(path.join(from.path, name), path.join(to.path, name));
  expect(await takeRuns(to, file)).toEqual({ added: 0, known: 2, damaged: [] });
  for (const name of records)
    expect(readFileSync(path.join(to.path, name)).equals(readFileSync(path.join(from.path, name)))).toBe(true);
});

describe('a person', () => {
  const file = () => path.join(from.path, 'some.gdruns');
  const shown = () => window.questions.splice(0).map(({ message }) => message);

  it('exports runs to a file and imports it, and is told what became of it', async () => {
    window.files.push(file(), file(), file(), file());
    await exportRuns(from, from.runs.all.slice(0, 1));
    await exportRuns(from, from.runs.all);
    expect(window.offered).toEqual(['one.gdruns', 'runs.gdruns']);
    expect(shown()).toEqual([`${file()} was saved.`, `${file()} was saved.`]);
    await importRuns(to);
    await importRuns(to);
    expect(shown()).toEqual([
      '2 runs of some.gdruns were added and pinned.',
      '0 runs of some.gdruns were added and pinned. 2 were in the list already.',
    ]);
    expect(window.warnings).toEqual([]);
  });

  it('changes their mind, and nothing happens', async () => {
    window.files.push(undefined, undefined);
    await exportRuns(from, []);
    expect(window.offered).toEqual([]);
    await exportRuns(from, from.runs.all);
    await importRuns(to);
    expect([existsSync(file()), shown(), to.runs.all]).toEqual([false, [], []]);
  });

  it('is told why a file, or a run of it, was not imported', async () => {
    window.files.push(file(), file(), file());
    writeFileSync(file(), zipSync({ 'a.gdlog': new Uint8Array(1) }));
    await importRuns(to);
    expect(window.warnings).toEqual([
      '0 runs of some.gdruns were added and pinned. Not readable: a.gdlog (its header is damaged).',
    ]);
    writeFileSync(file(), 'no archive');
    await expect(importRuns(to)).rejects.toThrow(/^some\.gdruns cannot be imported: .*no zip archive/);
    sentLimits.bytes = 9;
    await expect(importRuns(to)).rejects.toThrow(/^some\.gdruns is larger than .* and was not read/);
  });
});

describe('a file that anybody made', () => {
  /** A record with something else in it. */
  function forged(change: (snapshot: RunSnapshot) => RunSnapshot, run: TrainingRun = from.runs.all[0]): Uint8Array {
    const { snapshot, configText, seed } = storedRun(run);
    const other = change(structuredClone(snapshot));
    return encodeRecord({ identity: other.identity, configText, seed }, eventsOf(other));
  }
  const withId = (id: string) => forged((run) => ({ ...run, identity: { ...run.identity, id } }));
  const taken = (files: Record<string, Uint8Array>) => takeRuns(to, zipSync(files));

  it('has its damaged runs named, and the others taken', async () => {
    const whole = forged((run) => run);
    const cut = whole.slice(0, -5);
    const wrongBytes = withId('abc-1');
    wrongBytes[wrongBytes.length - 20] ^= 1;
    const { added, damaged } = await taken({
      'whole.gdlog': whole,
      'cut.gdlog': cut,
      'changed.gdlog': wrongBytes,
      'twice.gdlog': whole,
      'text.gdlog': Buffer.from('nothing at all'),
      'README.txt': Buffer.from('left alone'),
    });
    expect(added).toBe(1);
    expect(Object.fromEntries(damaged.map(({ name, reason }) => [name, reason]))).toEqual({
      'cut.gdlog': expect.stringMatching(/^its last \d+ bytes are damaged$/) as string,
      'changed.gdlog': expect.stringMatching(/^its last \d+ bytes are damaged$/) as string,
      'twice.gdlog': 'it is in the file twice',
      'text.gdlog': 'its header is damaged',
    });
    expect(to.warned).toHaveLength(4);
    expect(to.warned).toContain('twice.gdlog was not imported: it is in the file twice');
    expect(names(to)).toEqual(['one']);
  });

  it('is taken where its id begins as that of another run', async () => {
    expect(await taken({ 'a.gdlog': withId('abc-12') })).toMatchObject({ added: 1 });
    expect(await taken({ 'a.gdlog': withId('abc-1') })).toMatchObject({ added: 1 });
  });

  it.each<[string, (run: RunSnapshot) => RunSnapshot, string]>([
    [
      'an id that is a path',
      (run) => ({ ...run, identity: { ...run.identity, id: '../../a-b' } }),
      'its id is not one that a run can have',
    ],
    ['an unknown status', (run) => ({ ...run, status: '"><img>' as 'finished' }), 'its status is unknown'],
    ['a name as long as a book', (run) => ({ ...run, label: { name: 'a'.repeat(1e6) } }), 'its name is damaged'],
    [
      'columns that are not names',
      (run) => ({ ...run, shape: { ...run.shape!, inputNames: [1] as never } }),
      'its columns are damaged',
    ],
    [
      'a loss with a tag',
      (run) => ({ ...run, shape: { ...run.shape!, loss: '<b>' as never } }),
      'its settings are damaged',
    ],
    [
      'other parameters than the model has',
      (run) => ({ ...run, progress: { ...run.progress, gradients: new Float32Array(9) } }),
      'its parameters are damaged',
    ],
    ['a report of another kind', (run) => ({ ...run, curvature: 'steep' as never }), 'its reports are damaged'],
  ])('is not taken with %s', async (_, change, reason) => {
    expect((await taken({ 'a.gdlog': forged(change) })).damaged).toEqual([{ name: 'a.gdlog', reason }]);
    expect(readdirSync(to.path)).toEqual([]);
  });

  it('is not unpacked where it declares more than may be', async () => {
    const many = forged((run) => {
      const { records } = run.progress;
      // Columns that are one number take no room, however many epochs they are.
      const count = 2e8;
      const fields = {
        ...records,
        loss: { length: count, every: () => true, 0: 1, subarray: () => records.loss } as never,
      };
      return { ...run, progress: { ...run.progress, records: { ...fields } } };
    });
    const { damaged } = await taken({ 'many.gdlog': many });
    expect(damaged).toEqual([{ name: 'many.gdlog', reason: 'its file has more than 100000000 epochs' }]);
    await expect(taken({ 'a.txt': new Uint8Array(1) })).rejects.toThrow('it has no runs');
    await expect(takeRuns(to, new Uint8Array(100))).rejects.toThrow('no zip archive');
    const names = Array.from({ length: 501 }, (_, i) => [`${i}.gdlog`, new Uint8Array(1)]);
    await expect(taken(Object.fromEntries(names) as Record<string, Uint8Array>)).rejects.toThrow('more than 500 runs');
  });
});
