import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { chooseFile } from './fileDialog';
import { takeAway } from './takeAway';
import { inView, records, runCommandTitle, uiTests, untilState } from './uiTest';

const ui = uiTests();

it('exports every epoch and the model, copies a table, predicts the rows of a second file, and carries the run on', async () => {
  const workbench = await ui.open({ size: { width: 1500, height: 1000 } });
  await workbench.openFile('tutorial.gd.json');
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'finished', 'side');
  await takeAway(workbench);
  await workbench.keepPicture('exported');
  const loss = await inView(workbench, 'loss', 'side').innerText();

  const { page, folder, server } = workbench;
  const name = 'the carried run';
  await workbench.runCommand('Gradient Descent: Rename Run…');
  await page.getByText('Leave it empty for the name of the config, tutorial.').waitFor();
  await workbench.answer(name);
  await inView(workbench, 'run-name', 'side').getByText(name, { exact: true }).waitFor();

  const file = path.join(folder, 'sent.gdruns');
  await workbench.runCommand('Gradient Descent: Export Runs…');
  await chooseFile(workbench, 'Export 1 Runs', /the carried run\.gdruns$/, file);
  await page.locator('.notification-toast', { hasText: 'sent.gdruns was saved.' }).waitFor();
  expect(existsSync(file) && statSync(file).size > 0).toBe(true);

  expect(records(server)).toContain(name);
  const pane = page.locator('.pane', { has: page.locator('.pane-header', { hasText: /^runs$/i }) });
  await pane.locator('.pane-header').click();
  const row = pane.locator('.monaco-list-row', { hasText: name });
  await row.hover();
  await row.getByRole('button', { name: 'Remove Run from List' }).click();
  const removed = page.locator('.notification-toast', { hasText: `${name} was removed.` });
  await removed.hover();
  await removed.locator('.codicon-notifications-clear').click();
  // Until nobody can take that back, the run is known.
  await expect.poll(() => records(server)).not.toContain(name);
  await inView(workbench, 'run-name', 'side').waitFor({ state: 'hidden' });

  await workbench.runCommand('Gradient Descent: Import Runs…');
  await chooseFile(workbench, 'Import Runs', /\/$/, file);
  await page.locator('.notification-toast', { hasText: '1 runs of sent.gdruns were added and pinned.' }).waitFor();
  await inView(workbench, 'run-name', 'side').getByText(name, { exact: true }).waitFor();
  await untilState(workbench, 'finished', 'side');
  expect(await inView(workbench, 'loss', 'side').innerText()).toBe(loss);
  await row.filter({ hasText: 'pinned' }).waitFor();
  expect(records(server)).toContain(name);
});
