import { mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync, zipSync } from 'fflate/browser';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RecordFolder } from '../../../src/host/records/recordFolder';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import { eventsOf } from '../../../src/host/records/runRecord';
import { encodeRecord } from '../../../src/host/records/sentRuns';
import { sentFile, takeRuns } from '../../../src/host/exporting/carryRuns';
import { labelRun } from '../../../src/host/runs/runLabels';
import type { TrainingRun } from '../../../src/host/runs/trainingRun';
import type { TrainingRuns } from '../../../src/host/runs/trainingRuns';
import type { RunSnapshot } from '../../../src/protocol/protocol';
import { runName, takeSnapshot } from '../../../src/protocol/state';
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

const names = ({ runs }: Place) => runs.all.map(({ state }) => runName(state));

it('carries runs with all that is known of them to another window, where they are pinned', async () => {
  const [one] = from.runs.all;
  await labelRun(from.runs, one, () => ({ name: 'first/try', note: 'as in the talk' }));
  const file = await sentFile(from, from.runs.all);
  expect(Object.keys(unzipSync(file))).toEqual(['1-first-try.gdlog', '2-two.gdlog']);
  expect(await takeRuns(to, file)).toEqual({ added: 2, known: 0, damaged: [] });
  expect(names(to)).toEqual(['first/try', 'two']);
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
  const { snapshot, configText, seed } = from.runs.all[0].stored();
  const identity = { ...snapshot.identity, configUri: 'file:///home/somebody/secret.gd.json' };
  const record = encodeRecord({ identity, configText, seed }, eventsOf({ ...snapshot, identity }));
  await takeRuns(to, zipSync({ 'a.gdlog': record }));
  expect(to.runs.all[0].state.identity).not.toHaveProperty('configUri');
  const file = await sentFile(to, to.runs.all);
  expect(Buffer.from(unzipSync(file)['1-one.gdlog']).includes('somebody')).toBe(false);
});

describe('a file that anybody made', () => {
  /** A record with something else in it. */
  function forged(change: (snapshot: RunSnapshot) => RunSnapshot, run: TrainingRun = from.runs.all[0]): Uint8Array {
    const { snapshot, configText, seed } = run.stored();
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
    expect(names(to)).toEqual(['one']);
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
