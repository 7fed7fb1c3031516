import { l10n, window, type QuickPickItem } from 'vscode';
import { formatNumber } from '../../base/format';
import { runName, shownLoss } from '../../protocol/state';
import { plainText } from '../base/plainText';
import { statusWord } from './runsTree';
import type { TrainingRun } from './trainingRun';
import type { TrainingRuns } from './trainingRuns';

/** A run as it is picked from a list. */
export interface RunItem extends QuickPickItem {
  run: TrainingRun;
}

/** A run as it stands in a list to pick from. */
export function runItem(run: TrainingRun): RunItem {
  const { identity, status } = run.state;
  const loss = shownLoss(run.state);
  const known = Number.isNaN(loss) ? '' : ` · ${l10n.t('loss {0}', formatNumber(loss))}`;
  const description = `${statusWord(status)}${known} · ${new Date(identity.startedAt).toLocaleString()}`;
  return { run, label: plainText(runName(run.state)), description };
}

/** Asks for a run to draw beside the shown one; undefined where nobody chose. */
export async function pickRun(runs: TrainingRuns): Promise<TrainingRun | undefined> {
  const others = runs.all.filter((run) => run !== runs.shown && run.state.history.length > 0);
  const items = others.reverse().map(runItem);
  if (items.length === 0) {
    void window.showInformationMessage(l10n.t('There is no other run to compare with. Run a config twice.'));
    return undefined;
  }
  const title = l10n.t('Compare with…');
  const picked = await window.showQuickPick(items, {
    title,
    placeHolder: l10n.t('Its curve is drawn beside the run on screen'),
  });
  return picked?.run;
}
