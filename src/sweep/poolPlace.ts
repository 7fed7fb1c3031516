import type { CurvatureReport } from '../protocol/protocol';
import type { RunState } from '../protocol/state';
import type { StartWorker } from '../protocol/workerPort';
import type { PooledRun } from './memberRun';

/** What a pool needs of the place it is in. */
export interface PoolPlace {
  startWorker: StartWorker;
  /** Workers at a time, at most. */
  jobs: number;
  /** The run of a member that begins to train; kept in memory alone if absent. */
  begin?(index: number, report: CurvatureReport | undefined): PooledRun;
  /** A member has a new state. */
  changed?(index: number, state: RunState): void;
  /** A member is at its end. If present, a rough history is all that is kept of it after that in memory alone. */
  ended?(index: number, state: RunState): void;
}
