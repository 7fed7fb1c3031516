import { FileSystemError, Uri, WorkspaceEdit, window, workspace, Range, type TextDocument } from 'vscode';

/**
 * Opens a config that has no file yet, named so that the schema applies and saving proposes that name. Its place is beside
 * another file, or in the workspace's folder if there is one: after a reload VS Code looks for the text of a document that
 * is in no folder under another name, and opens it empty.
 */
export async function openUntitledConfig(name: string, text: string, beside?: Uri): Promise<TextDocument> {
  const isPlaced = beside !== undefined && beside.scheme !== 'untitled';
  const folder = isPlaced ? Uri.joinPath(beside, '..') : workspace.workspaceFolders?.[0]?.uri;
  const placeOf = (suffix: string) => {
    const file = `${name}${suffix}.gd.json`;
    return folder ? Uri.joinPath(folder, file) : Uri.from({ scheme: 'untitled', path: file });
  };
  const untitled = (place: Uri) => Uri.from({ scheme: 'untitled', path: place.path });
  const isTaken = (place: Uri) =>
    findOpen(place) !== undefined || findOpen(untitled(place)) !== undefined || exists(place);
  const uri = untitled(await freeName(placeOf, isTaken));
  const document = await workspace.openTextDocument(uri);
  const edit = new WorkspaceEdit();
  edit.replace(uri, new Range(0, 0, document.lineCount, 0), text);
  await workspace.applyEdit(edit);
  await window.showTextDocument(document, { preview: false });
  return document;
}

/** The document of a file, open or not; undefined if it no longer exists or is not text. */
export async function openIfThere(uri: Uri): Promise<TextDocument | undefined> {
  const open = findOpen(uri);
  if (open || uri.scheme === 'untitled') return open;
  try {
    return await workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

/**
 * Writes a config beside a data file under a name that is free, or leaves it untitled where the folder cannot be written
 * to. `textFor` gives the text for a config at that place, undefined where it has none.
 */
export async function writeConfigBeside(
  dataUri: Uri,
  textFor: (configUri: Uri | undefined) => string,
): Promise<TextDocument> {
  const name = dataUri.path.slice(dataUri.path.lastIndexOf('/') + 1).replace(/\.[^.]+(\.gz)?$/i, '');
  const folder = Uri.joinPath(dataUri, '..');
  const uri = await freeName((suffix) => Uri.joinPath(folder, `${name}${suffix}.gd.json`), exists);
  try {
    await workspace.fs.writeFile(uri, new TextEncoder().encode(textFor(uri)));
  } catch (error) {
    if (error instanceof FileSystemError) return openUntitledConfig(name, textFor(undefined));
    throw error;
  }
  const document = await workspace.openTextDocument(uri);
  await window.showTextDocument(document, { preview: false });
  return document;
}

async function freeName(
  nameWith: (suffix: string) => Uri,
  taken: (uri: Uri) => boolean | Promise<boolean>,
): Promise<Uri> {
  for (let count = 1; ; count++) {
    const uri = nameWith(count === 1 ? '' : `-${count}`);
    if (!(await taken(uri))) return uri;
  }
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

/** The document of a URI, if it is open. */
export function findOpen(uri: Uri): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}
