/**
 * Prints how long the side panel takes to come back in a real VS Code after another side bar was shown: from the click to
 * the first frame in which the run's state is on the screen. The median of nine.
 */
import { launchChromium } from '../helpers/chromium';
import { startServer } from '../vscode/editor/server';
import { copyOfWorkspace } from '../vscode/editor/temporaryFolder';
import { openWorkbench, type Workbench } from '../vscode/editor/workbench';

const repetitions = 9;
/** Milliseconds in which VS Code takes a second click on an item of the activity bar for an accident, and more. */
const doubleClick = 400;

async function main(): Promise<void> {
  const server = await startServer();
  const browser = await launchChromium();
  const folder = copyOfWorkspace();
  try {
    const workbench = await openWorkbench(browser, server, { folder: folder.path });
    await workbench.runCommand('Gradient Descent: Run Gradient Descent');
    await workbench.pick('The tutorial (10 rows, generated)');
    const state = workbench.webview('side').locator('#app [data-testid="run-state"]');
    await state.filter({ hasText: 'finished' }).waitFor();
    const times: number[] = [];
    // The first one fills the browser's caches.
    for (let i = 0; i <= repetitions; i++) times.push(await comeBack(workbench));
    const sorted = times.slice(1).sort((a, b) => a - b);
    const [least, median, most] = [sorted[0], sorted[sorted.length >> 1], sorted[sorted.length - 1]].map(Math.round);
    console.log(`back on the screen after ${median} ms (${least} to ${most})`);
  } finally {
    await browser.close();
    await server.dispose();
    folder.dispose();
  }
}

async function comeBack(workbench: Workbench): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, doubleClick));
  await workbench.activityBarItem('Search').click();
  await workbench.page.locator('iframe.webview').waitFor({ state: 'hidden' });
  const frame = await workbench.webviewFrame('side');
  const shown = frame.evaluate(untilShown);
  const clicked = workbench.page.evaluate(untilClicked);
  await workbench.activityBarItem('Gradient Descent').click();
  return (await shown) - (await clicked);
}

/** In the workbench: when the mouse was next pressed, in milliseconds since 1970. */
function untilClicked(): Promise<number> {
  return new Promise((resolve) =>
    addEventListener('mousedown', () => resolve(performance.timeOrigin + performance.now()), {
      ...{ capture: true, once: true },
    }),
  );
}

/** In the page: when the run's state is on the screen, in milliseconds since 1970. */
async function untilShown(): Promise<number> {
  const state = document.querySelector('#app [data-testid="run-state"]')!;
  await new Promise<void>((resolve) => {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      resolve();
    });
    // It looks from frame to frame, the first time in the frame that comes next.
    observer.observe(state);
  });
  await new Promise(requestAnimationFrame);
  return performance.timeOrigin + performance.now();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
