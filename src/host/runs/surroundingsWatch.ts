import { FileSystemError, RelativePattern, Uri, window, workspace, type Disposable } from 'vscode';
import type { RunSurroundings } from '../../protocol/runSurroundings';
import { Disposables } from '../base/disposables';
import { namedFilesOf, reachableFiles } from '../documents/dataFiles';
import type { TrainingRun } from './trainingRun';
import type { TrainingRuns } from './trainingRuns';

/** Looks after the files of the run that is shown, whose view says when one has changed or is gone. */
export class SurroundingsWatch extends Disposables {
  private watched = '';
  private watchers: Disposable[] = [];

  constructor(private readonly runs: TrainingRuns) {
    super();
    this.own(runs.onListChange(() => this.look()));
    this.own(runs.onEvent(({ event }) => event.type === 'opened' && this.look()));
    this.own(window.onDidChangeWindowState(({ focused }) => focused && this.look()));
  }

  override dispose(): void {
    this.unwatch();
    super.dispose();
  }

  private look(): void {
    const run = this.runs.shown;
    if (!run) return;
    const files = filesOf(run);
    this.watch(files);
    void surroundingsOf(run, files).then((surroundings) => {
      if (JSON.stringify(surroundings) === JSON.stringify(run.state.surroundings ?? {})) return;
      run.apply({ type: 'surroundings', runId: run.id, surroundings });
    });
  }

  private watch({ config, data }: RunFiles): void {
    const uris = [...(config ? [config] : []), ...data];
    const key = uris.join('\n');
    if (key === this.watched) return;
    this.watched = key;
    this.unwatch();
    for (const uri of uris) {
      const pattern = new RelativePattern(Uri.joinPath(uri, '..'), nameOf(uri));
      const watcher = workspace.createFileSystemWatcher(pattern);
      const events = [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete];
      this.watchers.push(watcher, ...events.map((event) => event(() => this.look())));
    }
  }

  private unwatch(): void {
    for (const watcher of this.watchers.splice(0)) watcher.dispose();
  }
}

/** The files that a run was made from, as far as they are on a file system. */
interface RunFiles {
  config: Uri | undefined;
  data: Uri[];
}

function filesOf({ state, source }: TrainingRun): RunFiles {
  const configUri = state.identity.configUri ? Uri.parse(state.identity.configUri) : undefined;
  const config = configUri?.scheme === 'untitled' ? undefined : configUri;
  return { config, data: reachableFiles(namedFilesOf(source.configText, configUri)) };
}

/** What has become of the files of a run. Before its data are read nothing can have. */
async function surroundingsOf({ state }: TrainingRun, { config, data }: RunFiles): Promise<RunSurroundings> {
  if (!state.shape) return {};
  const [configTime, ...dataTimes] = await Promise.all([config && savedAt(config), ...data.map(savedAt)]);
  const gone = data.find((_, i) => dataTimes[i] === 'gone');
  const newer = data.find((_, i) => Number(dataTimes[i]) > state.identity.startedAt);
  return {
    ...(config && configTime === 'gone' && { goneConfig: nameOf(config) }),
    ...(gone && { goneData: nameOf(gone) }),
    ...(newer && { newerData: nameOf(newer) }),
  };
}

/** When a file was saved, in milliseconds since 1970; undefined where nobody can say. */
async function savedAt(uri: Uri): Promise<number | 'gone' | undefined> {
  try {
    return (await workspace.fs.stat(uri)).mtime;
  } catch (error) {
    return error instanceof FileSystemError && error.code === 'FileNotFound' ? 'gone' : undefined;
  }
}

function nameOf({ path }: Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
