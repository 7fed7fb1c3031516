import { crc32 } from '../../data/bytes/crc32';
import { joinedBytes } from '../../base/joinedBytes';
import { restingLimits } from '../../protocol/historyLimits';
import type { RunSnapshot } from '../../protocol/protocol';
import { atRest, isLive, restoreSnapshot, takeSnapshot, type RunState } from '../../protocol/state';
import { sideBySide } from '../base/sideBySide';
import { wait, type HostClock } from './hostClock';
import type { KnownRun } from './knownRun';
import { decodePayload, encodePayload } from './payload';
import { sliceTime } from './readBlocks';
import type { RecordHeader } from './recordBlocks';
import type { EntryKind, FileStamp, RecordFolder } from './recordFolder';
import type { RecordPlaces } from './runRecord';

/** Where it is written down how the runs in a folder stand that are over. It saves reading their records and may be missing. */
const indexName = 'runs.gdindex';
/** Records that are looked at at a time. */
const mostAtOnce = 8;
/** Counts up when what a run holds changes: an index of another version is passed over. */
const version = 1;

/** A run that is over, as its record said when that was last written. */
export interface IndexedRun {
  /** Of the record: an entry is good only while the record still has it. */
  stamp: FileStamp;
  /** The number of the owner file under which it was free; 0 if there was none. */
  owner: number;
  header: RecordHeader;
  places: RecordPlaces;
  /** With a rough history. */
  state: RunState;
}

type Entry = Omit<IndexedRun, 'state'> & { version: number; snapshot: RunSnapshot };

/** The index of a folder, by the ids of runs, as far as it can be read. Lets other tasks have their turn. */
export async function readIndex(
  folder: RecordFolder,
  names: ReadonlyMap<string, EntryKind>,
  clock: HostClock,
): Promise<Map<string, IndexedRun>> {
  const found = new Map<string, IndexedRun>();
  if (names.get(indexName) !== 'file') return found;
  try {
    const bytes = await folder.read(indexName, 0, await folder.size(indexName));
    let sliceStart = clock.now();
    for (let at = 0; at < bytes.length;) {
      const payload = payloadAt(bytes, at);
      const { version: written, snapshot, ...entry } = decodePayload(payload) as Entry;
      const state = restoreSnapshot(snapshot, restingLimits);
      if (written === version) found.set(state.identity.id, { ...entry, state });
      at += entryHead + payload.length;
      if (clock.now() - sliceStart < sliceTime) continue;
      await wait(clock, 0);
      sliceStart = clock.now();
    }
  } catch {
    // The records of the others are read.
  }
  return found;
}

/** What is known of runs beside their records. */
export interface RunsKnown {
  /** See `Ownership`. */
  freeNumber(id: string): number | undefined;
  state(id: string): RunState | undefined;
}

/** Writes down how the runs stand that are over, unless that is on disk already. */
export async function saveIndex(folder: RecordFolder, runs: Iterable<KnownRun>, known: RunsKnown): Promise<void> {
  let isNew = false;
  const entries = await sideBySide(runs, mostAtOnce, async (run) => {
    const entry = await entryOf(folder, run, known);
    isNew ||= entry !== undefined && entry.stamp !== run.indexed;
    return entry;
  });
  if (!isNew) return;
  const bytes = joinedBytes(entries.filter((entry) => entry !== undefined).map(encode));
  if (!(await folder.create(indexName, bytes))) await folder.overwrite(indexName, bytes);
}

/** Undefined where the record has to be read: the run may go on, or something of it is not known here. */
async function entryOf(folder: RecordFolder, run: KnownRun, known: RunsKnown): Promise<IndexedRun | undefined> {
  const { id, record, header } = run;
  const [state, owner] = [known.state(id), known.freeNumber(id)];
  const isWritten = run.writing.isEmpty && !run.isApart;
  const isKnown = owner !== undefined && isWritten && !run.isBehind && run.readFrom === undefined;
  if (!state || isLive(state.status) || !isKnown) return undefined;
  const stamp = run.indexed ?? (await folder.stamp(record.name).catch(() => undefined));
  return stamp?.size === record.places.end ? { stamp, owner, header, places: record.places, state } : undefined;
}

/** Bytes of an entry before its payload: their checksum, for two windows may write at once, and their number. */
const entryHead = 8;

function encode({ state, ...rest }: IndexedRun): Uint8Array {
  const payload = encodePayload({ ...rest, version, snapshot: takeSnapshot(atRest(state)) } satisfies Entry);
  const head = new DataView(new ArrayBuffer(entryHead));
  head.setUint32(0, crc32(payload), true);
  head.setUint32(4, payload.length, true);
  return joinedBytes([new Uint8Array(head.buffer), payload]);
}

/** Throws where it is not whole. */
function payloadAt(bytes: Uint8Array, at: number): Uint8Array {
  const head = new DataView(bytes.buffer, bytes.byteOffset + at, entryHead);
  const payload = bytes.subarray(at + entryHead, at + entryHead + head.getUint32(4, true));
  if (head.getUint32(0, true) !== crc32(payload)) throw new RangeError('The index is damaged.');
  return payload;
}
