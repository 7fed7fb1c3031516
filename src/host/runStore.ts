import { FileSystemError, Uri, workspace } from 'vscode';
import { decodeRun, encodeRun, type StoredRun } from '../run/snapshotFile';

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

/**
 * Keeps runs on disk so that a reloaded window has them again. Each save is a new file, `id.count.gdrun`, and the one
 * before it goes only when the new one is whole: whenever VS Code is ended, one of the two can be read.
 */
export class RunStore {
  private queue: Promise<void> = Promise.resolve();
  /** Number of the newest file of each run. */
  private readonly counts = new Map<string, number>();

  /** @param folder made where it is not there yet. */
  constructor(private readonly folder: Uri) {}

  /** All runs, oldest first, each as it was last stored whole. */
  async load(): Promise<StoredRun[]> {
    await workspace.fs.createDirectory(this.folder);
    const newestFirst = (await workspace.fs.readDirectory(this.folder))
      .map(([name]) => /^(.+)\.(\d+)\.gdrun$/.exec(name))
      .filter((match) => match !== null)
      .map(([, id, count]) => ({ id, count: Number(count) }))
      .sort((a, b) => b.count - a.count);
    const runs = new Map<string, StoredRun>();
    for (const { id, count } of newestFirst) {
      this.counts.set(id, Math.max(count, this.counts.get(id) ?? 0));
      if (runs.has(id)) await this.delete(id, count);
      const run = runs.has(id) ? undefined : await this.read(id, count);
      if (run) runs.set(id, run);
    }
    return [...runs.values()].sort((a, b) => a.snapshot.identity.startedAt - b.snapshot.identity.startedAt);
  }

  /** Stores a run as `takeRun` gives it when its turn comes. */
  save(id: string, takeRun: () => StoredRun): Promise<void> {
    return this.enqueue(async () => {
      const before = this.counts.get(id);
      const count = (before ?? 0) + 1;
      await workspace.fs.writeFile(this.file(id, count), encodeRun(takeRun()));
      this.counts.set(id, count);
      if (before !== undefined) await this.delete(id, before);
    });
  }

  /** Forgets a run. */
  remove(id: string): Promise<void> {
    return this.enqueue(async () => {
      const count = this.counts.get(id);
      if (count !== undefined) await this.delete(id, count);
    });
  }

  /** One write at a time. */
  private enqueue(task: () => Promise<void>): Promise<void> {
    const done = this.queue.then(task);
    this.queue = done.catch(() => {});
    return done;
  }

  private file(id: string, count: number): Uri {
    return Uri.joinPath(this.folder, `${id}.${count}.gdrun`);
  }

  private async read(id: string, count: number): Promise<StoredRun | undefined> {
    try {
      return decodeRun(await workspace.fs.readFile(this.file(id, count)));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  private async delete(id: string, count: number): Promise<void> {
    try {
      await workspace.fs.delete(this.file(id, count));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

/** The window before this one may still be tidying the same folder. */
function isNotFound(error: unknown): boolean {
  return error instanceof FileSystemError && error.code === 'FileNotFound';
}
