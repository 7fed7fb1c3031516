import type { EpochColumns } from '../../protocol/history';
import { sideBySide } from '../base/sideBySide';
import { isRecorded, type RecordHeader, type RecordedEvent } from './recordBlocks';
import type { RunEvent } from '../../protocol/protocol';
import type { HostClock } from './hostClock';
import { Ownership, OwnedElsewhere, beatInterval, ownersIn, type Owner } from './ownership';
import { atRest, isLive, takeSnapshot, type RunState } from '../../protocol/state';
import { FileGone, type RecordFolder } from './recordFolder';
import { RunFinder, runsIn, type FoundRun } from './findRuns';
import type { Acquired, FolderChanges } from './folderChanges';
import { KnownRun } from './knownRun';
import { readIndex, saveIndex, type IndexedRun } from './runsIndex';
import { RunRecord, eventsOf, recordName } from './runRecord';
import { Writing } from './writing';

/** What the records tell of, beside what they are asked. */
export interface RecordsListener {
  /** Runs cannot be written; it is tried again. */
  failed(reason: string): void;
  /** A file in the folder that cannot be read, and why. It is left alone. Reported once for each. */
  unreadable(name: string, reason: string): void;
  /** More waits to be written than may, because writing fails: the run should rest. */
  full(id: string): void;
  /** Another window has taken over a run of this one. */
  lost(id: string): void;
  /** How a run stands, to write again a record that somebody has removed, and to write down those that are over. */
  state(id: string): RunState | undefined;
}

/** Runs that are read at a time: most of the time of a short one goes into waiting for the disk. */
const mostReading = 8;

/**
 * The runs in a folder that several windows may share. Reads all of them, follows those that other windows write, and
 * writes those that this window owns.
 */
export class RunRecords {
  private readonly ownership: Ownership;
  private readonly known = new Map<string, KnownRun>();
  private readonly finder: RunFinder;
  /** What the index on disk says of runs that were not found yet. */
  private index: Map<string, IndexedRun> | undefined;
  private beating = false;
  private stopped = false;

  constructor(
    private readonly folder: RecordFolder,
    private readonly clock: HostClock,
    private readonly listener: RecordsListener,
  ) {
    this.ownership = new Ownership(folder, clock);
    this.finder = new RunFinder(folder, clock, (name, reason) => listener.unreadable(name, reason));
  }

  /** Who owns a run as far as is known. */
  ownerOf(id: string): Owner {
    return this.known.get(id)?.isNew ? 'this' : this.ownership.ownerOf(id);
  }

  /**
   * Looks at the folder: the first time all that is there is found. Of runs that are shown it gives what was appended to them
   * since. Rejects where the folder cannot be read.
   */
  async look(isShown: (id: string) => boolean): Promise<FolderChanges> {
    // One that is begun and let go of while names are on their way is not among them.
    const others = [...this.known.values()].filter(({ id }) => this.ownerOf(id) !== 'this');
    const names = await this.folder.list();
    const changes: FolderChanges = { found: [], gone: [], events: [] };
    const followed: KnownRun[] = [];
    const [runs, owners] = [runsIn(names), ownersIn(names)];
    this.index ??= await readIndex(this.folder, names, this.clock);
    for (const known of others) {
      const run = runs.get(known.id);
      const isThere = run !== undefined && !(known.readFrom !== undefined && run.old.length === 0);
      const isKnown = this.known.get(known.id) === known && this.ownerOf(known.id) !== 'this';
      if (!isThere && isKnown) this.drop(known.id, changes);
    }
    const found = await sideBySide(runs, mostReading, async ([id, run]) => {
      if (this.ownerOf(id) === 'this') return undefined;
      const indexed = await this.finder.unchanged(run.old, names, this.index?.get(id));
      if (indexed) this.ownership.wasFree(id, indexed.owner);
      const mayHaveChanged = await this.ownership.look(id, owners);
      const known = this.known.get(id);
      if (known) {
        known.isBehind ||= mayHaveChanged;
        if (known.isBehind && isShown(id) && (await this.follow(known, changes))) followed.push(known);
        return undefined;
      }
      const one = await this.finder.find(id, run.old, names, this.ownerOf(id) === 'other', indexed);
      if (!one) return undefined;
      const readFrom = one.isOld ? one.file : undefined;
      Object.assign(this.add(id, one.header, one.record), { old: run.old, readFrom, indexed: one.indexed });
      // Of many long runs there would not be room for all.
      return isLive(one.state.status) ? one : { ...one, state: atRest(one.state) };
    });
    this.index.clear();
    // Only now are the events on their way to whoever asked.
    for (const known of followed) known.isBehind = false;
    changes.found = found.filter((one) => one !== undefined);
    changes.found.sort((a, b) => a.state.identity.startedAt - b.state.identity.startedAt);
    return changes;
  }

  /** Begins the record of a new run, which is this window's. */
  begin(header: RecordHeader): void {
    const known = this.add(header.identity.id, header);
    known.isNew = true;
    known.writing.begin();
    this.keepBeating();
  }

  /**
   * Makes a run this window's own; gives what was appended to it since it was read. Rejects with `OwnedElsewhere` where another window has it;
   * an owner that may be gone is watched for that first, unless `patient` is false.
   */
  async acquire(id: string, patient = true): Promise<Acquired> {
    const known = this.known.get(id);
    if (!known) throw new FileGone(recordName(id));
    const turn = ++known.acquired;
    return known.enqueue(async () => {
      if (this.known.get(id) !== known) throw new FileGone(recordName(id));
      if (this.ownerOf(id) === 'this') return { events: [] };
      // What is seen on the way to a run that this window does not get is not seen again.
      Object.assign(known, { indexed: undefined, isBehind: true });
      await this.ownership.acquire(id, patient);
      this.keepBeating();
      return this.ownership.orRelease(id, async () => {
        if (known.readFrom !== undefined) await this.convert(known, known.readFrom);
        return { ...(await known.readTail()), turn };
      });
    });
  }

  /** Takes note of what happened to a run. It is written if the run is this window's. */
  record(event: RunEvent): void {
    if (isRecorded(event)) this.known.get(event.runId)?.note(event, this.ownerOf(event.runId) === 'this');
  }

  /** Resolves once little of a run waits to be written; undefined where that is so now. */
  behind(id: string): Promise<void> | undefined {
    return this.known.get(id)?.writing.behind;
  }

  /** Writes what waits. Resolves in any case; what could not be written still waits. */
  async flush(): Promise<void> {
    await Promise.all([...this.known.values()].map(({ writing }) => writing.flush()));
  }

  /** Lets other windows have a run after what waits was written, unless it is made this window's own again meanwhile. */
  async release(id: string, turn = this.known.get(id)?.acquired): Promise<void> {
    const known = this.known.get(id);
    if (!known) return;
    await known.writing.flush();
    const isAgain = await known.enqueue(async () => {
      if (known.acquired !== turn || known.writing.isFailing) return false;
      if (known.writing.isEmpty) await this.ownership.release(id);
      return !known.writing.isEmpty;
    });
    // More came while that was written.
    if (isAgain) await this.release(id, turn);
  }

  /** Removes a run of this window from the disk. */
  async remove(id: string): Promise<void> {
    const known = this.known.get(id);
    if (!known) return;
    known.writing.stop();
    await known.enqueue(async () => {
      try {
        if (this.ownership.ownerOf(id) === 'this') {
          if (!(await this.ownership.confirm(id))) throw new OwnedElsewhere();
        } else if (known.isNew) return;
        // It was let go of meanwhile.
        else await this.ownership.acquire(id, false);
      } finally {
        this.known.delete(id);
      }
      await this.ownership.orRelease(id, async () => {
        for (const { name } of [...known.old, known.record]) await this.folder.remove(name);
      });
      await this.ownership.forget(id);
    });
  }

  /** The exact epochs of a run from its record: `count` of them from `first` on, or as many as there are. */
  async readEpochs(id: string, first: number, count: number): Promise<EpochColumns> {
    const known = this.known.get(id);
    if (!known) throw new FileGone(recordName(id));
    await known.writing.flush();
    return known.enqueue(() => known.record.readEpochs(first, count));
  }

  /** A run as its file says, from its beginning. Rejects where it cannot be read. */
  async readWhole(id: string): Promise<FoundRun> {
    const known = this.known.get(id);
    if (!known) throw new FileGone(recordName(id));
    await known.writing.flush();
    return known.enqueue(() => this.finder.read(id, known.readFrom));
  }

  /** Writes what waits and lets other windows have all runs. */
  async stop(): Promise<void> {
    await this.flush();
    this.stopped = true;
    for (const { writing } of this.known.values()) writing.stop();
    await Promise.allSettled(this.ownership.owned.map((id) => this.ownership.release(id)));
    // The next window reads records instead.
    await saveIndex(this.folder, this.known.values(), {
      freeNumber: (id) => this.ownership.freeNumber(id),
      state: (id) => this.listener.state(id),
    }).catch(() => {});
  }

  /** What was appended to the record of another window's run. True where it was read. */
  private async follow(known: KnownRun, changes: FolderChanges): Promise<boolean> {
    if (known.readFrom !== undefined) return false;
    try {
      await known.enqueue(async () => {
        if (this.ownerOf(known.id) !== 'this') changes.events.push(...(await known.readOn()));
      });
      return true;
    } catch (error) {
      // One that was made anew is found at the next look.
      if (error instanceof FileGone) this.drop(known.id, changes);
      return false;
    }
  }

  private drop(id: string, changes: FolderChanges): void {
    this.known.get(id)?.writing.stop();
    this.known.delete(id);
    this.ownership.unsee(id);
    changes.gone.push(id);
  }

  private add(id: string, header: RecordHeader, record = new RunRecord(id, this.folder, this.clock)): KnownRun {
    const write = (events: readonly RecordedEvent[]) => known.enqueue(() => this.write(known, events));
    const writing = new Writing(write, this.clock, {
      failed: (reason) => this.listener.failed(reason),
      full: () => this.listener.full(id),
    });
    const known = new KnownRun(id, record, writing, header);
    this.known.set(id, known);
    return known;
  }

  private async write(known: KnownRun, events: readonly RecordedEvent[]): Promise<void> {
    const { id, record, header } = known;
    if (known.isNew) {
      if (this.ownership.ownerOf(id) !== 'this') await this.ownership.acquire(id, false);
      await record.begin(header, events);
      known.isNew = false;
      return;
    }
    if (this.ownerOf(id) !== 'this') return;
    if (!(await this.ownership.confirm(id))) return this.lose(id);
    try {
      if (record.isBegun) return await record.append(events);
    } catch (error) {
      if (!(error instanceof FileGone)) throw error;
    }
    // Somebody removed or cut the file. What waits is part of what is known.
    const state = this.listener.state(id);
    if (state) await record.begin(header, eventsOf(takeSnapshot(state)));
  }

  /** Writes the record of a run that only has files of the version before. These go when it is whole. */
  private async convert(known: KnownRun, file: string): Promise<void> {
    const { snapshot } = await this.finder.readOld(file, known.id);
    await known.record.begin(known.header, eventsOf(snapshot));
    for (const { name } of known.old) await this.folder.remove(name);
    Object.assign(known, { old: [], readFrom: undefined });
  }

  private lose(id: string): void {
    this.known.get(id)?.writing.stop();
    this.known.delete(id);
    this.listener.lost(id);
  }

  /** Shows other windows that this one lives, as long as it owns a run. */
  private keepBeating(): void {
    if (this.beating) return;
    this.beating = true;
    const beat = async () => {
      if (this.stopped) return;
      const lost = await this.ownership.beat().catch(() => []);
      for (const id of lost) this.lose(id);
      this.clock.later(() => void beat(), beatInterval);
    };
    this.clock.later(() => void beat(), beatInterval);
  }
}
