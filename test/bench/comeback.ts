/**
 * Prints how long the side panel takes to come back in a real VS Code after another side bar was shown: from the click to
 * the first true text on the screen, to the live view and to its icons. Medians of five.
 */
import type { Page } from 'playwright-core';
import { launchChromium } from '../helpers/chromium';
import { startServer } from '../vscode/editor/server';
import { copyOfWorkspace } from '../vscode/editor/temporaryFolder';
import { openWorkbench, type Workbench } from '../vscode/editor/workbench';

const repetitions = 5;

/** Moments of a page that comes up, in milliseconds since 1970; each is set in the first frame in which it is so. */
interface Moments {
  /** The frame of the page is there. */
  frame?: number;
  /** Its HTML has been written. */
  html?: number;
  /** Its script has run. */
  script?: number;
  /** The words of the run's state are on the screen. */
  state?: number;
  /** The live view is on the screen. */
  live?: number;
  /** The font of the icons is there. */
  icons?: number;
}

declare global {
  interface Window {
    moments?: Moments;
    clickedAt?: number;
  }
}

/**
 * Runs in every frame: notes the last click, and the moments of the page in the frame that VS Code makes for it. They are
 * noted from outside, because the page's own window is not there from the beginning.
 */
function watch(): void {
  const now = () => performance.timeOrigin + performance.now();
  addEventListener('mousedown', () => (window.clickedAt = now()), true);
  const moments: Moments = {};
  window.moments = moments;
  const isShown = (part: Element) => part.textContent !== '' && part.checkVisibility();
  const look = () => {
    if (!moments.icons) requestAnimationFrame(look);
    const frame = document.querySelector<HTMLIFrameElement>('#pending-frame, #active-frame');
    if (!frame?.contentDocument) return;
    moments.frame ??= now();
    const page = frame.contentDocument;
    const app = page.getElementById('app');
    if (app) moments.html ??= now();
    if (app?.childElementCount) moments.script ??= now();
    if (frame.style.visibility === 'hidden') return;
    const states = [...page.querySelectorAll('[data-testid="run-state"], [data-static="run-state"]')].filter(isShown);
    if (states.length > 0) moments.state ??= now();
    if (!page.getElementById('static-page') && states.some((state) => app?.contains(state))) moments.live ??= now();
    if (moments.live && page.fonts.check('16px codicon', '\uea60')) moments.icons ??= now();
  };
  if (window !== top) look();
}

async function main(): Promise<void> {
  const server = await startServer();
  const browser = await launchChromium();
  const folder = copyOfWorkspace();
  try {
    const workbench = await openWorkbench(browser, server, {
      folder: folder.path,
      prepare: async (page) => {
        await page.addInitScript(watch);
      },
    });
    await workbench.runCommand('Gradient Descent: Run Gradient Descent');
    await workbench.pick('The tutorial (10 rows, generated)');
    const state = workbench.webview('side').locator('#app [data-testid="run-state"]');
    await state.filter({ hasText: 'finished' }).waitFor();
    const all: Record<keyof Moments, number>[] = [];
    for (let i = 0; i <= repetitions; i++) all.push(await comeBack(workbench));
    // The first one fills the browser's caches.
    print(all.slice(1));
  } catch (error) {
    console.error(error);
    console.error(
      await browser
        .contexts()[0]
        .pages()[0]
        .screenshot({ path: 'out/comeback.png' })
        .then(() => 'shot'),
    );
  } finally {
    await browser.close();
    await server.dispose();
    folder.dispose();
  }
}

async function comeBack(workbench: Workbench): Promise<Record<keyof Moments, number>> {
  const { page } = workbench;
  await workbench.activityBarItem('Search').click();
  await page.locator('iframe.webview').waitFor({ state: 'detached' });
  await workbench.activityBarItem('Gradient Descent').click();
  const moments = await momentsOf(page);
  const clickedAt = (await page.evaluate(() => window.clickedAt))!;
  return Object.fromEntries(Object.entries(moments).map(([name, at]) => [name, at - clickedAt])) as never;
}

/** Waits until the page that comes up has all its moments. */
async function momentsOf(page: Page): Promise<Record<keyof Moments, number>> {
  const frame = await page.locator('iframe.webview').elementHandle();
  const outer = await frame.contentFrame();
  await outer!.waitForFunction(() => window.moments?.icons);
  return (await outer!.evaluate(() => window.moments)) as Record<keyof Moments, number>;
}

function print(all: Record<keyof Moments, number>[]): void {
  for (const name of ['frame', 'html', 'script', 'state', 'live', 'icons'] as const) {
    const sorted = all.map((moments) => moments[name]).sort((a, b) => a - b);
    const [least, median, most] = [sorted[0], sorted[sorted.length >> 1], sorted[sorted.length - 1]].map(Math.round);
    console.log(`${name.padEnd(8)} ${median} ms (${least} to ${most})`);
  }
}

void main();
