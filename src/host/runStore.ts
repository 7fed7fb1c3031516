import { FileSystemError, Uri, workspace } from 'vscode';
import { decodeRun, encodeRun, type StoredRun } from '../run/snapshotFile';

const ending = '.gdrun';

/**
 * The folder for the runs of the workspace that is open. It is made of the global storage: VS Code gives a reloaded window
 * another workspace storage while the extension host of the window before it has not ended yet.
 */
export function runsFolder(globalStorageUri: Uri): Uri {
  const { workspaceFile, workspaceFolders = [] } = workspace;
  const names = workspaceFile ? [workspaceFile] : workspaceFolders.map((folder) => folder.uri);
  return Uri.joinPath(globalStorageUri, 'runs', hash(names.join('\n')));
}

/** 64 bits of FNV-1a in two halves: enough to tell workspaces apart. */
function hash(text: string): string {
  const half = (seed: number) => {
    let value = seed;
    for (const letter of text) value = Math.imul(value ^ letter.codePointAt(0)!, 0x01000193);
    return (value >>> 0).toString(16).padStart(8, '0');
  };
  return half(0x811c9dc5) + half(0x01234567);
}

/** Keeps runs on disk, a file each, so that a reloaded window has them again. */
export class RunStore {
  /** At most one write at a time; a run that changes meanwhile is written once more. */
  private queue: Promise<void> = Promise.resolve();

  /** @param folder made where it is not there yet. */
  constructor(private readonly folder: Uri) {}

  /** All runs, oldest first. Files that are not runs of this version are left alone and passed over. */
  async load(): Promise<StoredRun[]> {
    const names = (await this.listFolder()).filter((name) => name.endsWith(ending));
    const runs = await Promise.all(
      names.map(async (name) => decodeRun(await workspace.fs.readFile(Uri.joinPath(this.folder, name)))),
    );
    return runs
      .filter((run) => run !== undefined)
      .sort((a, b) => a.snapshot.identity.startedAt - b.snapshot.identity.startedAt);
  }

  /** Writes a run beside its old version and then in its place, so that a crash leaves one of the two whole. */
  save(takeRun: () => StoredRun): Promise<void> {
    return this.enqueue(async () => {
      const run = takeRun();
      const { id } = run.snapshot.identity;
      const fresh = Uri.joinPath(this.folder, `${id}.tmp`);
      await workspace.fs.writeFile(fresh, encodeRun(run));
      await workspace.fs.rename(fresh, this.file(id), { overwrite: true });
    });
  }

  /** Forgets a run. */
  remove(id: string): Promise<void> {
    return this.enqueue(async () => {
      try {
        await workspace.fs.delete(this.file(id));
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    });
  }

  private enqueue(task: () => Promise<void>): Promise<void> {
    const done = this.queue.then(task);
    this.queue = done.catch(() => {});
    return done;
  }

  private file(id: string): Uri {
    return Uri.joinPath(this.folder, id + ending);
  }

  private async listFolder(): Promise<string[]> {
    await workspace.fs.createDirectory(this.folder);
    return (await workspace.fs.readDirectory(this.folder)).map(([name]) => name);
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof FileSystemError && error.code === 'FileNotFound';
}
