import { Uri, commands, l10n, window, workspace } from 'vscode';
import { plainText } from '../base/plainText';
import { dataFolderOf } from '../documents/dataFiles';
import type { TrainingRun } from '../runs/trainingRun';

/** Asks where to save a file of a run, beside its config at first; undefined where nobody chose. VS Code asks before it overwrites. */
export function askWhereToSave(
  run: TrainingRun,
  title: string,
  fileName: string,
  ending: string,
): Thenable<Uri | undefined> {
  const { configUri } = run.state.identity;
  const folder = dataFolderOf(configUri ? Uri.parse(configUri) : undefined);
  const defaultUri = Uri.joinPath(folder, safeFileName(fileName));
  return window.showSaveDialog({ title, defaultUri, filters: { [`.${ending}`]: [ending] } });
}

/** Writes a file, says so and offers to open it. @param note what is worth knowing of it. */
export async function saveAndOffer(uri: Uri, bytes: Uint8Array, note = ''): Promise<void> {
  await workspace.fs.writeFile(uri, bytes);
  const open = l10n.t('Open');
  const saved = l10n.t('{0} was saved.', workspace.asRelativePath(uri));
  const message = plainText(note === '' ? saved : `${saved} ${note}`);
  // Nobody has to answer.
  void window
    .showInformationMessage(message, open)
    .then((answer) => answer && commands.executeCommand('vscode.open', uri));
}

/** A name that every file system takes. */
export function safeFileName(name: string): string {
  return name.replace(/[/\\:*?"<>|]/g, '-');
}
