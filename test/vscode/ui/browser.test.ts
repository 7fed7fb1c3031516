import { expect, it } from 'vitest';
import { runInBrowser } from '../editor/quietSettings';
import { takeAway } from './takeAway';
import { expectTutorialLoss, inView, records, runCommandTitle, uiTests, untilState } from './uiTest';

const ui = uiTests(() => ({ settings: runInBrowser }));

it('trains without Node, in an extension host of the browser, takes away, and has the run again after a reload', async () => {
  const workbench = await ui.open({ withHost: false });
  await workbench.openFile('tutorial.gd.json');
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'finished');
  const loss = await inView(workbench, 'loss').innerText();
  expectTutorialLoss(loss);
  await inView(workbench, 'predictions-table')
    .getByText(/^8,94(7\.\d+|[78])$/)
    .waitFor();
  await workbench.keepPicture('browser');
  await takeAway(workbench);
  // A browser ends an extension host at once, and with it what is on its way to the disk.
  await expect.poll(() => records(workbench.server), { timeout: 60_000 }).toContain('"finished"');
  await workbench.reload();
  await workbench.showSidePanel();
  await untilState(workbench, 'finished');
  expect(await inView(workbench, 'loss').innerText()).toBe(loss);
});
