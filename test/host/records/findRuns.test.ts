import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RunFinder, runsIn } from '../../../src/host/records/findRuns';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import { RunRecord, recordName } from '../../../src/host/records/runRecord';
import { openingRun, takeSnapshot } from '../../../src/protocol/state';
import { drivenClock } from '../../helpers/drivenClock';
import { encodeRun } from '../../helpers/encodeRun';

let place: string;
let heard: string[];
beforeEach(() => {
  place = mkdtempSync(path.join(tmpdir(), 'gd-find-'));
  heard = [];
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const identity = { id: 'a', name: 'a', startedAt: 0 };
const clock = drivenClock();
/** Finds runs of one id, and counts how often a file was looked into. */
function openFolder() {
  const folder = nodeRecordFolder(place);
  let looks = 0;
  const counted = { ...folder, size: (name: string) => (looks++, folder.size(name)) };
  const finder = new RunFinder(counted, clock, (name, reason) => heard.push(`${name}: ${reason}`));
  const find = async (names = folder.list()) => {
    const all = await names;
    return finder.find('a', runsIn(all).get('a')!.old, all, false);
  };
  return { folder, find, looks: () => looks };
}
const writeOld = (name: string, id = 'a') => {
  const snapshot = takeSnapshot(openingRun({ ...identity, id }));
  writeFileSync(path.join(place, name), encodeRun({ snapshot, configText: '{}', seed: 0 }));
};

it('takes the older file where a record was not made whole from it', async () => {
  const { folder, find } = openFolder();
  await new RunRecord('a', folder, clock).begin({ identity, configText: '{}', seed: 0 }, []);
  writeOld('a.8-x.gdrun');
  expect((await find())?.file).toBe('a.8-x.gdrun');
});

it('tells once why a file cannot be read, and looks into it no more', async () => {
  writeOld('a.8-x.gdrun', 'b');
  const { find, looks } = openFolder();
  for (let i = 0; i < 3; i++) expect(await find()).toBeUndefined();
  expect(heard).toEqual(['a.8-x.gdrun: it is damaged, or of an unknown version']);
  expect(looks()).toBe(1);
});

it('says what is no file', async () => {
  mkdirSync(path.join(place, recordName('a')));
  expect(await openFolder().find()).toBeUndefined();
  expect(heard).toEqual(['a.gdlog: it is not a file']);
});

it('is silent about a file that has gone meanwhile', async () => {
  writeOld('a.8-x.gdrun');
  const { folder, find } = openFolder();
  const names = await folder.list();
  rmSync(path.join(place, 'a.8-x.gdrun'));
  expect(await find(Promise.resolve(names))).toBeUndefined();
  expect(heard).toEqual([]);
});
