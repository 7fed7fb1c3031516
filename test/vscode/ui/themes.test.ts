import { expect, it } from 'vitest';
import { inView, renewPicture, runCommandTitle, uiTests, untilState } from './uiTest';

const ui = uiTests();

const themes = [
  { name: 'dark', theme: 'Default Dark Modern', workbench: 'vs-dark', body: 'vscode-dark' },
  { name: 'light', theme: 'Default Light Modern', workbench: 'vs', body: 'vscode-light' },
  { name: 'hc-dark', theme: 'Default High Contrast', workbench: 'hc-black', body: 'vscode-high-contrast' },
  { name: 'hc-light', theme: 'Default High Contrast Light', workbench: 'hc-light', body: 'vscode-high-contrast-light' },
];

it('shows the same run in the side panel and in the editor, in every theme', async () => {
  const workbench = await ui.open({ size: { width: 1500, height: 1000 } });
  await workbench.openFile('tutorial.gd.json');
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'finished', 'side');
  await workbench.runCommand('Gradient Descent: Open Training Panel');
  await untilState(workbench, 'finished', 'editor');
  await inView(workbench, 'predictions-table', 'editor')
    .getByText(/^8,94(7\.\d+|[78])$/)
    .waitFor();
  expect(await inView(workbench, 'loss', 'editor').innerText()).toBe(
    await inView(workbench, 'loss', 'side').innerText(),
  );
  for (const { name, theme, workbench: workbenchClass, body } of themes) {
    await workbench.setTheme(theme, workbenchClass);
    for (const place of ['side', 'editor'] as const) await workbench.webview(place).locator(`body.${body}`).waitFor();
    await inView(workbench, 'predictions-table', 'editor')
      .getByText(/^8,94(7\.\d+|[78])$/)
      .waitFor();
    await workbench.keepPicture(`training-${name}`);
    if (name === 'dark') await renewPicture(workbench, 'training.png');
  }
});
