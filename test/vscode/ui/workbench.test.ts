import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../../helpers/chromium';
import { startServer, type Server } from '../editor/server';
import { copyOfWorkspace } from '../editor/temporaryFolder';
import { openWorkbench } from '../editor/workbench';

let server: Server;
let browser: Browser;
const workspace = copyOfWorkspace();

beforeAll(async () => {
  server = await startServer();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.dispose();
  workspace.dispose();
});

it('loads the extension without a problem', async () => {
  const workbench = await openWorkbench(browser, server, { folder: workspace.path, withHost: true });
  await workbench.showSidePanel();
  const isActive = await workbench.host.evaluate(async (vscode, id) => {
    const extension = vscode.extensions.getExtension(id);
    await extension?.activate();
    return extension?.isActive;
  }, 'gradient-descent.gradient-descent');
  expect(isActive).toBe(true);
  expect(workbench.problems.all()).toEqual([]);
  await workbench.close();
});
