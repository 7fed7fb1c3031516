import { FileSystemError, Uri, workspace } from 'vscode';
import { parseConfig } from '../config/parseConfig';
import { DATASET_EXTENSIONS, DATA_ONLY_EXTENSIONS, fileFormat, mayBeDataset } from '../data/datasetFormats';
import type { FileContent } from '../run/protocol';
import { findOpen } from './configDocuments';

/** Files that a run can read its rows from. */
export const isDataFile = (uri: Uri): boolean => fileFormat(uri.path) !== undefined;
/** Those that hold rows for sure, by their name; a `.json` or `.txt` can be anything. */
export const isDataOnlyFile = (uri: Uri): boolean => fileFormat(uri.path)?.dataOnly === true;
/** Whether a file may well hold rows, by its place in the workspace; settings of programs and texts for people do not. */
export const mayBeDataFile = (uri: Uri): boolean => mayBeDataset(workspace.asRelativePath(uri, false));
/** Globs of all data files, of those that hold rows for sure, and of the others. */
export const dataFilePattern = patternOf(DATASET_EXTENSIONS);
export const dataOnlyFilePattern = patternOf(DATA_ONLY_EXTENSIONS);
export const otherFilePattern = patternOf(DATASET_EXTENSIONS.filter((one) => !DATA_ONLY_EXTENSIONS.includes(one)));

function patternOf(extensions: readonly string[]): string {
  return `**/*.{${extensions.flatMap((extension) => [extension, `${extension}.gz`]).join(',')}}`;
}

/** Where a config's `dataset.file` is. Paths start at the config's own folder, for a config without one at the workspace's. */
export function resolveDataFile(file: string, configUri: Uri | undefined): Uri {
  if (/^[a-z][a-z\d+.-]+:\//i.test(file)) return Uri.parse(file);
  const placed = configUri && configUri.scheme !== 'untitled' ? configUri : undefined;
  if (/^(\/|[a-z]:[\\/])/i.test(file)) return placed ? placed.with({ path: Uri.file(file).path }) : Uri.file(file);
  const folder = placed ? Uri.joinPath(placed, '..') : (workspace.workspaceFolders?.[0]?.uri ?? Uri.file('/'));
  return Uri.joinPath(folder, file);
}

/** The file that a config's text names; undefined where it names none. */
export function dataFileOf(configText: string, configUri: Uri | undefined): Uri | undefined {
  const { dataset } = parseConfig(configText).draft;
  return dataset && 'file' in dataset ? resolveDataFile(dataset.file, configUri) : undefined;
}

/** Whether workers can open files of the disk by their path: everywhere but in a browser. */
const hasLocalFiles = !('importScripts' in globalThis);

/**
 * A file as it stands: the text of a document with unsaved changes, else the file on disk, by its path where the worker
 * can open it itself. Undefined where it is not there.
 */
export async function readContent(uri: Uri): Promise<FileContent | undefined> {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const open = findOpen(uri);
  if (open && (open.isDirty || open.isUntitled)) return { name, content: open.getText() };
  try {
    if (uri.scheme !== 'file' || !hasLocalFiles) return { name, content: await workspace.fs.readFile(uri) };
    await workspace.fs.stat(uri);
    return { name, path: uri.fsPath };
  } catch (error) {
    if (error instanceof FileSystemError) return undefined;
    throw error;
  }
}
