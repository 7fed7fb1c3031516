import { l10n } from 'vscode';
import type { TrainingRun } from './trainingRun';

/** Why nothing can be done with a run that is only shown. */
export function followedOnly({ state }: TrainingRun): Error {
  return new Error(
    l10n.t('{0} trains elsewhere and is only shown here. Run its config to train it here.', state.identity.name),
  );
}
