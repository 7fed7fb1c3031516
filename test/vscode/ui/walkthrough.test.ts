import { expect, it } from 'vitest';
import { uiTests, untilState } from './uiTest';

const ui = uiTests();

it('the walkthrough trains the tutorial by its first button and ticks that step off', async () => {
  const workbench = await ui.open();
  await workbench.host.evaluate(async ({ commands }) => {
    // Other tests have run the tutorial, which ticks the step off.
    await commands.executeCommand('resetGettingStartedProgress');
    await commands.executeCommand('workbench.action.openWalkthrough', 'gradient-descent.gradient-descent#start', false);
  });
  const steps = workbench.page.locator('.getting-started-step');
  await steps.first().waitFor();
  expect(await steps.count()).toBe(5);
  const ticked = steps.first().locator('.codicon-getting-started-step-checked');
  expect(await ticked.count()).toBe(0);
  await workbench.keepPictures('walkthrough');
  await workbench.page.getByRole('button', { name: 'Run the Tutorial', exact: true }).click();
  await untilState(workbench, 'finished');
  // Newer versions of VS Code show a walkthrough in the page called Welcome.
  await workbench.page.getByRole('tab', { name: /^(Walkthrough|Welcome)/ }).click();
  await ticked.waitFor();
});
