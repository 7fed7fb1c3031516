import { Uri, commands, l10n, window, workspace, type FileType } from 'vscode';
import { mostChosen } from '../../exports/tables/chosenEpochs';
import { runName } from '../../protocol/state';
import { plainText } from '../base/plainText';
import { withSlowProgress } from '../base/slowProgress';
import { dataFolderOf } from '../documents/dataFiles';
import type { TrainingRun } from '../runs/trainingRun';
import { exportQuery } from './exportQuery';
import { safeFileName } from './saveFile';

/** Asks for a folder, and writes one into it that trains the run under torchrun, on any number of machines. */
export async function handOver(run: TrainingRun): Promise<void> {
  const name = runName(run.state);
  const { configUri } = run.state.identity;
  const [parent] =
    (await window.showOpenDialog({
      title: l10n.t('Hand Over {0} to PyTorch: Choose Where the Folder Goes', name),
      openLabel: l10n.t('Create Folder Here'),
      defaultUri: dataFolderOf(configUri ? Uri.parse(configUri) : undefined),
      ...{ canSelectFolders: true, canSelectFiles: false, canSelectMany: false },
    })) ?? [];
  if (!parent) return;
  const folder = await newFolder(parent, safeFileName(`${name}-torchrun`));
  await withSlowProgress(plainText(l10n.t('Handing over {0}', name)), () => writeParts(run, folder));
  const open = l10n.t('Open README');
  const message = l10n.t('{0} was created. Its README says how to start it.', workspace.asRelativePath(folder));
  // Nobody has to answer.
  void window.showInformationMessage(plainText(message), open).then((answer) => {
    return answer && commands.executeCommand('vscode.open', Uri.joinPath(folder, 'README.md'));
  });
}

/** The first folder that is not there yet: `name`, `name-2`, … What is in another one may be the rows of another run. */
async function newFolder(parent: Uri, name: string): Promise<Uri> {
  const there = (await workspace.fs.readDirectory(parent)).map(([entry]: [string, FileType]) => entry.toLowerCase());
  let free = name;
  for (let number = 2; there.includes(free.toLowerCase()); number++) free = `${name}-${number}`;
  return Uri.joinPath(parent, free);
}

async function writeParts(run: TrainingRun, folder: Uri): Promise<void> {
  const query = await exportQuery(run, mostChosen.script);
  for (let part = 0, parts = 1; part < parts; part++) {
    const handedOver = await run.ask({ kind: 'handOver', query: { ...query, part } });
    ({ parts } = handedOver);
    for (const { name, bytes } of handedOver.files) {
      await workspace.fs.writeFile(Uri.joinPath(folder, ...name.split('/')), bytes);
    }
  }
}
