import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hostClock } from '../../../src/host/records/hostClock';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import { blocksOf, encodeBlock, recordMark, type Block } from '../../../src/host/records/recordBlocks';
import { FileGone } from '../../../src/host/records/recordFolder';
import { RunRecord, eventsOf, recordName } from '../../../src/host/records/runRecord';
import { RunRecords } from '../../../src/host/records/runRecords';
import { emptyColumns } from '../../../src/protocol/history';
import { takeSnapshot, type RunState } from '../../../src/protocol/state';
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
  // Without what happened between them, epochs are joined to blocks of several.
  const progress = run.events.filter(({ type }) => type !== 'status');
  for (let at = 0; at < progress.length;) {
    const next = at + 1 + Math.floor(random() * 12);
    const events = progress.slice(at, next);
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
    state: () => undefined,
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

describe('the record of a run', () => {
  const file = () => path.join(root, 'other', recordName(id()));
  const opened = () => new RunRecord(id(), nodeRecordFolder(path.join(root, 'other')), hostClock);
  /** A record with these blocks after the first `count` events of the run. */
  function written(count: number, ...more: Block[]): RunRecord {
    const blocks: Block[] = [
      { kind: 'header', header: run.header },
      ...blocksOf(run.events.slice(0, count), 0),
      ...more,
    ];
    mkdirSync(path.dirname(file()), { recursive: true });
    writeFileSync(file(), Buffer.concat([recordMark, ...blocks.map(encodeBlock)]));
    return opened();
  }
  const headed = (change: object) =>
    Buffer.concat([recordMark, encodeBlock({ kind: 'header', header: { ...run.header, ...change } })]);
  const lengthOf = ({ state }: { state: RunState }) => state.history.length;
  const stopped = { type: 'status', status: 'stopped', trainLoss: 1, validationLoss: 1 } as const;

  it('gives its epochs after it was read or begun again too', async () => {
    const again = written(30);
    const length = lengthOf(await again.read());
    expect(lengthOf(await again.read())).toBe(length);
    const losses = run.state.history.column('loss');
    for (let first = 0; first < length; first++) {
      expect((await again.readEpochs(first, 2)).loss).toEqual(losses.slice(first, Math.min(first + 2, length)));
    }
    written(6);
    const least = lengthOf(await again.read());
    expect((await again.readEpochs(0, 1000)).loss).toHaveLength(least);
    await again.begin(run.header, run.events.slice(0, 12));
    const shorter = lengthOf(await opened().read());
    expect((await again.readEpochs(0, 1000)).loss).toHaveLength(shorter);
    await again.append(run.events.slice(0, 30));
    expect(lengthOf(await opened().read())).toBe(length);
  });

  it.each<[string, () => Block]>([
    ['is of another run', () => ({ kind: 'event', event: { ...stopped, runId: 'other' } })],
    ['is another header', () => ({ kind: 'header', header: run.header })],
    [
      'leaves out epochs',
      () => blocksOf(run.events.slice(-4), 1e9).find(({ kind }) => kind === ('epochs' as Block['kind']))!,
    ],
  ])('ends before a block that %s', async (_, block) => {
    const whole = written(30);
    const length = lengthOf(await whole.read());
    const last: Block = { kind: 'event', event: { ...stopped, runId: id() } };
    const broken = written(30, block(), last);
    const { state, lost } = await broken.read();
    expect([state.history.length, state.status === 'stopped', lost > 0]).toEqual([length, false, true]);
    const { events, lost: rest } = await broken.readOn();
    expect([events, rest]).toEqual([[], lost]);
  });

  it('has no fewer epochs where a block has some of them once more', async () => {
    const again = blocksOf(run.events.slice(0, 10), 0).filter(({ kind }) => kind === 'epochs');
    const record = written(40, ...again);
    const length = lengthOf(await record.read());
    expect((await record.readEpochs(0, 1000)).loss).toHaveLength(length);
  });

  it('that was cut since is gone', async () => {
    const cut = written(30);
    await cut.read();
    truncateSync(file(), readFileSync(file()).length - 1);
    await expect(cut.readOn()).rejects.toThrow(FileGone);
  });

  it('says so where it has not every epoch', async () => {
    const { history } = run.state;
    const { loss, batchLoss, valLoss, lr } = history.slice();
    const buckets = { loss, batchLoss, valLoss, lr };
    const thinned = { stride: 2, end: 2 * loss.length, lowest: buckets, highest: buckets };
    const records = { ...history.slice(), thinned: { ...thinned, start: emptyColumns(), recent: emptyColumns() } };
    const progress = run.events.findLast((event) => event.type === 'progress')!;
    const event = { ...progress, progress: { ...progress.progress, records } };
    const folderRecord = opened();
    await folderRecord.begin(run.header, [event]);
    await expect(folderRecord.readEpochs(0, 5)).rejects.toThrow('Not every epoch');
  });

  it.each([
    ['empty', () => new Uint8Array(), 'it is empty'],
    ['a part of its mark', () => recordMark.subarray(0, 7), 'it is not the record of a run'],
    ['another mark', () => recordMark.with(5, 1), 'it is not the record of a run'],
    ['without a config', () => headed({ configText: undefined }), 'its header is damaged'],
    ['without a name', () => headed({ identity: { id: id(), startedAt: 0 } }), 'its header is damaged'],
    ['of another run', () => headed({ identity: { ...run.header.identity, id: 'b' } }), 'the record of another run'],
    ['without a header', () => recordMark, 'its header is damaged'],
  ])('is unreadable where it is %s', async (_, bytes, reason) => {
    written(0);
    writeFileSync(file(), bytes());
    await expect(opened().read()).rejects.toThrow(reason);
  });
});

it('the events of a snapshot bring a run to where it shows it', () => {
  const notice = 'The disk is full.';
  const label = { name: 'mine', pinned: true };
  const trials = { before: 1, tried: [] };
  const state = { ...run.state, label, notice, batchesPerSecond: 5, trials } as RunState;
  const snapshot = takeSnapshot(state);
  const after = folded(run.header, eventsOf(snapshot));
  expect(after).toMatchObject({ label, notice, batchesPerSecond: 5, trials });
  const { shape: _, ...unopened } = snapshot;
  const failed = folded(run.header, eventsOf({ ...unopened, status: 'failed' }));
  expect(failed).toMatchObject({ label, status: 'failed' });
});
