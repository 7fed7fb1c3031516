import { expect, it } from 'vitest';
import { uiTests, untilState } from './uiTest';

// A server of its own: steps that others ticked off are ticked off for all windows of one.
const ui = uiTests(() => ({}));

it('the walkthrough trains the tutorial by its first button and ticks that step off', async () => {
  const workbench = await ui.open();
  await workbench.host.evaluate((vscode) =>
    vscode.commands.executeCommand(
      'workbench.action.openWalkthrough',
      'gradient-descent.gradient-descent#start',
      false,
    ),
  );
  const steps = workbench.page.locator('.getting-started-step');
  await steps.first().waitFor();
  expect(await steps.count()).toBe(5);
  await workbench.keepPicture('walkthrough');
  for (const [theme, bodyClass] of [
    ['Default Light Modern', 'vs'],
    ['Default High Contrast Light', 'hc-light'],
    ['Default High Contrast', 'hc-black'],
  ]) {
    await workbench.setTheme(theme, bodyClass);
    await workbench.keepPicture(`walkthrough-${bodyClass}`);
  }
  await workbench.page.getByRole('button', { name: 'Run the Tutorial', exact: true }).click();
  await untilState(workbench, 'finished');
  // Newer versions of VS Code show a walkthrough in the page called Welcome.
  await workbench.page.getByRole('tab', { name: /^(Walkthrough|Welcome)/ }).click();
  await steps.first().locator('.codicon-getting-started-step-checked').waitFor();
});
