import { currentShape } from '../../protocol/earlierShape';
import { crc32 } from '../../data/bytes/crc32';
import type { EpochColumns } from '../../protocol/history';
import { epochsOf, packProgress, unpackProgress, type PackedProgress } from './packedProgress';
import { decodePayload, encodePayload } from './payload';
import type { RunEvent, RunIdentity } from '../../protocol/protocol';

/**
 * The record of a run: eight bytes that say what it is (`recordMark`), then blocks, each
 *
 *     checksum u32 | bytes of payload u32 | kind u32 | payload        (numbers little-endian)
 *
 * as in the log of LevelDB and the WAL of SQLite: the CRC-32 covers all that follows it, and a record ends where the first
 * block is not whole. The first block is the header, the others are what happened to the run, in order.
 */
export const recordMark = Uint8Array.of(0x67, 0x64, 0x72, 0x75, 0x6e, 0, 3, 0);

/** Bytes of a block before its payload. */
export const blockHead = 12;

/** What a run was started from. */
export interface RecordHeader {
  identity: RunIdentity;
  /** The config as it was when the run started. */
  configText: string;
  seed: number;
}

/** An event that goes into a record. What is under way, such as how far the reading of data got, does not. */
export type RecordedEvent = Exclude<RunEvent, { type: 'reading' | 'asked' | 'trying' | 'surroundings' }>;

const unrecorded: ReadonlySet<RunEvent['type']> = new Set(['reading', 'asked', 'trying', 'surroundings'] as const);

/** Whether an event goes into a record. */
export function isRecorded(event: RunEvent): event is RecordedEvent {
  return !unrecorded.has(event.type);
}

/** A block as it is read. */
export type Block =
  | { kind: 'header'; header: RecordHeader }
  | { kind: 'event'; event: Exclude<RecordedEvent, { type: 'progress' }> }
  | { kind: 'epochs'; runId: string; progress: PackedProgress };

const kinds = ['header', 'event', 'epochs'] as const;

/** The bytes of a block. */
export function encodeBlock(block: Block): Uint8Array {
  const { kind, ...content } = block;
  const payload = encodePayload(content);
  const bytes = new Uint8Array(blockHead + payload.length);
  const head = new DataView(bytes.buffer);
  head.setUint32(4, payload.length, true);
  head.setUint32(8, kinds.indexOf(kind), true);
  bytes.set(payload, blockHead);
  head.setUint32(0, crc32(bytes.subarray(4)), true);
  return bytes;
}

/** Bytes of the whole block that begins with these, which are `blockHead` at least. */
export function blockLength({ buffer, byteOffset }: Uint8Array): number {
  return blockHead + new DataView(buffer, byteOffset, blockHead).getUint32(4, true);
}

/** The block that these bytes are; undefined where they are not as they were written. */
export function decodeBlock(bytes: Uint8Array): Block | undefined {
  const head = new DataView(bytes.buffer, bytes.byteOffset, blockHead);
  if (head.getUint32(0, true) !== crc32(bytes.subarray(4))) return undefined;
  try {
    const kind = kinds.at(head.getUint32(8, true));
    return kind && ({ kind, ...(decodePayload(bytes.subarray(blockHead)) as object) } as Block);
  } catch {
    return undefined;
  }
}

/**
 * The blocks of events that come after `known` epochs of a run. Progress that follows on progress is joined; epochs that are
 * known already are left out. Throws a RangeError where epochs are missing.
 */
export function blocksOf(events: readonly RecordedEvent[], known: number): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < events.length; i++) {
    const event = events[i];
    if (event.type !== 'progress') {
      blocks.push({ kind: 'event', event });
      continue;
    }
    const joined = [event.progress];
    for (let next = events[i + 1]; next?.type === 'progress' && epochsOf(joined) < mostEpochs; next = events[i + 1]) {
      if (!isNext(joined[joined.length - 1].records, next.progress.records)) break;
      joined.push(next.progress);
      i++;
    }
    const progress = packProgress(joined, known);
    const { first } = progress;
    if (first > known) throw new RangeError(`epochs ${known} to ${first - 1} are missing from the record`);
    known = Math.max(known, first + progress.count);
    blocks.push({ kind: 'epochs', runId: event.runId, progress });
  }
  return blocks;
}

/** How an earlier version recorded the speed. */
interface EarlierSpeed {
  type: 'speed';
  runId: string;
  batchesPerSecond: number | null;
}

/** The event that a block stands for. */
export function eventOf(block: Exclude<Block, { kind: 'header' }>): RecordedEvent {
  if (block.kind === 'event') {
    const event = block.event as typeof block.event | EarlierSpeed;
    if (event.type === 'speed') {
      const { runId, batchesPerSecond } = event;
      return { type: 'controlled', runId, controls: { batchesPerSecond } };
    }
    return event.type === 'opened' ? { ...event, shape: currentShape(event.shape) } : event;
  }
  return { type: 'progress', runId: block.runId, progress: unpackProgress(block.progress) };
}

/** Epochs in a block, at which no more progress is joined to it: it is read in one piece. */
const mostEpochs = 1 << 16;

function isNext(records: EpochColumns, next: EpochColumns): boolean {
  if (records.thinned || next.thinned) return false;
  return next.first === records.first + records.loss.length && next.weightsEvery === records.weightsEvery;
}
