import { l10n, window, type InputBoxOptions } from 'vscode';
import type { RunLabel } from '../../protocol/protocol';
import { runName } from '../../protocol/state';
import { plainText } from '../base/plainText';
import type { TrainingRun } from './trainingRun';
import type { TrainingRuns } from './trainingRuns';

/** Characters of a name and of a note, at most. */
export const longestLabel = { name: 100, note: 1000 };

/** Writes on a run what `change` makes of what is there. Rejects where another window has the run. */
export async function labelRun(
  runs: TrainingRuns,
  run: TrainingRun,
  change: (label: RunLabel) => RunLabel,
): Promise<void> {
  const { shared } = runs;
  const turn = await shared.takeOver(run);
  run.apply({ type: 'labelled', runId: run.id, label: change(run.state.label ?? {}) });
  runs.changed();
  if (turn !== undefined) await shared.records.release(run.id, turn);
  else runs.releaseIfOver(run);
}

/** Asks for a run's name. An empty one brings back that of its config. */
export async function renameRun(runs: TrainingRuns, run: TrainingRun): Promise<void> {
  const { name } = run.state.identity;
  const text = await ask('name', {
    title: l10n.t('Rename Run'),
    value: runName(run.state),
    prompt: l10n.t('Leave it empty for the name of the config, {0}.', plainText(name)),
  });
  if (text === undefined) return;
  await labelRun(runs, run, ({ name: _, ...label }) =>
    text === '' || text === name ? label : { ...label, name: text },
  );
}

/** Asks for a note on a run. An empty one removes it. */
export async function editNote(runs: TrainingRuns, run: TrainingRun): Promise<void> {
  const text = await ask('note', {
    title: l10n.t('Note on {0}', plainText(runName(run.state))),
    value: run.state.label?.note ?? '',
    placeHolder: l10n.t('What you tried, or what you saw'),
  });
  if (text === undefined) return;
  await labelRun(runs, run, ({ note: _, ...label }) => (text === '' ? label : { ...label, note: text }));
}

/** Keeps runs whatever the limit of kept runs is, or no longer does. */
export async function pinRuns(runs: TrainingRuns, pinned: readonly TrainingRun[], isPinned: boolean): Promise<void> {
  for (const run of pinned) {
    await labelRun(runs, run, ({ pinned: _, ...label }) => (isPinned ? { ...label, pinned: true } : label));
  }
}

async function ask(what: 'name' | 'note', options: InputBoxOptions): Promise<string | undefined> {
  const most = longestLabel[what];
  const text = await window.showInputBox({
    ...options,
    ignoreFocusOut: true,
    validateInput: (typed) => (typed.trim().length > most ? l10n.t('At most {0} characters.', most) : undefined),
  });
  return text?.trim();
}
