import { it } from 'vitest';
import { takeAway } from './takeAway';
import { runCommandTitle, uiTests, untilState } from './uiTest';

const ui = uiTests();

it('exports every epoch and the model, copies a table, and predicts the rows of a second file', async () => {
  const workbench = await ui.open({ size: { width: 1500, height: 1000 } });
  await workbench.openFile('tutorial.gd.json');
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'finished', 'side');
  await takeAway(workbench);
  await workbench.screenshot('exported');
});
