import { atRest, isLive, type RunState } from '../../protocol/state';
import type { FoundRun } from '../records/findRuns';
import type { Owner } from '../records/ownership';
import type { TrainingRun } from './trainingRun';

/** Bytes of whole histories of runs that are over, at most, beside that of the shown one. */
const mostBytes = 128 * 2 ** 20;

/** What whole histories need of their surroundings. */
export interface HistoriesPlace {
  isShown(run: TrainingRun): boolean;
  ownerOf(id: string): Owner;
  /** Reads a run from the disk, from its beginning. */
  readWhole(id: string): Promise<FoundRun>;
  /** The run has another history than before, or is what was found where that ends earlier than what was known. */
  woken(run: TrainingRun, damaged?: FoundRun): void;
}

/**
 * Which runs have their whole history in memory. Those that are over and were not looked at for longest keep a rough curve,
 * and are read from their records again when more of them is wanted.
 */
export class WholeHistories {
  /** Runs that are over and whole; those that were wanted last stand last. */
  private readonly kept = new Set<TrainingRun>();
  private readonly waking = new Map<TrainingRun, Promise<void>>();

  constructor(
    private readonly place: HistoriesPlace,
    private readonly limit = mostBytes,
  ) {}

  /** Has the whole history of a run in memory. Rejects where its record cannot be read. */
  async wake(run: TrainingRun): Promise<void> {
    if (run.state.history.isRough) {
      const waking = this.waking.get(run) ?? this.read(run).finally(() => this.waking.delete(run));
      this.waking.set(run, waking);
      await waking;
    }
    this.wanted(run);
  }

  /** A run with its whole history, which stays in memory only where it was. Rejects where its record cannot be read. */
  async wholeOf(run: TrainingRun): Promise<RunState> {
    if (!run.state.history.isRough) return run.state;
    const { history } = (await this.place.readWhole(run.id)).state;
    return { ...run.state, history };
  }

  /** A run is over, or somebody looks at it. */
  wanted(run: TrainingRun): void {
    this.kept.delete(run);
    if (!run.state.history.isRough && !isLive(run.state.status)) this.kept.add(run);
    this.keepToLimit();
  }

  /** A run is not in the list any more. */
  forget(run: TrainingRun): void {
    this.kept.delete(run);
  }

  private async read(run: TrainingRun): Promise<void> {
    const found = await this.place.readWhole(run.id);
    if (!run.state.history.isRough) return;
    // What another window writes may have come in part.
    const isCut = found.lost > 0 && this.place.ownerOf(run.id) !== 'other';
    const isDamaged = isCut || found.state.history.length < run.state.history.length;
    run.state = isDamaged ? found.state : { ...run.state, history: found.state.history };
    this.place.woken(run, isDamaged ? found : undefined);
  }

  private keepToLimit(): void {
    const newest = [...this.kept].at(-1);
    let bytes = [...this.kept].reduce((sum, { state }) => sum + state.history.bytes, 0);
    for (const run of this.kept) {
      if (bytes <= this.limit || run === newest) return;
      // What is still to be written, or may be changed, stays whole.
      if (this.place.isShown(run) || isLive(run.state.status) || this.place.ownerOf(run.id) === 'this') continue;
      bytes -= run.state.history.bytes;
      run.state = atRest(run.state);
      this.kept.delete(run);
    }
  }
}
