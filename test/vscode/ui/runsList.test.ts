import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { inView, runConfig, uiTests } from './uiTest';

const ui = uiTests();
const count = 10;

it('shows the run that was clicked last, however quickly ten are clicked', async () => {
  const workbench = await ui.open();
  const { page, folder } = workbench;
  const names = Array.from({ length: count }, (_, i) => `run-${i}`);
  const config = { seed: 0, dataset: { generate: 'linear', samples: 10, features: 1 }, epochs: 3 };
  const text = JSON.stringify({ ...config, optimizer: { type: 'SGD', lr: 0.01 } });
  for (const name of names) writeFileSync(path.join(folder, `${name}.gd.json`), text);
  // In the side panel the list would have room for six.
  workbench.setSettings({ 'gradientDescent.openRunsIn': 'editor' });
  await workbench.showSidePanel();
  const paneHeader = (title: RegExp) => page.locator('.pane-header', { hasText: title });
  await paneHeader(/^training$/i).click();
  await workbench.runCommand('Gradient Descent: Open Training Panel');
  await inView(workbench, 'run-tutorial-button', 'editor').waitFor();
  for (const name of names) await runConfig(workbench, name, 'finished', 'editor');
  await paneHeader(/^runs$/i).click();
  const rows = page.locator('.pane', { has: paneHeader(/^runs$/i) }).locator('.monaco-list-row');
  await expect.poll(() => rows.count()).toBe(count);
  const centres = await rows.evaluateAll((all) =>
    all.map((row) => {
      const { x, y, width, height } = row.getBoundingClientRect();
      return { name: row.textContent.slice(0, 5), x: x + width / 2, y: y + height / 2 };
    }),
  );
  expect(centres.map(({ name }) => name).sort()).toEqual(names);
  for (const order of [centres, centres.toReversed(), [...centres, centres[4]]]) {
    for (const { x, y } of order) await page.mouse.click(x, y);
    await inView(workbench, 'run-name', 'editor').getByText(order.at(-1)!.name, { exact: true }).waitFor();
  }
  expect(await page.locator('.notification-toast').allInnerTexts()).toEqual([]);
  const focused = rows.and(page.locator('.focused.selected'));
  expect(await focused.innerText()).toContain(centres[4].name);
});
