import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Api } from '../../../src/host/start';
import { extensionId } from './paths';
import type { Workbench } from './workbench';

/**
 * Makes a window that was used as a new one is: no run, no editor, no message, nothing in its folder, the list of runs folded
 * up. It has to be open `withHost`. A new one costs several seconds of a core, which go into compiling VS Code.
 */
export async function startOver(workbench: Workbench): Promise<void> {
  const { page, host, folder } = workbench;
  await page.keyboard.press('Escape');
  await host.evaluate(async ({ commands, window, workspace }) => {
    for (const document of workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
      await window.showTextDocument(document);
      await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
  });
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true, force: true });
  await page.locator('.monaco-workbench.vs-dark').waitFor();
  await removeRuns(workbench);
  await host.evaluate(async ({ commands }) => {
    await commands.executeCommand('workbench.action.closeAllGroups');
    await commands.executeCommand('notifications.clearAll');
    await commands.executeCommand('workbench.view.explorer');
  });
}

/** Removes all runs as a person would, and folds their list up again. */
async function removeRuns({ page, host }: Workbench) {
  const focus = (view: string) => host.evaluate(({ commands }, id) => commands.executeCommand(`${id}.focus`), view);
  const header = (title: RegExp) => page.locator('.pane-header', { hasText: title });
  await focus('gradientDescent.training');
  const hasRuns = () =>
    host.evaluate(async ({ extensions }, id) => {
      const api = extensions.getExtension<Api>(id)!.exports;
      await api.restored();
      return api.newest() !== undefined;
    }, extensionId);
  if (!(await hasRuns())) return;
  await focus('gradientDescent.runs');
  const list = page.locator('.pane', { has: header(/^runs$/i) }).locator('.monaco-list');
  const rows = list.locator('.monaco-list-row');
  await rows.first().waitFor();
  // A page that still comes up may take the focus in between.
  do {
    await list.focus();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('Delete');
  } while (await hasRuns());
  await rows.first().waitFor({ state: 'detached' });
  await header(/^runs$/i).click();
}
