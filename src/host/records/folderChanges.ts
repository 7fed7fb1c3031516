import type { RecordedEvent } from './recordBlocks';
import type { FoundRun } from './findRuns';

/** What has changed in the folder since it was last looked at. */
export interface FolderChanges {
  found: FoundRun[];
  /** Runs that are not there any more. */
  gone: string[];
  /** What other windows wrote about runs that are known. */
  events: RecordedEvent[];
}

/** What a record says of a run that this window has just made its own. */
export interface Acquired {
  /** What happened to the run beyond what was known. */
  events: RecordedEvent[];
  /** The run as it is, where it had to be read again. */
  reread?: FoundRun;
  /** For `release`, to let go of the run again unless it is made this window's own once more; absent where it was that already. */
  turn?: number;
}
