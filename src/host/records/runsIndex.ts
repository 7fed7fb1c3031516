import { crc32 } from '../../data/bytes/crc32';
import { joinedBytes } from '../../base/joinedBytes';
import { restingLimits } from '../../protocol/historyLimits';
import type { RunSnapshot } from '../../protocol/protocol';
import { atRest, isLive, restoreSnapshot, takeSnapshot, type RunState } from '../../protocol/state';
import { sideBySide } from '../base/sideBySide';
import type { KnownRun } from './knownRun';
import { decodePayload, encodePayload } from './payload';
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

type Entry = Omit<IndexedRun, 'state'> & { snapshot: RunSnapshot };

/** The index of a folder, by the ids of runs; empty where there is none that can be read. */
export async function readIndex(
  folder: RecordFolder,
  names: ReadonlyMap<string, EntryKind>,
): Promise<Map<string, IndexedRun>> {
  if (names.get(indexName) !== 'file') return new Map();
  try {
    const bytes = await folder.read(indexName, 0, await folder.size(indexName));
    return new Map(decode(bytes).map((run) => [run.header.identity.id, run]));
  } catch {
    return new Map();
  }
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
  const bytes = encode(entries.filter((entry) => entry !== undefined));
  if (!(await folder.create(indexName, bytes))) await folder.overwrite(indexName, bytes);
}

/** Undefined where the record has to be read: the run may go on, or something of it is not known here. */
async function entryOf(folder: RecordFolder, run: KnownRun, known: RunsKnown): Promise<IndexedRun | undefined> {
  const { id, record, header } = run;
  const [state, owner] = [known.state(id), known.freeNumber(id)];
  const isKnown = owner !== undefined && run.writing.isEmpty && !run.isBehind && run.readFrom === undefined;
  if (!state || isLive(state.status) || !isKnown) return undefined;
  const stamp = run.indexed ?? (await folder.stamp(record.name).catch(() => undefined));
  return stamp?.size === record.places.end ? { stamp, owner, header, places: record.places, state } : undefined;
}

/** A checksum, for two windows may write at once; then all runs. */
function encode(runs: readonly IndexedRun[]): Uint8Array {
  const entries = runs.map(({ state, ...rest }): Entry => ({ ...rest, snapshot: takeSnapshot(atRest(state)) }));
  const payload = encodePayload({ version, entries });
  const sum = new Uint8Array(4);
  new DataView(sum.buffer).setUint32(0, crc32(payload), true);
  return joinedBytes([sum, payload]);
}

/** Throws where the bytes are not an index of this version. */
function decode(bytes: Uint8Array): IndexedRun[] {
  const payload = bytes.subarray(4);
  const sum = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true);
  if (sum !== crc32(payload)) throw new RangeError('The index is damaged.');
  const index = decodePayload(payload) as { version: number; entries: Entry[] };
  if (index.version !== version) throw new RangeError(`The index has version ${index.version}.`);
  return index.entries.map(({ snapshot, ...rest }) => ({ ...rest, state: restoreSnapshot(snapshot, restingLimits) }));
}
