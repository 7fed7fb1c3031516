import { l10n, window } from 'vscode';
import { isLive, runName } from '../../protocol/state';
import { plainText } from '../base/plainText';
import type { TrainingRun } from './trainingRun';
import type { TrainingRuns } from './trainingRuns';

/** Runs that a person removed. They are off the list at once, and off the disk when that can no longer be taken back. */
export class RemovedRuns {
  private readonly waiting = new Set<TrainingRun>();

  constructor(private readonly runs: TrainingRuns) {}

  /** Takes runs off the list, and off the disk unless a person takes that back. Rejects where another window has one of them. */
  async remove(removed: readonly TrainingRun[]): Promise<void> {
    const { runs } = this;
    const taken: TrainingRun[] = [];
    try {
      for (const run of removed) {
        await runs.shared.takeOver(run);
        run.release();
        runs.takeOff(run);
        this.waiting.add(run);
        taken.push(run);
      }
    } finally {
      runs.changed();
      if (taken.length > 0) this.offerUndo(taken).catch(sayNotStored);
    }
  }

  /** Takes runs off the disk, all that wait if none are given. */
  async forget(removed: readonly TrainingRun[] = [...this.waiting]): Promise<void> {
    const waiting = removed.filter((run) => this.waiting.delete(run));
    await Promise.all(waiting.map(({ id }) => this.runs.shared.records.remove(id)));
  }

  private async offerUndo(taken: readonly TrainingRun[]): Promise<void> {
    const [{ state }] = taken;
    const message =
      taken.length === 1 ? l10n.t('{0} was removed.', runName(state)) : l10n.t('{0} runs were removed.', taken.length);
    const undo = l10n.t('Undo');
    if ((await window.showInformationMessage(plainText(message), undo)) !== undo) return this.forget(taken);
    for (const run of taken) {
      if (!this.waiting.delete(run)) continue;
      this.runs.place(run);
      if (!isLive(run.state.status)) await this.runs.shared.release(run);
    }
    this.runs.changed();
  }
}

/** A run that could not be taken off the disk comes back to the list. */
function sayNotStored(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  void window.showErrorMessage(plainText(l10n.t('The list of runs could not be stored: {0}', reason)));
}
