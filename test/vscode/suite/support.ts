import * as vscode from 'vscode';
import type { Api } from '../../../src/host/start';
import type { RunSnapshot, RunStatus } from '../../../src/protocol/protocol';

/** The extension's API, activated. */
export async function activate(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>('gradient-descent.gradient-descent');
  if (!extension) throw new Error('VS Code did not load the extension');
  return extension.activate();
}

/** A URI in the workspace that the suite runs on. */
export function inWorkspace(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('the suite needs a workspace folder');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Writes a file of the workspace and gives its URI. */
export async function writeFile(name: string, text: string): Promise<vscode.Uri> {
  const uri = inWorkspace(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** The text of a file of the workspace. */
export async function readFile(name: string): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(inWorkspace(name)));
}

/** Polls until a value is there; fails with what was waited for. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + 150_000;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * The quick fixes of a rate once there are some. VS Code takes back a question that it asked while another extension
 * came with fixes of its own, and answers that there are none.
 */
export function untilFixes(uri: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction[]> {
  return until('a quick fix', async () => {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const ofRate = actions.filter(({ title }) => /\blr\b/.test(title));
    return ofRate.length > 0 && ofRate;
  });
}

/** The newest run once it has a status. */
export function untilStatus(api: Api, ...statuses: RunStatus[]): Promise<RunSnapshot> {
  return until(`a run that is ${statuses.join(' or ')}`, () => {
    const run = api.newest();
    return run && statuses.includes(run.status) && run;
  });
}

/** A config that trains until it is stopped. */
export const endlessConfig = JSON.stringify({
  seed: 3,
  dataset: { generate: 'linear', samples: 50, features: 2 },
  optimizer: { type: 'SGD', lr: 1e-4 },
  epochs: 1e9,
});
