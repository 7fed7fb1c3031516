import { launchChromium } from '../../helpers/chromium';
import { outFile, samplesFolder } from './paths';
import { startServer, type Server } from './server';
import { openWorkbench, type Workbench } from './workbench';
import type { Browser } from 'playwright-core';

const tutorialFile = 'tutorial.gd.json';
const tutorialRow = 'The tutorial (10 rows, generated)';
const command = 'Gradient Descent: Run Gradient Descent';
const runTimeout = 120_000;

/**
 * Trains the tutorial in a VS Code in a headless Chromium, by the palette command as a person would, prints the final loss
 * and the path of a picture of the finished training view, and returns the exit status.
 */
export async function runTutorial(): Promise<number> {
  const server = await startServer();
  let browser: Browser | undefined;
  try {
    browser = await launchChromium();
    const workbench = await openWorkbench(browser, server, { folder: samplesFolder });
    return await train(workbench, server);
  } finally {
    await browser?.close();
    await server.dispose();
  }
}

async function train(workbench: Workbench, server: Server): Promise<number> {
  const picture = outFile('start.png');
  const state = workbench.webview().locator('[data-testid="run-state"]');
  try {
    await workbench.openFile(tutorialFile);
    await workbench.runCommand(command);
    const row = workbench.quickPickRow(tutorialRow);
    const asked = row.waitFor().then(() => true);
    const shown = state.waitFor().then(() => false);
    if (await Promise.any([asked, shown])) await row.click();
    const finished = state.filter({ hasText: /^\s*finished\s*$/i }).waitFor({ timeout: runTimeout });
    await Promise.race([finished, server.untilCrash().then((error) => Promise.reject(error))]);
  } catch (error) {
    await workbench.page.screenshot({ path: picture });
    const text = await state.innerText({ timeout: 1000 }).catch(() => 'not shown');
    console.error(`The run did not finish; its state is: ${text}. Screenshot: ${picture}\n${String(error)}`);
    return 1;
  }
  const loss = await workbench.webview().locator('[data-testid="loss"]').innerText();
  await workbench.page.screenshot({ path: picture });
  console.log(`Final loss: ${loss}\nScreenshot: ${picture}`);
  const problems = workbench.problems.all();
  if (problems.length > 0) console.error(problems.join('\n'));
  return problems.length > 0 ? 1 : 0;
}
