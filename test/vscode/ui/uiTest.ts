import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { sharedChromium } from '../../helpers/chromium';
import { projectRoot, samplesFolder } from '../editor/paths';
import { startServer, type Server, type ServerOptions } from '../editor/server';
import { startOver } from '../editor/startOver';
import { temporaryFolder } from '../editor/temporaryFolder';
import { openWorkbench, type WebviewPlace, type Workbench, type WorkbenchOptions } from '../editor/workbench';

/** The palette's row for the extension's main command. */
export const runCommandTitle = 'Gradient Descent: Run Gradient Descent';

let shared: Promise<Server> | undefined;

/** The one server of all files that want nothing special of it; it ends with the process. */
function sharedServer(): Promise<Server> {
  return (shared ??= startServer());
}

/** How a test wants its window. */
export interface OpenOptions extends Pick<Partial<WorkbenchOptions>, 'extensionFolder' | 'size' | 'withHost'> {
  /** What its folder holds; the samples unless given. */
  files?: 'samples' | 'none';
}

const usualSize = { width: 1440, height: 900 };

/** The window that tests of all files use one after the other; none before the first, and after one that fails. */
let kept: Workbench | undefined;

/**
 * Windows for the tests of a file: of the server that all files share, or with `serverOptions` of its own. Those of the shared
 * one are the same window, which starts over after each test. When a test is over it must have had no problem: no policy
 * violation, no error, no rejection.
 */
export function uiTests(serverOptions?: () => ServerOptions): { open(options?: OpenOptions): Promise<Workbench> } {
  let server: Server;
  let browser: Browser;
  let opened: Workbench | undefined;
  beforeAll(async () => {
    server = await (serverOptions ? startServer(serverOptions()) : sharedServer());
    browser = await sharedChromium();
  });
  afterEach(async ({ task }) => {
    const workbench = opened;
    if (!workbench) return;
    opened = undefined;
    const hasFailed = task.result?.state === 'fail';
    if (hasFailed) await workbench.screenshot(`failed-${task.name.slice(0, 40).replace(/\W+/g, '-')}`);
    const goesOn = workbench === kept && !hasFailed;
    if (workbench === kept) kept = undefined;
    await (goesOn ? startOver(workbench) : workbench.close());
    if (goesOn) kept = workbench;
    expect(workbench.problems.all().join('\n')).toBe('');
  });
  afterAll(async () => {
    if (serverOptions) await server?.dispose();
  });
  return {
    open: async ({ files = 'samples', ...options } = {}) => {
      const used = serverOptions ? undefined : kept;
      const folder = used?.folder ?? temporaryFolder().path;
      if (files === 'samples') cpSync(samplesFolder, folder, { recursive: true });
      opened = used ?? (await openWorkbench(browser, server, { folder, withHost: true, ...options }));
      if (!serverOptions) kept = opened;
      await opened.page.setViewportSize(options.size ?? usualSize);
      return opened;
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

/** Opens a file of the workspace in an editor; that of a window that was used before may not be known to quick open yet. */
export async function showFile(workbench: Workbench, name: string): Promise<void> {
  await workbench.host.evaluate(
    async (vscode, file) => {
      await vscode.window.showTextDocument(vscode.Uri.file(file));
    },
    path.join(workbench.folder, name),
  );
}

/** Runs a config of the workspace, and waits until the view shows that run in a state. */
export async function runConfig(workbench: Workbench, name: string, state: string, place: WebviewPlace): Promise<void> {
  await workbench.host.evaluate(
    async (vscode, file) => {
      await vscode.commands.executeCommand('gradientDescent.run', vscode.Uri.file(file));
    },
    path.join(workbench.folder, `${name}.gd.json`),
  );
  await untilShown(workbench, name, state, place);
}

/** Waits until the view shows the run of this name in a state. */
export async function untilShown(
  workbench: Workbench,
  name: string,
  state: string,
  place: WebviewPlace,
): Promise<void> {
  await inView(workbench, 'run-name', place).getByText(name, { exact: true }).waitFor();
  await untilState(workbench, state, place);
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
