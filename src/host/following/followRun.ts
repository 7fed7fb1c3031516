import { Uri, l10n, window, workspace } from 'vscode';
import { safeFileName } from '../exporting/saveFile';
import type { HostClock } from '../records/hostClock';
import type { RecordFolder } from '../records/recordFolder';
import { newIdentity } from '../runs/newIdentity';
import type { TrainingRun } from '../runs/trainingRun';
import type { TrainingRuns } from '../runs/trainingRuns';
import { Follower, type FollowedFile } from './follower';

/** What following needs of its surroundings. */
export interface FollowingPlace {
  runs: TrainingRuns;
  clock: HostClock;
  /** Opens a folder of the local disk, where files need not be read whole; absent without a local disk. */
  localFolder?: (path: string) => RecordFolder;
}

/** Asks for a file of JSON lines, and shows the run that it is of while the file grows; undefined where nobody chose. */
export async function followRun(place: FollowingPlace): Promise<TrainingRun | undefined> {
  const [uri] =
    (await window.showOpenDialog({
      title: l10n.t('Follow a Run: Choose the File of Its JSON Lines'),
      openLabel: l10n.t('Follow'),
      filters: { [l10n.t('JSON lines')]: ['jsonl', 'ndjson', 'log', 'txt'] },
    })) ?? [];
  return uri && followFile(place, uri);
}

/** Follows a file. Rejects with a sentence for people where it is not one of a run. */
export async function followFile({ runs, clock, localFolder }: FollowingPlace, uri: Uri): Promise<TrainingRun> {
  let run!: TrainingRun;
  await Follower.follow(followedFile(uri, localFolder), clock, ({ configText, seed }, follower) => {
    const fileName = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const identity = { ...newIdentity(), name: nameOf(uri), followed: uri.toString() };
    const source = { configText, configFile: fileName, seed, readFile: () => Promise.resolve(undefined) };
    run = runs.addStarted(identity, source);
    run.follower = follower;
    return {
      id: run.id,
      apply: (event) => run.apply(event),
      isListed: () => runs.runOf(run.id) === run,
      takeOver: async () => void (await runs.shared.takeOver(run)),
    };
  });
  runs.show(run);
  return run;
}

/** In a folder for torchrun, the folder's name says more than that of the file. */
function nameOf(uri: Uri): string {
  const [folder, file] = uri.path.split('/').slice(-2);
  return safeFileName(file === 'run.jsonl' ? folder : file.replace(/\.[^.]+$/, ''));
}

function followedFile(uri: Uri, localFolder: FollowingPlace['localFolder']): FollowedFile {
  const name = workspace.asRelativePath(uri);
  if (localFolder && uri.scheme === 'file') {
    const folder = localFolder(Uri.joinPath(uri, '..').fsPath);
    const file = uri.fsPath.replace(/^.*[\\/]/, '');
    return { name, size: () => folder.size(file), read: (start, length) => folder.read(file, start, length) };
  }
  // Here files can only be read whole: once each time that it has grown.
  let known: { size: number; bytes: Uint8Array } | undefined;
  return {
    name,
    size: async () => (await workspace.fs.stat(uri)).size,
    read: async (start, length) => {
      if (!known || known.size < start + length) {
        const bytes = await workspace.fs.readFile(uri);
        known = { size: bytes.length, bytes };
      }
      return known.bytes.slice(start, start + length);
    },
  };
}
