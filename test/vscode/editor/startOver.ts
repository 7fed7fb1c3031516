import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
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
async function removeRuns(workbench: Workbench) {
  const { page, host } = workbench;
  const focus = (view: string) => host.evaluate(({ commands }, id) => commands.executeCommand(`${id}.focus`), view);
  const header = (title: RegExp) => page.locator('.pane-header', { hasText: title });
  const inPage = (testId: string) => workbench.webview('side').locator(`[data-testid="${testId}"]:visible`);
  await focus('gradientDescent.training');
  await inPage('run-name').or(inPage('run-tutorial-button')).first().waitFor();
  if (await inPage('run-name').isHidden()) return;
  await focus('gradientDescent.runs');
  await page
    .locator('.pane', { has: header(/^runs$/i) })
    .locator('.monaco-list-row')
    .first()
    .click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
  await header(/^runs$/i).click();
  await inPage('run-tutorial-button').waitFor();
}
