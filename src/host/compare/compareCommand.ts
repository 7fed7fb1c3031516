import { commands, l10n, window } from 'vscode';
import { Disposables } from '../base/disposables';
import { runItem } from '../runs/pickRun';
import { TrainingRun } from '../runs/trainingRun';
import type { TrainingRuns } from '../runs/trainingRuns';
import type { CompareViews } from './compareViews';

/** "Compare Runs": those that are checked or selected in the list, otherwise those that a person picks. */
export class CompareCommand extends Disposables {
  /** @param checked the runs whose boxes are checked in the list. */
  constructor(runs: TrainingRuns, views: CompareViews, restored: () => Promise<void>, checked: () => TrainingRun[]) {
    super();
    const compare = async (clicked?: unknown, selected?: unknown) => {
      await restored();
      const several = [selected, clicked].find((some): some is TrainingRun[] => isRuns(some) && some.length > 1);
      const chosen = several ?? (checked().length > 1 ? checked() : await pickRuns(runs, clicked));
      if (chosen && chosen.length > 0) views.show(chosen);
    };
    this.own(commands.registerCommand('gradientDescent.compareRuns', compare));
  }
}

function isRuns(value: unknown): value is TrainingRun[] {
  return Array.isArray(value) && value.every((item) => item instanceof TrainingRun);
}

/** Asks which runs to compare; `clicked` and the newest other one are chosen already. */
async function pickRuns(runs: TrainingRuns, clicked: unknown): Promise<TrainingRun[] | undefined> {
  const newest = [...runs.all].reverse();
  const first = clicked instanceof TrainingRun ? clicked : newest[0];
  const other = newest.find((run) => run !== first);
  const items = newest.map((run) => ({ ...runItem(run), picked: run === first || run === other }));
  const picked = await window.showQuickPick(items, {
    canPickMany: true,
    title: l10n.t('Compare Runs'),
    placeHolder: l10n.t('Choose two runs or more'),
  });
  return picked?.map(({ run }) => run);
}
