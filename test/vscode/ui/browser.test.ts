import { expect, it } from 'vitest';
import { runInBrowser } from '../editor/quietSettings';
import { expectTutorialLoss, inView, runCommandTitle, uiTests, untilState } from './uiTest';

const ui = uiTests(() => ({ settings: runInBrowser }));

it('trains without Node, in an extension host of the browser, and has the run again after a reload', async () => {
  const workbench = await ui.open();
  await workbench.openFile('tutorial.gd.json');
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'finished');
  const loss = await inView(workbench, 'loss').innerText();
  expectTutorialLoss(loss);
  await inView(workbench, 'predictions-table')
    .getByText(/^8,947\.\d/)
    .waitFor();
  await workbench.screenshot('browser');
  await workbench.reload();
  await workbench.showSidePanel();
  await untilState(workbench, 'finished');
  expect(await inView(workbench, 'loss').innerText()).toBe(loss);
});
