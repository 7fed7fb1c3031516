import { zipSync } from 'fflate/browser';
import { joinedBytes } from '../../base/joinedBytes';
import { zipEntries, unzipEntry, type ZipEntry } from '../../data/bytes/zipEntries';
import type { RunLabel } from '../../protocol/protocol';
import { checkSentRun } from './checkSentRun';
import { hostClock } from './hostClock';
import { FileGone, type RecordFolder } from './recordFolder';
import {
  blockHead,
  blockLength,
  decodeBlock,
  encodeBlock,
  recordMark,
  blocksOf,
  type RecordHeader,
  type RecordedEvent,
} from './recordBlocks';
import { RunRecord, Unreadable } from './runRecord';

/** Ending of a file that carries runs to somebody else: a zip archive with a record for each. */
export const sentEnding = 'gdruns';

/** Bytes of records that are packed on the way. */
const mostPacked = 4 * 2 ** 20;

/** What such a file may hold at most. */
export const sentLimits = {
  /** Bytes of the file, and of all records unpacked. */
  bytes: 256 * 2 ** 20,
  runs: 500,
  /** Epochs of all runs. */
  epochs: 100e6,
};

/** A run to send: its record, or one that is found in a file. */
export interface SentRun {
  name: string;
  record: Uint8Array;
}

/** The record of a run that is only in memory. */
export function encodeRecord(header: RecordHeader, events: readonly RecordedEvent[]): Uint8Array {
  return joinedBytes([recordMark, ...[{ kind: 'header' as const, header }, ...blocksOf(events, 0)].map(encodeBlock)]);
}

/** A run that was found in a file, ready to be kept. */
export interface ReceivedRun {
  id: string;
  epochs: number;
  /** Its record: without a place on a disk, and pinned, so that the limit of kept runs does not remove it as an old one. */
  record: Uint8Array;
}

/** What is in a file: its runs, and why others of it cannot be read. */
export interface ReceivedRuns {
  runs: ReceivedRun[];
  damaged: { name: string; reason: string }[];
}

/** A file with some runs. Of their places on this disk it says nothing. */
export function packRuns(runs: readonly SentRun[]): Uint8Array {
  const files: Record<string, Uint8Array> = {};
  let size = 0;
  runs.forEach(({ name, record }, i) => {
    const bytes = withoutPlace(record);
    files[`${i + 1}-${name.replace(/[^\p{L}\p{N}._ -]/gu, '-').slice(0, 80)}.gdlog`] = bytes;
    size += bytes.length;
  });
  // Packing much takes longer than anybody may be kept waiting.
  return zipSync(files, { level: size > mostPacked ? 0 : 6 });
}

/** The runs in a file that anybody may have made. Throws if it is not a file of runs, or is larger than is allowed. */
export async function unpackRuns(bytes: Uint8Array): Promise<ReceivedRuns> {
  const entries = zipEntries(bytes).filter(({ name }) => name.endsWith('.gdlog'));
  if (entries.length === 0) throw new Unreadable('it has no runs');
  if (entries.length > sentLimits.runs) throw new Unreadable(`it has more than ${sentLimits.runs} runs`);
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (size > sentLimits.bytes) throw new Unreadable(`its runs take more than ${sentLimits.bytes / 2 ** 20} MB`);
  const received: ReceivedRuns = { runs: [], damaged: [] };
  let epochs = 0;
  for (const entry of entries) {
    try {
      const run = await receive(bytes, entry, sentLimits.epochs - epochs);
      if (received.runs.some(({ id }) => id === run.id)) throw new Unreadable('it is in the file twice');
      epochs += run.epochs;
      received.runs.push(run);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      received.damaged.push({ name: entry.name.slice(0, 100), reason });
    }
  }
  return received;
}

async function receive(archive: Uint8Array, entry: ZipEntry, mostEpochs: number): Promise<ReceivedRun> {
  const bytes = await unzipEntry(archive, entry);
  const { header } = headerOf(bytes);
  const { id } = header.identity;
  if (typeof id !== 'string' || !/^[0-9a-z]{1,20}-[0-9a-z]{1,20}$/.test(id))
    throw new Unreadable('its id is not one that a run can have');
  if (epochsIn(bytes) > mostEpochs) throw new Unreadable(`its file has more than ${sentLimits.epochs} epochs`);
  const { state, lost } = await new RunRecord(id, folderOf(bytes), hostClock).read();
  if (lost > 0) throw new Unreadable(`its last ${lost} bytes are damaged`);
  checkSentRun(state);
  const label: RunLabel = { ...state.label, pinned: true };
  const event = encodeBlock({ kind: 'event', event: { type: 'labelled', runId: id, label } });
  return { id, epochs: state.history.length, record: joinedBytes([withoutPlace(bytes), event]) };
}

/** The header of a record, and where it ends. */
function headerOf(record: Uint8Array): { header: RecordHeader; end: number } {
  const rest = record.subarray(recordMark.length);
  const length = rest.length < blockHead ? Infinity : blockLength(rest);
  const block = length <= rest.length ? decodeBlock(rest.subarray(0, length)) : undefined;
  if (block?.kind !== 'header' || typeof block.header?.identity !== 'object' || block.header.identity === null) {
    throw new Unreadable('its header is damaged');
  }
  return { header: block.header, end: recordMark.length + length };
}

/** A record whose header does not say where on a disk the config is. */
function withoutPlace(record: Uint8Array): Uint8Array {
  const { header, end } = headerOf(record);
  const { configUri: _, ...identity } = header.identity;
  const block = encodeBlock({ kind: 'header', header: { ...header, identity } });
  return joinedBytes([record.subarray(0, recordMark.length), block, record.subarray(end)]);
}

/** Epochs that the blocks of a record say they have: a block of a few bytes may say any number of them. */
function epochsIn(record: Uint8Array): number {
  let sum = 0;
  for (let at = recordMark.length; at + blockHead <= record.length;) {
    const length = blockLength(record.subarray(at));
    const block = at + length <= record.length ? decodeBlock(record.subarray(at, at + length)) : undefined;
    if (!block) break;
    if (block.kind === 'epochs') sum += Math.abs(block.progress.count);
    at += length;
  }
  return Number.isNaN(sum) ? Infinity : sum;
}

/** A folder in which every file is this one. */
function folderOf(bytes: Uint8Array): RecordFolder {
  const never = (name: string) => Promise.reject(new FileGone(name));
  return {
    list: () => Promise.resolve(new Map()),
    size: () => Promise.resolve(bytes.length),
    stamp: () => Promise.resolve({ size: bytes.length, modified: 0 }),
    read: (_, start, length) => Promise.resolve(bytes.subarray(start, start + length)),
    ...{ append: never, create: never, overwrite: never, remove: never },
  };
}
