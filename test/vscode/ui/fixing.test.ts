import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Workbench } from '../editor/workbench';
import { inView, runCommandTitle, uiTests, untilState } from './uiTest';

const ui = uiTests();

/** The loss that the view shows. */
async function shownLoss(workbench: Workbench): Promise<number> {
  return Number((await inView(workbench, 'loss').innerText()).replaceAll(',', ''));
}

/** How the view says that the run stands, once its data are looked into. */
async function verdictKind(workbench: Workbench): Promise<string | null> {
  await inView(workbench, 'gauge')
    .getByText(/the (safe )?limit/)
    .waitFor();
  return workbench.webview().locator('.verdict').getAttribute('data-kind');
}

it('mends a rate that is over its limit: while it is typed, and by one click after the run has diverged', async () => {
  const workbench = await ui.open();
  const { page } = workbench;
  const lines = readFileSync(path.join(workbench.folder, 'tutorial.gd.json'), 'utf8').split('\n');
  const line = lines.findIndex((text) => text.includes('"lr": 1e-6')) + 1;
  const end = lines[line - 1].indexOf('1e-6') + '1e-6'.length + 1;
  await workbench.openFile('tutorial.gd.json');
  // The editor shows unbreakable spaces.
  const shown = (text: RegExp) =>
    page.locator('.view-line', { hasText: new RegExp(text.source.replaceAll(' ', '\\s')) }).waitFor();
  await shown(/"lr": 1e-6.*82 % of the limit 1\.22e-6/);
  await workbench.goTo(line, end);
  await page.keyboard.press('Backspace');
  await page.keyboard.type('5');
  await page.locator('.squiggly-warning').first().waitFor();
  await shown(/"lr": 1e-5.*8\.2 times the limit 1\.22e-6/);
  await workbench.keepPicture('rate-over-limit');
  await page.keyboard.press('ControlOrMeta+.');
  const first = page.locator('.action-widget .monaco-list-row.focused');
  await first.filter({ hasText: 'Set lr to half the limit (6.1e-7)' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.squiggly-warning').first().waitFor({ state: 'detached' });
  // Between a number and the text beside it 1.100 writes a hair space, 1.139 none.
  await shown(/"lr": 6\.1e-7.?50 % of the limit 1\.22e-6/);
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'finished');
  expect(['converged', 'improving']).toContain(await verdictKind(workbench));
  // Of the targets 6000, 6320.7, … about their mean.
  const variance = (320.7 ** 2 * (10 ** 2 - 1)) / 12;
  expect(await shownLoss(workbench)).toBeLessThan(variance / 10);

  await workbench.openFile('cars-diverges.gd.json');
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'diverged');
  const notice = inView(workbench, 'notice');
  await notice
    .getByText(
      /^Diverged at epoch \d+, batch \d+: lr 0\.02 is \S+ times the safe limit \S+ for the last batch, which has 26 rows/,
    )
    .waitFor();
  expect(await inView(workbench, 'loss').innerText()).toBe('∞');
  await workbench.keepPicture('post-mortem');
  await notice.getByRole('button', { name: /^Scale the inputs and set lr to/ }).click();
  await untilState(workbench, 'finished');
  await shown(/^ *"scale": "standard"/);
  expect(['converged', 'improving', 'stuck']).toContain(await verdictKind(workbench));
  // The smallest possible loss is 11.74, that of the mean 61.
  expect(await shownLoss(workbench)).toBeLessThan(13);
});

it('trains a csv from two questions, and leads to the cell that keeps it from running', async () => {
  const workbench = await ui.open();
  const { page } = workbench;
  const data = path.join(workbench.folder, 'plants.csv');
  const rows = readFileSync(data, 'utf8').split('\n');
  const [light, water, growth] = rows[3].split(',');
  rows[3] = `${light},x,${growth}`;
  writeFileSync(data, rows.join('\n'));
  await workbench.openFile('plants.csv');
  await workbench.runCommand(runCommandTitle);
  await workbench.pick('growth_cm');
  await workbench.quickPickRow('water_litres').waitFor();
  await page.locator('.quick-input-widget:visible').getByText('OK', { exact: true }).click();
  await untilState(workbench, 'failed');
  await page.locator('.tab.active', { hasText: 'plants.gd.json' }).waitFor();
  const problem = inView(workbench, 'problem-0');
  await problem.getByText(/"water_litres"/).waitFor();
  const column = light.length + 2;
  await problem.getByText(`plants.csv:4:${column}`).waitFor();
  await problem.click();
  await page.locator('.tab.active', { hasText: 'plants.csv' }).waitFor();
  await page.locator('.statusbar-item', { hasText: `Ln 4, Col ${column + 1} (1 selected)` }).waitFor();
  await page.locator('.editor-instance .monaco-editor.focused .squiggly-error').first().waitFor();
  await page.keyboard.type(water);
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
  await inView(workbench, 'run-button').click();
  await untilState(workbench, 'finished');
  await inView(workbench, 'weights-table').getByText('water_litres').waitFor();
});
