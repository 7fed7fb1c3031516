import { describe, expect, it } from 'vitest';
import {
  blocksOf,
  decodeBlock,
  encodeBlock,
  eventOf,
  isRecorded,
  type Block,
  type RecordedEvent,
} from '../../../src/host/records/recordBlocks';
import { beyond, packProgress } from '../../../src/host/records/packedProgress';
import { columnNames, emptyColumns, type EpochColumns } from '../../../src/protocol/history';
import type { Progress, RunEvent, RunShape } from '../../../src/protocol/protocol';
import { startCheckpoint } from '../../../src/protocol/state';

/** Epochs `[first, end)` whose numbers are their own, with two parameters after every third of them. */
function epochs(first: number, end: number, weightsEvery = 3): EpochColumns {
  const records = emptyColumns(end - first, first);
  columnNames.forEach((name, k) => records[name].forEach((_, i) => (records[name][i] = first + i + k / 8)));
  const weights: number[] = [];
  for (let epoch = first; epoch < end; epoch++) if ((epoch + 1) % weightsEvery === 0) weights.push(epoch, -epoch);
  return { ...records, weightsEvery, weights: Float32Array.from(weights) };
}

function progressOf(records: EpochColumns): Extract<RecordedEvent, { type: 'progress' }> {
  const checkpoint = { ...startCheckpoint(new Float32Array(2)), epoch: records.first + records.loss.length };
  const [gradients, lastChange] = [new Float32Array(2), new Float32Array(2)];
  return { type: 'progress', runId: 'a', progress: { records, checkpoint, gradients, lastChange, seconds: 1 } };
}

/** Every second one of the epochs before `end`. */
function thinnedTo(end: number): EpochColumns {
  const records = { ...epochs(0, Math.ceil(end / 2)), weights: new Float32Array() };
  const { loss, batchLoss, valLoss, lr } = records;
  const buckets = { loss, batchLoss, valLoss, lr };
  const [start, recent] = [epochs(0, 2), epochs(end - 2, end)];
  return { ...records, thinned: { stride: 2, end, lowest: buckets, highest: buckets, start, recent } };
}

/** The events as they are read again. */
const readBack = (blocks: readonly Block[]) =>
  blocks.map((block) => eventOf(decodeBlock(encodeBlock(block)) as Exclude<Block, { kind: 'header' }>));
const recordsIn = (blocks: readonly Block[]) =>
  readBack(blocks).map((event) => (event as { progress: Progress }).progress.records);

describe('progress in blocks', () => {
  it('that follows on each other is one block, with all its numbers and where it led', () => {
    const blocks = blocksOf([progressOf(epochs(0, 4)), progressOf(epochs(4, 5)), progressOf(epochs(5, 12))], 0);
    const [event, ...others] = readBack(blocks);
    expect(others).toEqual([]);
    expect(event).toEqual(progressOf(epochs(0, 12)));
  });

  it('leaves out what is known, parameters too, wherever that ends', () => {
    for (const first of [0, 1, 2, 5]) {
      for (let known = first; known <= 14; known++) {
        for (const end of [14, 16]) {
          expect(recordsIn(blocksOf([progressOf(epochs(first, end))], known))).toEqual([epochs(known, end)]);
        }
      }
    }
    expect(beyond(epochs(5, 9), 2)).toEqual(epochs(5, 9));
  });

  it('that leaves out epochs is refused', () => {
    const gap = () => blocksOf([progressOf(epochs(0, 4)), progressOf(epochs(6, 8))], 0);
    expect(gap).toThrow(new RangeError('epochs 4 to 5 are missing from the record'));
  });

  it('is at most about 65,536 epochs a block', () => {
    const pieces = [0, 1, 2].map((i) => progressOf(epochs(i * 2 ** 15, (i + 1) * 2 ** 15, 1e9)));
    const counts = recordsIn(blocksOf(pieces, 0)).map(({ loss }) => loss.length);
    expect(counts).toEqual([2 ** 16, 2 ** 15]);
  });

  it('that is thinned stays as it is, and is joined to nothing', () => {
    const thinned = thinnedTo(7);
    expect(thinned.loss).toHaveLength(4);
    const blocks = blocksOf([progressOf(thinned), progressOf(epochs(4, 9))], 0);
    expect(recordsIn(blocks)).toEqual([thinned, epochs(7, 9)]);
    expect(beyond(thinned, 3)).toBe(thinned);
  });

  it('whose parameters come after other numbers of epochs is not joined', () => {
    const [one, other] = [epochs(0, 6), epochs(6, 12, 2)];
    expect(recordsIn(blocksOf([progressOf(one), progressOf(other)], 0))).toEqual([one, other]);
  });

  it('is as small as its numbers allow, and exact', () => {
    const records = epochs(0, 2);
    records.loss.set([NaN, 1]);
    records.batchLoss.set([0.1, 1]);
    records.valLoss.fill(NaN);
    records.lr.fill(-0);
    const { columns } = packProgress([progressOf(records).progress], 0);
    expect(columns.loss).toBeInstanceOf(Float32Array);
    expect(columns.batchLoss).toBeInstanceOf(Float64Array);
    expect(columns.valLoss).toBe(NaN);
    expect(recordsIn(blocksOf([progressOf(records)], 0))).toEqual([records]);
  });

  it('is refused where a column has another length', () => {
    const [block] = blocksOf([progressOf(epochs(0, 4))], 0) as Extract<Block, { kind: 'epochs' }>[];
    block.progress.count = 5;
    expect(() => eventOf(block)).toThrow('loss has 4 numbers where 5 are needed');
  });
});

it('a block that was changed in any byte, cut or lengthened is not read', () => {
  const bytes = encodeBlock(blocksOf([progressOf(epochs(0, 3))], 0)[0]);
  expect(decodeBlock(bytes)).toBeDefined();
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at] ^= 1;
    expect(decodeBlock(changed), `byte ${at}`).toBeUndefined();
  }
  expect(decodeBlock(bytes.subarray(0, -1))).toBeUndefined();
  expect(decodeBlock(Uint8Array.of(...bytes, 0))).toBeUndefined();
});

it('what is under way does not go into a record', () => {
  const types = ['reading', 'asked', 'trying', 'surroundings', 'opened', 'progress', 'status', 'tried'];
  const recorded = types.filter((type) => isRecorded({ type, runId: 'a' } as RunEvent));
  expect(recorded).toEqual(['opened', 'progress', 'status', 'tried']);
});

it('a shape of an earlier version is read as one of this', () => {
  const shape = { inputNames: ['x'], targetNames: ['y'], bias: true } as unknown as RunShape;
  const event = { type: 'opened', runId: 'a', shape, initial: new Float32Array(2), trainLoss: 1, validationLoss: 1 };
  const [read] = readBack(blocksOf([event as RecordedEvent], 0));
  expect((read as { shape: RunShape }).shape.model.layers).toHaveLength(1);
});

it('a speed of an earlier version is read as this one records it', () => {
  const event = { type: 'speed', runId: 'a', batchesPerSecond: 5 } as unknown as Exclude<
    RecordedEvent,
    { type: 'progress' }
  >;
  expect(readBack([{ kind: 'event', event }])).toEqual([
    { type: 'controlled', runId: 'a', controls: { batchesPerSecond: 5 } },
  ]);
});
