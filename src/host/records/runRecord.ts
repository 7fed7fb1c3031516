import { joinedBytes } from '../../base/joinedBytes';
import { controlsSet } from '../../protocol/runControls';
import { emptyColumns, type EpochColumns } from '../../protocol/history';
import { beyond, unpackRecords } from './packedProgress';
import {
  blocksOf,
  encodeBlock,
  eventOf,
  recordMark,
  type RecordHeader,
  type RecordedEvent,
  type Block,
} from './recordBlocks';
import type { RunSnapshot } from '../../protocol/protocol';
import { applyRunEvent, openingRun, type RunState } from '../../protocol/state';
import { FileGone, type RecordFolder } from './recordFolder';
import { readBlocks, readSize, type PlacedBlock } from './readBlocks';
import type { HostClock } from './hostClock';

/** Why a file cannot be read as a record: a sentence's end, after its name. */
export class Unreadable extends Error {}

/** The name of a run's record. */
export const recordName = (id: string) => `${id}.gdlog`;

/** Whether a file is a record, by its name. */
export const isRecord = (name: string) => name.endsWith('.gdlog');

/** What there is of a record: the run as its whole blocks say, and how many bytes after them are not whole. */
export interface ReadRecord {
  header: RecordHeader;
  state: RunState;
  lost: number;
}

/** Where the blocks of a record are. */
export interface RecordPlaces {
  /** Where the last whole block ends. */
  end: number;
  /** Number of epochs in the blocks. */
  epochs: number;
  /** The blocks of epochs, in order: where each is, and its first epoch. */
  starts: number[];
  ends: number[];
  firsts: number[];
}

/** The record of one run on disk, as far as this window has read or written it. */
export class RunRecord {
  readonly name: string;

  /** @param places as they are known from elsewhere; without them the record is read or begun first. */
  constructor(
    readonly id: string,
    private readonly folder: RecordFolder,
    private readonly clock: HostClock,
    readonly places: RecordPlaces = { end: 0, epochs: 0, starts: [], ends: [], firsts: [] },
  ) {
    this.name = recordName(id);
  }

  /** Reads a record from its beginning. Rejects with `Unreadable` where it does not even say which run it is of. */
  async read(): Promise<ReadRecord> {
    const size = await this.folder.size(this.name);
    if (size === 0) throw new Unreadable('it is empty');
    // Of many short records most of the time goes into opening files: what is short is read at once.
    const head = await this.folder.read(this.name, 0, Math.min(size, readSize));
    checkMark(head.subarray(0, recordMark.length));
    this.forgetBlocks();
    this.places.end = recordMark.length;
    let header: RecordHeader | undefined;
    let state: RunState | undefined;
    for await (const placed of readBlocks(this.folder, this.name, this.places.end, size, this.clock, head)) {
      const { block } = placed;
      if (!state) {
        header = checkHeader(block, this.id);
        state = openingRun(header.identity);
        this.places.end = placed.end;
      } else {
        const after = this.fold(state, placed);
        if (!after) break;
        state = after.state;
      }
    }
    if (!header || !state) throw new Unreadable('its header is damaged');
    return { header, state, lost: size - this.places.end };
  }

  /** Reads what was appended since, as events. */
  async readOn(): Promise<{ events: RecordedEvent[]; lost: number }> {
    const size = await this.folder.size(this.name);
    if (size < this.places.end) throw new FileGone(this.name);
    const events: RecordedEvent[] = [];
    for await (const placed of readBlocks(this.folder, this.name, this.places.end, size, this.clock)) {
      const { block } = placed;
      if (block.kind === 'header') break;
      const event = tried(() => eventOf(block));
      if (!event || !this.follows(event)) break;
      this.note(placed);
      events.push(event);
    }
    return { events, lost: size - this.places.end };
  }

  /** Begins a record, which takes the place of what has its name. */
  async begin(header: RecordHeader, events: readonly RecordedEvent[]): Promise<void> {
    this.forgetBlocks();
    this.places.end = 0;
    await this.write([{ kind: 'header', header }, ...blocksOf(events, 0)]);
  }

  /** Appends what happened to the run. What was there before stays as it is, also where it fails. */
  append(events: readonly RecordedEvent[]): Promise<void> {
    return this.write(blocksOf(events, this.places.epochs));
  }

  /** True once the record has its header. */
  get isBegun(): boolean {
    return this.places.end > 0;
  }

  /** Epochs from `first` on, `count` of them or as many as there are, without parameters. Rejects where they cannot be read. */
  async readEpochs(first: number, count: number): Promise<EpochColumns> {
    const last = Math.min(first + count, this.places.epochs);
    const columns = emptyColumns(Math.max(0, last - first), first);
    if (last <= first) return columns;
    const { firsts } = this.places;
    for (let i = lastAtMost(firsts, first); i < firsts.length && firsts[i] < last; i++) {
      const records = beyond(await this.readRecords(i), first);
      if (records.thinned) throw new Unreadable('Not every epoch of these was kept.');
      const length = Math.min(records.loss.length, last - records.first);
      for (const name of ['loss', 'batchLoss', 'valLoss', 'lr'] as const) {
        columns[name].set(records[name].subarray(0, length), records.first - first);
      }
    }
    return columns;
  }

  private async readRecords(i: number): Promise<EpochColumns> {
    const [start, end] = [this.places.starts[i], this.places.ends[i]];
    for await (const { block } of readBlocks(this.folder, this.name, start, end, this.clock)) {
      if (block.kind === 'epochs') return unpackRecords(block.progress);
    }
    throw new Unreadable(`it is damaged from byte ${start} on`);
  }

  private async write(blocks: readonly Block[]): Promise<void> {
    const encoded = blocks.map(encodeBlock);
    const bytes = joinedBytes(this.places.end === 0 ? [recordMark, ...encoded] : encoded);
    await this.folder.append(this.name, this.places.end, bytes);
    let start = this.places.end === 0 ? recordMark.length : this.places.end;
    blocks.forEach((block, i) => {
      this.note({ block, start, end: start + encoded[i].length });
      start += encoded[i].length;
    });
  }

  /** The run after a block; undefined where the block does not follow on what was before. */
  private fold(state: RunState, placed: PlacedBlock): { state: RunState } | undefined {
    const { block } = placed;
    if (block.kind === 'header') return undefined;
    return tried(() => {
      const event = eventOf(block);
      if (!this.follows(event)) return undefined;
      const after = { state: applyRunEvent(state, event) };
      this.note(placed);
      return after;
    });
  }

  private follows(event: RecordedEvent): boolean {
    return event.runId === this.id && (event.type !== 'progress' || event.progress.records.first <= this.places.epochs);
  }

  private note({ block, start, end }: PlacedBlock): void {
    this.places.end = end;
    if (block.kind !== 'epochs' || block.progress.count === 0) return;
    const { first, count } = block.progress;
    this.places.starts.push(start);
    this.places.ends.push(end);
    this.places.firsts.push(first);
    this.places.epochs = Math.max(this.places.epochs, first + count);
  }

  private forgetBlocks(): void {
    const { starts, ends, firsts } = this.places;
    this.places.epochs = 0;
    for (const list of [starts, ends, firsts]) list.length = 0;
  }
}

/** What brings a run to where a snapshot shows it. */
export function eventsOf(snapshot: RunSnapshot): RecordedEvent[] {
  const { identity, label, shape, initial, progress, status, trainLoss, validationLoss, problems } = snapshot;
  const runId = identity.id;
  const labelled = label ? [{ type: 'labelled' as const, runId, label }] : [];
  if (!shape) return status === 'failed' ? [...labelled, { type: 'failed', runId, problems }] : labelled;
  const { curvature: report, data, divergence, notice, trials } = snapshot;
  const controls = controlsSet(snapshot);
  return [
    ...labelled,
    { type: 'opened', runId, shape, initial, trainLoss, validationLoss, notes: problems },
    ...(report || data ? [{ type: 'analyzed' as const, runId, ...(report && { report }), ...(data && { data }) }] : []),
    { type: 'progress', runId, progress },
    ...(controls ? [{ type: 'controlled' as const, runId, controls }] : []),
    {
      ...{ type: 'status', runId, status, trainLoss, validationLoss },
      ...(divergence && { divergence }),
      ...(notice && { notice }),
    },
    ...(trials ? [{ type: 'tried' as const, runId, trials }] : []),
  ];
}

function checkMark(mark: Uint8Array): void {
  const isRecord = recordMark.every((byte, i) => i >= 6 || mark[i] === byte);
  if (!isRecord || mark.length < recordMark.length) throw new Unreadable('it is not the record of a run');
  const version = mark[6] + 256 * mark[7];
  const known = recordMark[6] + 256 * recordMark[7];
  if (version !== known) throw new Unreadable(`it has version ${version}, and this one reads ${known}`);
}

function checkHeader(block: Block, id: string): RecordHeader {
  const header = block.kind === 'header' ? block.header : undefined;
  const { name, startedAt } = header?.identity ?? {};
  if (header?.identity.id !== id) throw new Unreadable('it is the record of another run');
  if (typeof name !== 'string' || typeof startedAt !== 'number' || typeof header.configText !== 'string') {
    throw new Unreadable('its header is damaged');
  }
  return header;
}

function tried<T>(task: () => T): T | undefined {
  try {
    return task();
  } catch {
    return undefined;
  }
}

/** The index of the last number that is at most `limit`; 0 if there is none. The numbers do not fall. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
