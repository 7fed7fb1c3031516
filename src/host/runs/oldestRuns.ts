import type { LogOutputChannel } from 'vscode';
import type { Acquired } from '../records/folderChanges';
import type { SharedRuns } from './sharedRuns';
import type { TrainingRun } from './trainingRun';

/** The list whose oldest runs go. */
interface LimitedRuns {
  readonly all: readonly TrainingRun[];
  readonly shared: SharedRuns;
  takeOff(run: TrainingRun): void;
  place(run: TrainingRun): void;
  changed(): void;
}

/** Keeps a list of runs to its limit. */
export class OldestRuns {
  constructor(
    private readonly runs: LimitedRuns,
    private readonly options: { keptRuns(): number; log: LogOutputChannel },
  ) {}

  /** Removes the oldest runs over the limit: only what nobody owns or pinned, and nothing that another window has taken meanwhile. */
  drop(): void {
    const { records } = this.runs.shared;
    const unpinned = this.runs.all.filter(({ state }) => !state.label?.pinned);
    const free = unpinned.filter(({ id }) => records.ownerOf(id) === 'nobody');
    for (const run of free.slice(0, Math.max(0, unpinned.length - this.options.keptRuns()))) {
      run.release();
      this.runs.takeOff(run);
      this.remove(run).catch((error: unknown) => {
        this.options.log.debug(`${run.id} was not removed: ${String(error)}`);
        this.runs.place(run);
      });
    }
  }

  private async remove(run: TrainingRun): Promise<void> {
    const { records } = this.runs.shared;
    const acquired = await records.acquire(run.id, false);
    if (!isPinned(acquired)) return records.remove(run.id);
    // Another window has pinned it, and this one had not heard of it.
    if (acquired.reread) run.state = acquired.reread.state;
    this.runs.place(run);
    for (const event of acquired.events) run.apply(event);
    this.runs.changed();
    await this.runs.shared.release(run);
  }
}

function isPinned({ events, reread }: Acquired): boolean {
  const labels = events.flatMap((event) => (event.type === 'labelled' ? [event.label] : []));
  return (labels.at(-1) ?? reread?.state.label)?.pinned === true;
}
