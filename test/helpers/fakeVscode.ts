// What `src/host` uses of VS Code where it stores and lists runs and edits their configs; files are real ones, documents are not.
import type { Dirent } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';

export const l10n = {
  t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)])),
};

export class FileSystemError extends Error {
  readonly code = 'FileNotFound';
}

export const FileType = { Unknown: 0, File: 1, Directory: 2, SymbolicLink: 64 };

export class EventEmitter<T> {
  private readonly listeners: ((value: T) => void)[] = [];
  readonly event = (listener: (value: T) => void) => {
    this.listeners.push(listener);
    return { dispose: () => void this.listeners.splice(this.listeners.indexOf(listener), 1) };
  };
  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
  dispose(): void {
    this.listeners.length = 0;
  }
}

interface FileUri {
  path: string;
  toString(): string;
  with(): FileUri;
}

function uriOf(name: string): FileUri {
  return { path: name, toString: () => name, with: () => uriOf(name) };
}

export const Uri = {
  file: uriOf,
  parse: uriOf,
  joinPath: (uri: FileUri, ...names: string[]): FileUri => uriOf(path.join(uri.path, ...names)),
};

async function orNotFound<T>(result: Promise<T>): Promise<T> {
  return result.catch((error: NodeJS.ErrnoException) =>
    Promise.reject(error.code === 'ENOENT' ? new FileSystemError(error.message) : error),
  );
}

async function namesAndTypes(folder: string): Promise<[string, number][]> {
  const entries = await fs.readdir(folder, { withFileTypes: true });
  const typeOf = (entry: Dirent) =>
    entry.isSymbolicLink()
      ? FileType.SymbolicLink
      : entry.isFile()
        ? FileType.File
        : entry.isDirectory()
          ? FileType.Directory
          : FileType.Unknown;
  return entries.map((entry) => [entry.name, typeOf(entry)]);
}

export class Range {
  constructor(
    readonly start: number,
    readonly end: number,
  ) {}
}

export class WorkspaceEdit {
  readonly replacements: { uri: FileUri; range: Range; text: string }[] = [];
  replace(uri: FileUri, range: Range, text: string): void {
    this.replacements.push({ uri, range, text });
  }
}

/** An open document; its positions are offsets. */
export class Document {
  readonly uri: FileUri;
  constructor(
    name: string,
    public text: string,
  ) {
    this.uri = uriOf(name);
  }
  getText(): string {
    return this.text;
  }
  positionAt(offset: number): number {
    return offset;
  }
}

export const workspace = {
  textDocuments: [] as Document[],
  applyEdit: ({ replacements }: WorkspaceEdit) => {
    // From the end, so that the offsets before stay right.
    for (const { uri, range, text } of replacements.toSorted((a, b) => b.range.start - a.range.start)) {
      const document = workspace.textDocuments.find((open) => open.uri.path === uri.path)!;
      document.text = document.text.slice(0, range.start) + text + document.text.slice(range.end);
    }
    return Promise.resolve(true);
  },
  asRelativePath: ({ path: name }: FileUri) => name,
  fs: {
    createDirectory: async (uri: FileUri) => void (await fs.mkdir(uri.path, { recursive: true })),
    readDirectory: (uri: FileUri) => orNotFound(namesAndTypes(uri.path)),
    stat: async (uri: FileUri) => ({ size: (await orNotFound(fs.stat(uri.path))).size }),
    readFile: (uri: FileUri) => orNotFound(fs.readFile(uri.path)),
    writeFile: (uri: FileUri, bytes: Uint8Array) => fs.writeFile(uri.path, bytes),
    delete: (uri: FileUri) => orNotFound(fs.unlink(uri.path)),
  },
};

export const ProgressLocation = { Notification: 15 };

export class CancellationTokenSource {
  readonly token = { isCancellationRequested: false };
}

export const window = {
  withProgress: () => {},
  /** What a person chooses next in a dialog for files, or nothing; and the names that were offered. */
  files: [] as (string | undefined)[],
  offered: [] as string[],
  showOpenDialog: () => {
    const file = window.files.shift();
    return Promise.resolve(file === undefined ? undefined : [uriOf(file)]);
  },
  showSaveDialog: ({ defaultUri }: { defaultUri: FileUri }) => {
    window.offered.push(path.basename(defaultUri.path));
    const file = window.files.shift();
    return Promise.resolve(file === undefined ? undefined : uriOf(file));
  },
  /** Warnings that were shown. */
  warnings: [] as string[],
  showWarningMessage: (message: string) => void window.warnings.push(message),
  /** Errors that were shown. */
  errors: [] as string[],
  showErrorMessage: (message: string) => void window.errors.push(message),
  /** What a person types next, or nothing. */
  inputs: [] as (string | undefined)[],
  showInputBox: () => Promise.resolve(window.inputs.shift()),
  /** Information that was shown and is not answered yet. */
  questions: [] as { message: string; answer: (choice?: string) => void }[],
  showInformationMessage: (message: string) =>
    new Promise<string | undefined>((answer) => window.questions.push({ message, answer })),
};
