import { EventEmitter, Uri, workspace } from 'vscode';
import { utf8Text } from '../../data/bytes/bytesText';
import type { OfferedFile } from '../../protocol/protocol';
import { Disposables } from '../base/disposables';
import { dataOnlyFilePattern, namedFileOf } from '../documents/dataFiles';
import { excludedFiles } from './pickWhatToRun';

/** Files that are looked for, and those of each kind that an empty page offers. */
const searched = 50;
const offered = 3;
/** Configs beside a data file that are looked into, and the bytes of the largest of them. */
const mostConfigs = 50;
const largestConfig = 1e6;

const patterns = ['**/*.gd.json', dataOnlyFilePattern];
/** Milliseconds from the first of several files that come or go to the next search: a folder is unpacked file by file. */
const settleTime = 250;

/** The workspace's configs and datasets that a page without a run offers by their names; none of them is read. */
export class OfferedFiles extends Disposables {
  private uris = new Set<string>();
  private settling: ReturnType<typeof setTimeout> | undefined;
  private readonly changeEmitter = this.own(new EventEmitter<void>());
  /** Such files came or went. */
  readonly onChange = this.changeEmitter.event;

  constructor() {
    super();
    for (const pattern of patterns) {
      const watcher = this.own(workspace.createFileSystemWatcher(pattern, false, true, false));
      for (const event of [watcher.onDidCreate, watcher.onDidDelete]) this.own(event(() => this.changed()));
    }
  }

  override dispose(): void {
    clearTimeout(this.settling);
    super.dispose();
  }

  private changed(): void {
    this.settling ??= setTimeout(() => {
      this.settling = undefined;
      this.changeEmitter.fire();
    }, settleTime);
  }

  /** Looks for them: those nearest to the root first. */
  async find(): Promise<OfferedFile[]> {
    const [configs, datasets] = await Promise.all(
      patterns.map((pattern) => workspace.findFiles(pattern, excludedFiles, searched)),
    );
    const first = (uris: Uri[], isConfig: boolean): OfferedFile[] =>
      uris
        .map((uri) => ({ uri: uri.toString(), name: workspace.asRelativePath(uri), isConfig }))
        .sort((a, b) => depthOf(a) - depthOf(b) || a.name.localeCompare(b.name))
        .slice(0, offered);
    const files = [...first(datasets, false), ...first(configs, true)];
    this.uris = new Set(files.map(({ uri }) => uri));
    return files;
  }

  /** The file that a page names; undefined unless it was offered. */
  chosen(uri: string): Uri | undefined {
    return this.uris.has(uri) ? Uri.parse(uri) : undefined;
  }
}

/** The configs beside a data file that name it. */
export async function configsOf(data: Uri): Promise<Uri[]> {
  const folder = Uri.joinPath(data, '..');
  const entries = await workspace.fs.readDirectory(folder).then(undefined, () => []);
  const configs = entries.filter(([name]) => /\.gd\.json$/i.test(name)).slice(0, mostConfigs);
  const found = await Promise.all(
    configs.map(async ([name]) => {
      const uri = Uri.joinPath(folder, name);
      return (await namesFile(uri, data)) ? [uri] : [];
    }),
  );
  return found.flat();
}

async function namesFile(config: Uri, data: Uri): Promise<boolean> {
  try {
    if ((await workspace.fs.stat(config)).size > largestConfig) return false;
    const text = utf8Text(await workspace.fs.readFile(config));
    return namedFileOf(text, config)?.toString() === data.toString();
  } catch {
    return false;
  }
}

function depthOf({ name }: OfferedFile): number {
  return name.split('/').length;
}
