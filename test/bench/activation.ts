/**
 * Prints how long the extension takes to activate in a real VS Code where a JSON file with comments is open that is no
 * config, as VS Code itself measured it. The median of five windows.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { launchChromium } from '../helpers/chromium';
import { startServer } from '../vscode/editor/server';
import { temporaryFolder } from '../vscode/editor/temporaryFolder';
import { openWorkbench, type Workbench } from '../vscode/editor/workbench';

const windows = 5;

async function main(): Promise<void> {
  const server = await startServer();
  const browser = await launchChromium();
  const folder = temporaryFolder();
  writeFileSync(path.join(folder.path, 'other.jsonc'), '{\n  // No config.\n  "a": 1\n}\n');
  try {
    // As high as the list of all extensions: only rows in sight are drawn.
    const size = { width: 1200, height: 8000 };
    const workbench = await openWorkbench(browser, server, { folder: folder.path, size });
    const times: number[] = [];
    for (let i = 0; i < windows; i++) {
      if (i > 0) await workbench.reload();
      times.push(await activationTime(workbench));
    }
    const sorted = times.sort((a, b) => a - b);
    console.log(`activated in ${sorted[windows >> 1]} ms (${sorted[0]} to ${sorted[windows - 1]})`);
  } finally {
    await browser.close();
    await server.dispose();
    folder.dispose();
  }
}

/** Milliseconds, from VS Code's list of running extensions. */
async function activationTime(workbench: Workbench): Promise<number> {
  await workbench.openFile('other.jsonc');
  await workbench.runCommand('Developer: Show Running Extensions');
  const row = workbench.page.locator('.runtime-extensions-editor .monaco-list-row', {
    hasText: /gradient[- ]descent/i,
  });
  const words = await row.locator('.activation-time').filter({ hasText: /\d+ms/ }).innerText();
  return Number(/(\d+)ms/.exec(words)![1]);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
