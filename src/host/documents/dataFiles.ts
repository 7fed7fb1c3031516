import { FileSystemError, FileType, Uri, workspace, type FileStat } from 'vscode';
import { parseConfig } from '../../config/parseConfig';
import {
  datasetExtensions,
  dataOnlyExtensions,
  maxBytes,
  fileFormat,
  mayBeDataset,
  tooManyBytes,
} from '../../base/datasetFormats';
import type { Problem } from '../../base/problem';
import type { FileContent, NamedFile, ReadableFile } from '../../protocol/protocol';
import { findOpen } from './configDocuments';

/** Files that a run can read its rows from. */
export const isDataFile = (uri: Uri): boolean => fileFormat(uri.path) !== undefined;
/** Those that hold rows for sure, by their name; a `.json` or `.txt` can be anything. */
export const isDataOnlyFile = (uri: Uri): boolean => fileFormat(uri.path)?.dataOnly === true;
/** Whether a file may well hold rows, by its place in the workspace; settings of programs and texts for people do not. */
export const mayBeDataFile = (uri: Uri): boolean => mayBeDataset(workspace.asRelativePath(uri, false));
/** Globs of all data files, of those that hold rows for sure, and of the others. */
export const dataFilePattern = patternOf(datasetExtensions);
export const dataOnlyFilePattern = patternOf(dataOnlyExtensions);
export const otherFilePattern = patternOf(datasetExtensions.filter((one) => !dataOnlyExtensions.includes(one)));

function patternOf(extensions: readonly string[]): string {
  return `**/*.{${extensions.flatMap((extension) => [extension, `${extension}.gz`]).join(',')}}`;
}

/** Files beyond the workspace that somebody asked to run on. */
const chosen = new Set<string>();

/** Where the paths in a config start: at its own folder, or the one that it is to be saved in; for a config without one at the workspace's. */
export function dataFolderOf(configUri: Uri | undefined): Uri {
  const top = workspace.workspaceFolders?.[0]?.uri ?? Uri.file('/');
  const isPlaced = configUri !== undefined && configUri.path.startsWith('/');
  const folder = isPlaced
    ? Uri.joinPath(configUri.scheme === 'untitled' ? top.with({ path: configUri.path }) : configUri, '..')
    : top;
  return folder.with({ query: '', fragment: '' });
}

/**
 * Where a config's `dataset.file` is, a path or a URI; `'foreign'` unless it is on the file system of the config or of a
 * folder of the workspace. A config comes from anywhere, and asking for a file elsewhere would already tell of its reader.
 */
export function resolveDataFile(file: string, configUri: Uri | undefined): Uri | 'foreign' {
  const folder = dataFolderOf(configUri);
  try {
    if (/^[a-z][a-z\d+.-]+:\//i.test(file)) return withinReach(Uri.parse(file), folder);
    if (!/^(\/|[a-z]:[\\/])/i.test(file)) return Uri.joinPath(folder, file);
    const uri = Uri.file(file);
    return uri.authority === '' ? folder.with({ path: uri.path }) : withinReach(uri, folder);
  } catch {
    // What cannot be a URI, such as a path with three slashes at its start, is nowhere.
    return 'foreign';
  }
}

function withinReach(uri: Uri, folder: Uri): Uri | 'foreign' {
  if (chosen.has(uri.toString())) return uri;
  const places = [folder, ...(workspace.workspaceFolders ?? []).map((one) => one.uri)];
  if (places.some(({ scheme }) => scheme === 'file')) places.push(Uri.file('/'));
  const idOf = ({ scheme, authority }: Uri) => `${scheme}://${authority}`.toLowerCase();
  const place = places.find((one) => idOf(one) === idOf(uri));
  return place ? place.with({ path: uri.path, query: '', fragment: '' }) : 'foreign';
}

/** What a config calls a data file that somebody asked to run on: its path from the config if it has one, otherwise the URI. */
export function nameDataFile(dataUri: Uri, configUri: Uri | undefined): string {
  const { scheme, authority, path } = dataFolderOf(configUri);
  if (dataUri.scheme !== scheme || dataUri.authority !== authority) {
    chosen.add(dataUri.toString());
    return dataUri.toString();
  }
  const start = path.endsWith('/') ? path : `${path}/`;
  return start !== '/' && dataUri.path.startsWith(start) ? dataUri.path.slice(start.length) : dataUri.path;
}

/** The files that a config names, each as `resolveDataFile` gives it; undefined where it names none. */
export interface NamedFiles {
  data: Uri | 'foreign' | undefined;
  validation: Uri | 'foreign' | undefined;
}

/** The files that a config's text names. */
export function namedFilesOf(configText: string, configUri: Uri | undefined): NamedFiles {
  const { dataset } = parseConfig(configText).draft;
  const resolved = (file: string | undefined) => (file === undefined ? undefined : resolveDataFile(file, configUri));
  return dataset && 'file' in dataset
    ? { data: resolved(dataset.file), validation: resolved(dataset.validation_file) }
    : { data: undefined, validation: undefined };
}

/** Those of the files that a config can reach. */
export function reachableFiles({ data, validation }: NamedFiles): Uri[] {
  return [data, validation].filter((file) => file instanceof Uri);
}

/** The files as they stand; undefined where the first is not there. */
export async function readNamedFiles(named: NamedFiles): Promise<FileContent | undefined> {
  const contentOf = async (file: Uri | 'foreign' | undefined): Promise<NamedFile | undefined> =>
    file === 'foreign' ? { name: file, foreign: true } : file && readContent(file);
  const [data, validation] = await Promise.all([contentOf(named.data), contentOf(named.validation)]);
  return data && { ...data, ...(validation && { validation: { ...validation, name: validationName(named) } }) };
}

/** What problems call the second file: its name, with its folder where the first one has the same. */
function validationName({ data, validation }: NamedFiles): string {
  if (!(validation instanceof Uri)) return 'foreign';
  const name = nameOfFile(validation);
  return data instanceof Uri && nameOfFile(data) === name ? validation.path.split('/').slice(-2).join('/') : name;
}

/** Which of the files a problem that is not in the config is in; undefined where that is out of reach. */
export function fileOfProblem({ file }: Pick<Problem, 'file'>, named: NamedFiles): Uri | undefined {
  const { data, validation } = named;
  const found = validation instanceof Uri && file === validationName(named) ? validation : data;
  return found instanceof Uri ? found : undefined;
}

function nameOfFile({ path }: Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The file that a config's text names first. */
export function namedFileOf(configText: string, configUri: Uri | undefined): Uri | 'foreign' | undefined {
  return namedFilesOf(configText, configUri).data;
}

/** The file that a config's text names; undefined where it names none or one that is out of its reach. */
export function dataFileOf(configText: string, configUri: Uri | undefined): Uri | undefined {
  const file = namedFileOf(configText, configUri);
  return file === 'foreign' ? undefined : file;
}

/** Whether workers can open files of the disk by their path: everywhere but in a browser. */
const hasLocalFiles = !('importScripts' in globalThis);

/**
 * A file as it stands: the text of a document with unsaved changes, otherwise the file on disk, by its path where the worker
 * can open it itself. Undefined where it is not there.
 */
export async function readContent(uri: Uri): Promise<ReadableFile | undefined> {
  const name = nameOfFile(uri);
  const open = findOpen(uri);
  if (open && (open.isDirty || open.isUntitled)) return { name, content: open.getText() };
  // The worker sees for itself what is at a path, and says what keeps it from being read.
  const local = uri.scheme === 'file' && hasLocalFiles ? { name, path: uri.fsPath } : undefined;
  try {
    const unreadable = refusalOf(await workspace.fs.stat(uri), name);
    if (local) return local;
    return unreadable === undefined ? { name, content: await workspace.fs.readFile(uri) } : { name, unreadable };
  } catch (error) {
    if (!(error instanceof FileSystemError)) throw error;
    return ['FileNotFound', 'FileNotADirectory'].includes(error.code) ? undefined : local;
  }
}

/** Why a file is not read; undefined where it is. Reading a device may never end, and all bytes come at once. */
function refusalOf({ type, size }: FileStat, name: string): string | undefined {
  if ((type & FileType.Directory) !== 0) return 'it is a folder, not a file';
  if ((type & FileType.File) === 0) return 'it is not a regular file; copy what it holds into a file and name that';
  const format = fileFormat(name)?.format;
  const limit = format && maxBytes[format];
  return limit !== undefined && size > limit ? tooManyBytes(limit, size) : undefined;
}
