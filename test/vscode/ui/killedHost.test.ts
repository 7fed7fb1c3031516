import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { activityBarTitle } from '../editor/paths';
import type { Workbench } from '../editor/workbench';
import { inView, runCommandTitle, uiTests, untilState } from './uiTest';

const ui = uiTests();

/** Milliseconds before the end of which no epoch may be lost. */
const mostLost = 1000;

/** Epochs that the view says are done. */
async function epochsShown(workbench: Workbench): Promise<number> {
  const words = await inView(workbench, 'epoch', 'side').innerText();
  return Number(/^[\d,]+/.exec(words)?.[0].replaceAll(',', ''));
}

it('has what was on the screen a second before its extension host was killed', async () => {
  const workbench = await ui.open();
  const config = path.join(workbench.folder, 'tutorial.gd.json');
  writeFileSync(config, readFileSync(config, 'utf8').replace('"epochs": 2000', '"epochs": 50000000'));
  await workbench.openFile('tutorial.gd.json');
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'running');
  await expect.poll(() => epochsShown(workbench), { timeout: 60_000 }).toBeGreaterThan(50_000);
  const shown = await epochsShown(workbench);
  // What is promised is a matter of time.
  await new Promise((resolve) => setTimeout(resolve, mostLost));
  process.kill(await workbench.host.evaluate(() => process.pid), 'SIGKILL');
  await workbench.page.reload();
  await workbench.activityBarItem(activityBarTitle).waitFor();
  await workbench.showSidePanel();
  await untilState(workbench, 'paused');
  const kept = await epochsShown(workbench);
  expect(kept).toBeGreaterThanOrEqual(shown);
  // It continues from there.
  await inView(workbench, 'run-button', 'side').click();
  await expect.poll(() => epochsShown(workbench), { timeout: 60_000 }).toBeGreaterThan(kept);
  await inView(workbench, 'stop-button', 'side').click();
  await untilState(workbench, 'stopped');
});
