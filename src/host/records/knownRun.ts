import type { OldFile } from './findRuns';
import type { RecordHeader } from './recordBlocks';
import type { RunRecord } from './runRecord';
import type { Writing } from './writing';

/** What is known of a run on disk. */
export class KnownRun {
  /** Started in this window, and its record is not begun. */
  isNew = false;
  /** Files of the version before, and the one that is the run as long as it has no record. */
  old: OldFile[] = [];
  readFrom: string | undefined;
  /** Another window may have written to the record since it was last read. */
  isBehind = false;
  /** How many times the run was made this window's own. */
  acquired = 0;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly id: string,
    readonly record: RunRecord,
    readonly writing: Writing,
    readonly header: RecordHeader,
  ) {}

  /** One task at a time on a record. */
  enqueue<T>(task: () => Promise<T>): Promise<T> {
    const done = this.queue.then(task);
    this.queue = done.catch(() => {});
    return done;
  }
}
