import { FileSystemError, Uri, workspace } from 'vscode';
import { decodeRun, encodeRun, type StoredRun } from '../run/snapshotFile';

/**
 * The folder for the runs of the workspace that is open. It is made of the global storage: VS Code gives a reloaded window
 * another workspace storage while the extension host of the window before it has not ended yet.
 */
export function runsFolder(globalStorageUri: Uri): Uri {
  const { workspaceFile, workspaceFolders = [] } = workspace;
  // Folders that are added to a window leave its first one the first.
  const place = workspaceFile ?? workspaceFolders[0]?.uri;
  return Uri.joinPath(globalStorageUri, 'runs', hash(place?.toString() ?? ''));
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
 * Keeps runs on disk so that a reloaded window has them again. Each save is a new file, `id.count-window.gdrun`, and the
 * one before it goes only when the new one is whole: whenever VS Code is ended, one of the two can be read. Windows that
 * share a folder never write the same file.
 */
export class RunStore {
  private queue: Promise<void> = Promise.resolve();
  /** The newest file of each run. */
  private readonly files = new Map<string, StoredFile>();
  private readonly window = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);

  /** @param folder made where it is not there yet. */
  constructor(private readonly folder: Uri) {}

  /** All runs, oldest first, each as it was last stored whole. */
  async load(): Promise<StoredRun[]> {
    await workspace.fs.createDirectory(this.folder);
    const newestFirst = (await workspace.fs.readDirectory(this.folder))
      .map(([name]) => storedFile(name))
      .filter((file) => file !== undefined)
      .sort((a, b) => b.count - a.count);
    const runs = new Map<string, StoredRun>();
    for (const file of newestFirst) {
      const { id, count } = file;
      if (count > (this.files.get(id)?.count ?? -1)) this.files.set(id, file);
      if (runs.has(id)) await this.delete(file);
      const run = runs.has(id) ? undefined : await this.read(file);
      if (run) runs.set(id, run);
    }
    return [...runs.values()].sort((a, b) => a.snapshot.identity.startedAt - b.snapshot.identity.startedAt);
  }

  /** Stores a run as `takeRun` gives it when its turn comes. */
  save(id: string, takeRun: () => StoredRun): Promise<void> {
    return this.enqueue(async () => {
      const before = this.files.get(id);
      const count = (before?.count ?? 0) + 1;
      const file = { id, count, name: `${id}.${count}-${this.window}.gdrun` };
      await workspace.fs.writeFile(this.uri(file), encodeRun(takeRun()));
      this.files.set(id, file);
      if (before) await this.delete(before);
    });
  }

  /** Forgets a run. */
  remove(id: string): Promise<void> {
    return this.enqueue(async () => {
      const file = this.files.get(id);
      if (file) await this.delete(file);
    });
  }

  /** One write at a time. */
  private enqueue(task: () => Promise<void>): Promise<void> {
    const done = this.queue.then(task);
    this.queue = done.catch(() => {});
    return done;
  }

  private uri({ name }: StoredFile): Uri {
    return Uri.joinPath(this.folder, name);
  }

  private async read(file: StoredFile): Promise<StoredRun | undefined> {
    try {
      return decodeRun(await workspace.fs.readFile(this.uri(file)));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  private async delete(file: StoredFile): Promise<void> {
    try {
      await workspace.fs.delete(this.uri(file));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

/** A file of the folder, by what its name says. */
interface StoredFile {
  id: string;
  count: number;
  name: string;
}

function storedFile(name: string): StoredFile | undefined {
  const [, id, count] = /^(.+)\.(\d+)(?:-\w+)?\.gdrun$/.exec(name) ?? [];
  return id === undefined ? undefined : { id, count: Number(count), name };
}

/** The window before this one may still be tidying the same folder. */
function isNotFound(error: unknown): boolean {
  return error instanceof FileSystemError && error.code === 'FileNotFound';
}
