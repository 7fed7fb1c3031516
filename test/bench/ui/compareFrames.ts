/** How often the page of a comparison draws a frame with 20 runs of 100,000 epochs in its plot, and what it takes of memory. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { setConfigValue } from '../../../src/config/edits/setValue';
import { tutorialConfig } from '../../../src/config/templates/template';
import type { Server } from '../../vscode/editor/server';
import { copyOfWorkspace } from '../../vscode/editor/temporaryFolder';
import { openWorkbench, type Workbench } from '../../vscode/editor/workbench';
import { frameIntervals, heapOf, megabytes, print } from './intervals';

const [runs, epochs] = [20, 100_000];

/** Trains the runs as a sweep, and prints the frames while the plot is read by pointer and zoomed by wheel. */
export async function measureCompareFrames(browser: Browser, server: Server): Promise<void> {
  const folder = copyOfWorkspace();
  const config = path.join(folder.path, 'seeds.gd.json');
  const text = setConfigValue(tutorialConfig(), 'epochs', epochs);
  writeFileSync(config, setConfigValue(text, 'sweep', { seed: { count: runs } }));
  const size = { width: 1440, height: 1200 };
  const workbench = await openWorkbench(browser, server, { folder: folder.path, withHost: true, size });
  try {
    console.log(`${runs} runs of ${epochs.toLocaleString('en')} epochs in one plot`);
    await workbench.host.evaluate(async (vscode, file) => {
      await vscode.commands.executeCommand('gradientDescent.runSweep', vscode.Uri.file(file));
    }, config);
    const page = workbench.webview('editor');
    await page
      .locator('tbody tr', { hasText: 'finished' })
      .nth(runs - 1)
      .waitFor();
    const frame = await workbench.webviewFrame('editor');
    print('frames at rest', await frame.evaluate(frameIntervals));
    print('frames while the plot is read', await during(workbench, frame.evaluate(frameIntervals), 0));
    print('frames while it is zoomed', await during(workbench, frame.evaluate(frameIntervals), -40));
    console.log(`  JS heap of the page (with all that shares its process): ${megabytes(await heapOf(frame))}`);
  } finally {
    await workbench.close();
    folder.dispose();
  }
}

/** Moves the pointer over the plot, and turns the wheel by so many pixels each time, until something is known. */
async function during<T>(workbench: Workbench, awaited: Promise<T>, wheel: number): Promise<T> {
  const { mouse } = workbench.page;
  const plot = workbench.webview('editor').locator('[data-testid=compare-plot]');
  const { x, y, width, height } = (await plot.boundingBox())!;
  let isKnown = false;
  void awaited.finally(() => (isKnown = true)).catch(() => undefined);
  for (let move = 0; !isKnown; move++) {
    await mouse.move(x + width * (0.1 + 0.8 * ((move % 50) / 50)), y + height / 2);
    if (wheel !== 0) await mouse.wheel(0, move % 40 < 20 ? wheel : -wheel);
  }
  return awaited;
}
