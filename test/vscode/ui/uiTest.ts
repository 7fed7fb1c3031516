import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { sharedChromium } from '../../helpers/chromium';
import { projectRoot } from '../editor/paths';
import { startServer, type Server, type ServerOptions } from '../editor/server';
import { copyOfWorkspace } from '../editor/temporaryFolder';
import { openWorkbench, type WebviewPlace, type Workbench, type WorkbenchOptions } from '../editor/workbench';

/** The palette's row for the extension's main command. */
export const runCommandTitle = 'Gradient Descent: Run Gradient Descent';

let shared: Promise<Server> | undefined;

/** The one server of all files that want nothing special of it; it ends with the process. */
function sharedServer(): Promise<Server> {
  return (shared ??= startServer());
}

/**
 * A server and a browser for the tests of a file: those that all files share, or with `serverOptions` a server of its own.
 * `open` gives each test a workbench in a browser context of its own on a copy of the sample workspace; when the test is
 * over, the workbench must have had no problem: no policy violation, no error, no rejection.
 */
export function uiTests(serverOptions?: () => ServerOptions): {
  open(options?: Partial<WorkbenchOptions>): Promise<Workbench>;
} {
  let server: Server;
  let browser: Browser;
  let opened: { workbench: Workbench; dispose(): void } | undefined;
  beforeAll(async () => {
    server = await (serverOptions ? startServer(serverOptions()) : sharedServer());
    browser = await sharedChromium();
  });
  afterEach(async ({ task }) => {
    if (!opened) return;
    const { workbench, dispose } = opened;
    opened = undefined;
    if (task.result?.state === 'fail')
      await workbench.screenshot(`failed-${task.name.slice(0, 40).replace(/\W+/g, '-')}`);
    const problems = workbench.problems.all();
    await workbench.close();
    dispose();
    expect(problems.join('\n')).toBe('');
  });
  afterAll(async () => {
    if (serverOptions) await server?.dispose();
  });
  return {
    open: async (options) => {
      const folder = copyOfWorkspace();
      const workbench = await openWorkbench(browser, server, { folder: folder.path, ...options });
      opened = { workbench, dispose: () => folder.dispose() };
      return workbench;
    },
  };
}

/** What the training view shows, by the test id of its element. */
export function inView(workbench: Workbench, testId: string, place?: WebviewPlace) {
  return workbench.webview(place).locator(`[data-testid="${testId}"]`);
}

/** Waits until the training view shows a run with this status. */
export async function untilState(workbench: Workbench, state: string, place?: WebviewPlace): Promise<void> {
  await inView(workbench, 'run-state', place)
    .filter({ hasText: new RegExp(`^\\s*${state}\\s*$`, 'i') })
    .waitFor();
}

/** The tutorial's final loss as the view shows it; PyTorch reaches 3894.94 or 3895.14, by the library that it sums with. */
export function expectTutorialLoss(shown: string): void {
  expect(Math.abs(Number(shown.replaceAll(',', '')) / 3895 - 1)).toBeLessThan(1e-3);
}

/** With `UPDATE_MEDIA` set, a picture of the window takes the place of one in the README. */
export async function renewPicture({ page }: Workbench, name: string): Promise<void> {
  if (process.env.UPDATE_MEDIA) await page.screenshot({ path: path.join(projectRoot, 'media', name) });
}

/** The text of all records of runs that the server keeps for its user. */
export function records({ userDataFolder }: Server): string {
  const folder = path.join(userDataFolder, 'User', 'globalStorage');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.gdlog'));
  return files.map((name) => readFileSync(path.join(folder, name), 'latin1')).join('\n');
}
