import type { LogOutputChannel } from 'vscode';
import { fixesToTry, tryFixes } from '../../advice/verdicts/tryFixes';
import type { FixTrials } from '../../protocol/fixTrials';
import { hasFinished } from '../../protocol/state';
import type { CheckedRun } from '../../protocol/checkedRun';
import type { RunSource } from './runSource';
import type { TrainingRun } from './trainingRun';

/** What analyses need of their surroundings. */
export interface AnalysesOptions {
  log: LogOutputChannel;
  /** What a run's data say about it. */
  check(source: RunSource, configUri: string | undefined): Promise<CheckedRun>;
}

/** Finds out what the data of runs say about them and, when they have ended, which fixes help. */
export class RunAnalyses {
  private readonly busy = new Set<TrainingRun>();

  /** @param done a run is no longer looked into, and all that was found out is known. */
  constructor(
    private readonly options: AnalysesOptions,
    private readonly done: (run: TrainingRun) => void,
  ) {}

  /** Whether a run is looked into at the moment: what is found out is still to be recorded. */
  isBusy(run: TrainingRun): boolean {
    return this.busy.has(run);
  }

  /** In another worker than the one that trains. */
  async analyze(run: TrainingRun): Promise<void> {
    await this.look(run, async () => {
      try {
        const { configUri, followed } = run.state.identity;
        const checked = await this.options.check(run.source, configUri ?? followed);
        // Beside a file that is followed there may be other rows of the same name.
        if (!run.isFollowed || checked.report?.rows === run.state.shape?.trainRows) run.analyzed(checked);
      } finally {
        await tryOut(run);
      }
    });
  }

  /** Tries out the fixes of a run that may have ended; while its data are analyzed, after that: they decide which fixes there are. */
  async tryFixes(run: TrainingRun): Promise<void> {
    if (!isTriable(run)) return;
    if (this.isBusy(run)) run.apply({ type: 'trying', runId: run.id });
    else await this.look(run, () => tryOut(run));
  }

  private async look(run: TrainingRun, task: () => Promise<void>): Promise<void> {
    this.busy.add(run);
    try {
      await task();
    } catch (error) {
      this.options.log.warn(`Run ${run.id} could not be looked into: ${String(error)}`);
    } finally {
      this.busy.delete(run);
      this.done(run);
    }
  }
}

/** Whether a run has ended whose rows a worker has in memory. */
function isTriable({ hasWorker, elsewhere, isFollowed, sweep, state: { status } }: TrainingRun): boolean {
  const hasEnded = status === 'diverged' || hasFinished(status);
  return hasEnded && hasWorker && !elsewhere && !isFollowed && !sweep;
}

async function tryOut(run: TrainingRun): Promise<void> {
  const { id, state, source } = run;
  const fixes = isTriable(run) ? fixesToTry(state) : [];
  if (fixes.length === 0 && !state.trying) return;
  let trials: FixTrials = { before: NaN, tried: [] };
  run.apply({ type: 'trying', runId: id });
  try {
    trials = await tryFixes(state, fixes, source.configText, (configText) =>
      run.ask({ kind: 'trial', query: { configText } }),
    );
  } finally {
    // Whatever has become of its worker, fixes are offered then.
    run.apply({ type: 'tried', runId: id, trials });
  }
}
