import { zipSync } from 'fflate/browser';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { joinedBytes } from '../../../src/base/joinedBytes';
import { unzipEntry, zipEntries } from '../../../src/data/bytes/zipEntries';
import { encodeBlock, recordMark, type Block, type RecordHeader } from '../../../src/host/records/recordBlocks';
import { eventsOf } from '../../../src/host/records/runRecord';
import { encodeRecord, packRuns, sentLimits, unpackRuns } from '../../../src/host/records/sentRuns';
import { emptyColumns } from '../../../src/protocol/history';
import { takeSnapshot, type RunState } from '../../../src/protocol/state';
import { openConfig } from '../../helpers/openRun';
import { trainRun } from '../../helpers/trainRun';

vi.mock('vscode', () => import('../../helpers/fakeVscode'));

const epochs = 5;
const inFile = { ...sentLimits };
afterEach(() => void Object.assign(sentLimits, inFile));

let state: RunState;
beforeAll(async () => {
  const dataset = { values: { inputs: [[3], [4], [7]], targets: [[1], [2], [4]] } };
  const optimizer = { type: 'SGD', lr: 0.001 };
  state = trainRun(await openConfig({ seed: 0, dataset, optimizer, epochs }));
  state.history.append(emptyColumns(epochs));
});

/** The header of a run; the id may be anything. */
function headerOf(id: unknown, configText = '{}'): RecordHeader {
  const configUri = 'file:///home/somebody/a.gd.json';
  return { identity: { ...state.identity, id: id as string, configUri }, configText, seed: 0 };
}

function recordOf(id: string, configText?: string): Uint8Array {
  const header = headerOf(id, configText);
  return encodeRecord(header, eventsOf(takeSnapshot({ ...state, identity: header.identity })));
}

const recordWith = (...blocks: unknown[]) =>
  joinedBytes([recordMark, ...blocks.map((block) => encodeBlock(block as Block))]);

const fileOf = (...records: Uint8Array[]) =>
  zipSync(Object.fromEntries(records.map((record, i) => [`${i}.gdlog`, record])));

const reasonsOf = async (...records: Uint8Array[]) =>
  (await unpackRuns(fileOf(...records))).damaged.map(({ reason }) => reason);

describe('a file of runs', () => {
  it('does not say where on a disk their configs are', async () => {
    const file = packRuns([{ name: 'a', record: recordOf('a-1') }]);
    expect(Buffer.from(await unzipEntry(file, zipEntries(file)[0])).includes('somebody')).toBe(false);
  });

  it('has a name of a length that every disk takes for each', () => {
    const file = packRuns([{ name: 'x'.repeat(300), record: recordOf('a-1') }]);
    expect(zipEntries(file)[0].name).toBe(`1-${'x'.repeat(80)}.gdlog`);
  });

  it('is packed where that takes no time to speak of', () => {
    const [small, large] = [recordOf('a-1'), recordOf('b-1', 'x'.repeat(3 * 2 ** 20))];
    const methods = (...records: Uint8Array[]) =>
      zipEntries(packRuns(records.map((record) => ({ name: 'a', record })))).map(({ method }) => method);
    expect(methods(small, large)).toEqual([8, 8]);
    expect(methods(large, large)).toEqual([0, 0]);
  });

  it('may have a run that ended before it had opened', async () => {
    const file = packRuns([{ name: 'a', record: encodeRecord(headerOf('a-1'), []) }]);
    const [{ id }] = (await unpackRuns(file)).runs;
    expect(id).toBe('a-1');
  });
});

describe('a file that anybody made', () => {
  it('may have 500 runs', async () => {
    const file = fileOf(...Array.from({ length: 500 }, () => new Uint8Array(1)));
    expect((await unpackRuns(file)).damaged).toHaveLength(500);
  });

  it('is not unpacked where its runs say that they are larger than may be', async () => {
    sentLimits.bytes = recordOf('a-1').length;
    expect((await unpackRuns(fileOf(recordOf('a-1')))).runs).toHaveLength(1);
    await expect(unpackRuns(fileOf(recordOf('a-1'), recordOf('b-1')))).rejects.toThrow('its runs take more than');
  });

  it('has no more epochs in all its runs than may be', async () => {
    sentLimits.epochs = 2 * epochs;
    const { runs, damaged } = await unpackRuns(fileOf(recordOf('a-1'), recordOf('b-1'), recordOf('c-1')));
    expect(runs.map(({ id }) => id)).toEqual(['a-1', 'b-1']);
    expect(damaged).toEqual([{ name: '2.gdlog', reason: `its file has more than ${2 * epochs} epochs` }]);
  });

  it.each([[[2e8]], [[2e8, -2e8]], [[NaN, 2e8]]])('is refused with blocks of so many epochs: %s', async (counts) => {
    const blocks = counts.map((count) => ({ kind: 'epochs', runId: 'a-1', progress: { first: 0, count } }));
    const record = recordWith({ kind: 'header', header: headerOf('a-1') }, ...blocks);
    expect(await reasonsOf(record)).toEqual(['its file has more than 100000000 epochs']);
  });

  it.each([
    ['another block in its place', { kind: 'event', header: { identity: { id: 'a-1' } } }],
    ['no header in it', { kind: 'header' }],
    ['no identity', { kind: 'header', header: {} }],
    ['null as its identity', { kind: 'header', header: { identity: null } }],
  ])('is refused where its header is damaged: %s', async (_, block) => {
    expect(await reasonsOf(recordWith(block))).toEqual(['its header is damaged']);
  });

  it('is refused with an id in a list', async () => {
    const record = recordWith({ kind: 'header', header: headerOf(['a-1']) });
    expect(await reasonsOf(record)).toEqual(['its id is not one that a run can have']);
  });

  it('is told of with no more of a name than there is room for', async () => {
    const file = zipSync({ [`${'x'.repeat(300)}.gdlog`]: new Uint8Array(1) });
    expect((await unpackRuns(file)).damaged[0].name).toBe('x'.repeat(100));
  });
});
