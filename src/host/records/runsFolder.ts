import { Uri, workspace } from 'vscode';

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
