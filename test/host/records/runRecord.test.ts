import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hostClock } from '../../../src/host/records/hostClock';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import { recordMark } from '../../../src/host/records/recordBlocks';
import { RunRecord, recordName } from '../../../src/host/records/runRecord';
import { RunRecords } from '../../../src/host/records/runRecords';
import { folded, recordedRun, seeded, type RecordedRun } from '../../helpers/recordedRun';

vi.mock('vscode', () => import('../../helpers/fakeVscode'));

const epochs = 150;
let run: RecordedRun;
let root: string;
let folder: string;
let record: RunRecord;
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'gd-record-'));
  folder = path.join(root, 'pieces');
  run = await recordedRun(epochs, path.join(root, 'whole'));
  record = new RunRecord(id(), nodeRecordFolder(folder), hostClock);
  const random = seeded(6);
  for (let at = 0; at < run.events.length;) {
    const next = at + 1 + Math.floor(random() * 12);
    const events = run.events.slice(at, next);
    await (at === 0 ? record.begin(run.header, events) : record.append(events));
    at = next;
  }
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 20 }));

const id = () => run.header.identity.id;
function newRecords(heard: string[] = []): RunRecords {
  return new RunRecords(nodeRecordFolder(folder), hostClock, {
    failed: (reason) => heard.push(reason),
    unreadable: (name, reason) => heard.push(`${name}: ${reason}`),
    full: () => heard.push('full'),
    lost: () => heard.push('lost'),
    stored: () => undefined,
  });
}

describe('a record of many blocks', () => {
  it('gives any range of its epochs, and what there is of one beyond its end', async () => {
    const random = seeded(8);
    for (let range = 0; range < 200; range++) {
      const first = Math.floor(random() * (epochs + 5));
      const count = Math.floor(random() * (epochs + 20 - first));
      const columns = await record.readEpochs(first, count);
      const end = Math.max(first, Math.min(first + count, epochs));
      for (const name of ['loss', 'batchLoss', 'valLoss', 'lr'] as const) {
        expect(columns[name], `${first} + ${count}`).toEqual(run.state.history.column(name).slice(first, end));
      }
      expect(columns.first).toBe(first);
    }
  });

  it('is found again after it had gone', async () => {
    const file = path.join(folder, recordName(id()));
    const records = newRecords();
    expect((await records.look(() => false)).found).toHaveLength(1);
    renameSync(file, `${file}.away`);
    expect((await records.look(() => true)).gone).toEqual([id()]);
    expect((await records.look(() => false)).gone).toEqual([]);
    renameSync(`${file}.away`, file);
    const { found } = await records.look(() => false);
    expect(found.map((one) => one.state.history.length)).toEqual([folded(run.header, run.events).history.length]);
  });
});

it('a record of a later version is named with its version', async () => {
  const file = path.join(folder, 'later.gdlog');
  writeFileSync(file, Uint8Array.of(...recordMark.subarray(0, 6), 2, 1));
  const heard: string[] = [];
  await newRecords(heard).look(() => false);
  expect(heard).toEqual(['later.gdlog: it has version 258, and this one reads 3']);
  rmSync(file);
});
