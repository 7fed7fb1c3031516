import type { RunEvent } from '../../protocol/protocol';
import type { StartWorker } from '../../protocol/workerPort';
import type { EpochSource } from './epochSource';
import type { TrainingRun } from './trainingRun';

/** What a run needs of its surroundings. */
export interface RunOwner {
  startWorker: StartWorker;
  /** Where epochs are read that are not in memory; absent where they are kept nowhere else. */
  epochs?: EpochSource;
  /** Resolves once the run's epochs are on disk except for a few; absent or undefined where nothing has to be waited for. */
  written?(id: string): Promise<void> | undefined;
  /** Has the run's whole history in memory. Rejects where it cannot be read; absent where it always is there. */
  wake?(run: TrainingRun): Promise<void>;
  updatesPerSecond(): number;
  /** Called after the state has taken in the event. */
  onEvent(run: TrainingRun, event: RunEvent): void;
}

/** The sweep that a run is a member of, while it lasts: its members train, rest and stop together. */
export interface SweepControl {
  pause(): void;
  resume(): void;
  stop(): void;
}

/** What reads a run that trains elsewhere. */
export interface FollowControl {
  readonly isFollowing: boolean;
  /** @param notice why it is followed no longer. */
  stop(notice: string): void;
}
