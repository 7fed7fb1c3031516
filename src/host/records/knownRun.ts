import type { Acquired } from './folderChanges';
import type { RecordHeader, RecordedEvent } from './recordBlocks';
import type { FileStamp } from './recordFolder';
import type { RunRecord } from './runRecord';
import type { Writing } from './writing';

/** A file of the version before records. */
export interface OldFile {
  name: string;
  count: number;
}

/** What is known of a run on disk. */
export class KnownRun {
  /** Started in this window, and its record is not begun. */
  isNew = false;
  /** Files of the version before, and the one that is the run as long as it has no record. */
  old: OldFile[] = [];
  readFrom: string | undefined;
  /** Another window may have written to the record since it was last read. */
  isBehind = false;
  /** Of the record, where the index on disk says how the run stands. */
  indexed: FileStamp | undefined;
  /** How many times the run was made this window's own. */
  acquired = 0;
  /** Something happened to the run here alone, such as that its data could not be read: its record says otherwise. */
  isApart = false;
  private readonly read = new WeakSet<RecordedEvent>();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly id: string,
    readonly record: RunRecord,
    readonly writing: Writing,
    readonly header: RecordHeader,
  ) {}

  /** What was appended to the record since it was last read. */
  async readOn(): Promise<RecordedEvent[]> {
    const { events } = await this.record.readOn();
    for (const event of events) this.read.add(event);
    return events;
  }

  /** What the record has beyond what was read of it. Where it does not end in a whole block it is read from its beginning, for this window may know another file of that name. */
  async readTail(): Promise<Acquired> {
    const { record } = this;
    const { events, lost } = await record.readOn().catch(() => ({ events: [], lost: 1 }));
    const tail = lost === 0 ? { events } : { events: [], reread: { ...(await record.read()), file: record.name } };
    this.isBehind = false;
    return tail;
  }

  /** Takes note of what happened to the run. */
  note(event: RecordedEvent, isOwn: boolean): void {
    if (isOwn) this.writing.add(event);
    else this.isApart ||= !this.read.has(event);
  }

  /** One task at a time on a record. */
  enqueue<T>(task: () => Promise<T>): Promise<T> {
    const done = this.queue.then(task);
    this.queue = done.catch(() => {});
    return done;
  }
}
