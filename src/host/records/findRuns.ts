import { decodeRun, type StoredRun } from './snapshotFile';
import type { RecordHeader } from './recordBlocks';
import { restoreSnapshot, type RunState } from '../../protocol/state';
import type { HostClock } from './hostClock';
import { FileGone, type EntryKind, type FileStamp, type RecordFolder } from './recordFolder';
import type { OldFile } from './knownRun';
import type { IndexedRun } from './runsIndex';
import { RunRecord, Unreadable, recordName } from './runRecord';

/** A run that was found in the folder. */
export interface FoundRun {
  state: RunState;
  header: RecordHeader;
  /** Bytes at the end of its file that cannot be read. */
  lost: number;
  /** The file that it came from. */
  file: string;
}

/** A run that was found, and where. */
export interface FoundRecord extends FoundRun {
  record: RunRecord;
  /** Whether all that there is of the run is in files of the version before. */
  isOld: boolean;
  /** Of the record, where the index says how the run stands. */
  indexed?: FileStamp;
}

/** Reads runs from a folder. A file that cannot be read is reported once, and hides no other. */
export class RunFinder {
  private readonly told = new Set<string>();
  private readonly hopeless = new Set<string>();

  /** @param unreadable takes the name of a file that cannot be read, and why. */
  constructor(
    private readonly folder: RecordFolder,
    private readonly clock: HostClock,
    private readonly unreadable: (name: string, reason: string) => void,
  ) {}

  /**
   * A run that is in the folder; undefined where it cannot be read.
   * @param isYoung another window may have only just begun the record.
   * @param indexed see `unchanged`.
   */
  async find(
    id: string,
    old: readonly OldFile[],
    names: Map<string, EntryKind>,
    isYoung: boolean,
    indexed?: IndexedRun,
  ): Promise<FoundRecord | undefined> {
    const name = recordName(id);
    if (indexed) {
      const { state, header, places, stamp } = indexed;
      const record = new RunRecord(id, this.folder, this.clock, places);
      return { state, header, lost: 0, file: name, record, isOld: false, indexed: stamp };
    }
    const record = new RunRecord(id, this.folder, this.clock);
    const read = names.has(name) ? await this.tried(name, names, () => record.read(), isYoung) : undefined;
    for (const file of old) {
      const stored = await this.tried(file.name, names, () => this.readOld(file.name, id));
      if (!stored) continue;
      const { snapshot, configText, seed } = stored;
      // A record that was not made whole from the old file has no more epochs than that.
      if (read && read.state.history.length > snapshot.progress.records.loss.length) break;
      const header = { identity: snapshot.identity, configText, seed };
      const fresh = new RunRecord(id, this.folder, this.clock);
      return { state: restoreSnapshot(snapshot), header, lost: 0, file: file.name, record: fresh, isOld: true };
    }
    return read && { ...read, file: name, record, isOld: false };
  }

  /** What the index says of a run; undefined where its record was written since, or it has other files. */
  async unchanged(
    old: readonly OldFile[],
    names: Map<string, EntryKind>,
    indexed: IndexedRun | undefined,
  ): Promise<IndexedRun | undefined> {
    if (!indexed || old.length > 0) return undefined;
    const name = recordName(indexed.state.identity.id);
    if (names.get(name) !== 'file') return undefined;
    const { size, modified } = await this.folder.stamp(name).catch(() => ({ size: 0, modified: 0 }));
    return size === indexed.stamp.size && modified === indexed.stamp.modified ? indexed : undefined;
  }

  /** A run that was found before. @param oldFile where it is in a file of the version before. Rejects where it cannot be read. */
  async read(id: string, oldFile: string | undefined): Promise<FoundRun> {
    const name = recordName(id);
    if (oldFile === undefined) return { ...(await new RunRecord(id, this.folder, this.clock).read()), file: name };
    const { snapshot, configText, seed } = await this.readOld(oldFile, id);
    const header = { identity: snapshot.identity, configText, seed };
    return { state: restoreSnapshot(snapshot), header, lost: 0, file: oldFile };
  }

  /** Reads a file of the version before. Rejects where it is not the run's. */
  async readOld(name: string, id: string): Promise<StoredRun> {
    const run = decodeRun(await this.folder.read(name, 0, await this.folder.size(name)));
    if (run?.snapshot?.identity?.id !== id) throw new Unreadable('it is damaged, or of an unknown version');
    return run;
  }

  /** What reading gives. A file that cannot be read is reported once; one that has only just been begun, later. */
  private async tried<T>(
    name: string,
    names: Map<string, EntryKind>,
    read: () => Promise<T>,
    isYoung = false,
  ): Promise<T | undefined> {
    if (this.hopeless.has(name)) return undefined;
    try {
      if (names.get(name) !== 'file') throw new Unreadable('it is not a file');
      return await read();
    } catch (error) {
      if (isYoung || error instanceof FileGone) return undefined;
      if (error instanceof Unreadable) this.hopeless.add(name);
      if (!this.told.has(name)) this.unreadable(name, error instanceof Error ? error.message : String(error));
      this.told.add(name);
      return undefined;
    }
  }
}

/** The runs that files in the folder are named after. */
export function runsIn(names: Map<string, EntryKind>): Map<string, { old: OldFile[] }> {
  const runs = new Map<string, { old: OldFile[] }>();
  for (const name of names.keys()) {
    const [, recorded] = /^(.+)\.gdlog$/.exec(name) ?? [];
    const [, oldId, count] = /^(.+)\.(\d+)(?:-\w+)?\.gdrun$/.exec(name) ?? [];
    const id = recorded ?? oldId;
    if (id === undefined) continue;
    const run = runs.get(id) ?? { old: [] };
    runs.set(id, run);
    if (count !== undefined) run.old.push({ name, count: Number(count) });
  }
  for (const { old } of runs.values()) old.sort((a, b) => b.count - a.count);
  return runs;
}
