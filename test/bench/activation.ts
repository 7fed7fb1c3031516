/**
 * Prints what the extension costs a real VS Code where a JSON file with comments is open that is no config: reading its
 * code, and the call that activates it. VS Code's own list of running extensions adds what other extensions load meanwhile
 * in the same thread. The median of five windows.
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
    // Only lines in sight are drawn.
    const size = { width: 1200, height: 4000 };
    const workbench = await openWorkbench(browser, server, { folder: folder.path, withHost: true, size });
    const times: number[] = [];
    for (let i = 0; i < windows; i++) {
      if (i > 0) {
        await workbench.runCommand('View: Close All Editors');
        await workbench.reload();
      }
      times.push(await activationTime(workbench, folder.path));
    }
    const sorted = times.sort((a, b) => a - b);
    const words = (at: number) => sorted[at].toFixed(1);
    console.log(`activated in ${words(windows >> 1)} ms (${words(0)} to ${words(windows - 1)})`);
  } finally {
    await browser.close();
    await server.dispose();
    folder.dispose();
  }
}

/** Milliseconds of reading the code once more, and of the call as VS Code measured it. */
async function activationTime(workbench: Workbench, folder: string): Promise<number> {
  const reading = await workbench.host.evaluate(
    async (vscode, file) => {
      const extension = vscode.extensions.getExtension('gradient-descent.gradient-descent')!;
      await vscode.window.showTextDocument(vscode.Uri.file(file));
      // The document activates it; this waits for it.
      await extension.activate();
      const main = `${extension.extensionPath}/dist/extension.js`;
      const require = process.getBuiltinModule('node:module').createRequire(main);
      delete require.cache[main];
      const start = performance.now();
      require(main);
      return performance.now() - start;
    },
    path.join(folder, 'other.jsonc'),
  );
  await workbench.runCommand('Developer: Startup Performance');
  const line = workbench.page.locator('.view-line', { hasText: 'gradient-descent.gradient-descent' }).first();
  // Columns: extension, eager, load code, call activate.
  const [, , , , called] = (await line.innerText()).split('|');
  return reading + Number(called);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
