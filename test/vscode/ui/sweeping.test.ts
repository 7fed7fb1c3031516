import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { setConfigValue } from '../../../src/config/edits/setValue';
import { parseConfig } from '../../../src/config/parseConfig';
import { tutorialConfig } from '../../../src/config/templates/template';
import type { Workbench } from '../editor/workbench';
import { inView, showFile, uiTests, untilState } from './uiTest';

const ui = uiTests();

/** Writes a sweep of the tutorial over three rates, the last one over the limit, with two seeds each, and opens it. */
async function openSweep(workbench: Workbench) {
  const text = setConfigValue(setConfigValue(tutorialConfig(), 'epochs', 500), 'sweep', {
    'optimizer.lr': [1e-7, 1e-6, 1e-5],
    seed: { count: 2 },
  });
  writeFileSync(path.join(workbench.folder, 'rates.gd.json'), text);
  await showFile(workbench, 'rates.gd.json');
}

const inPage = (workbench: Workbench, testId: string) => inView(workbench, testId, 'editor');
const names = (workbench: Workbench) => workbench.webview('editor').locator('.compare-open').allInnerTexts();

it('runs a sweep from its CodeLens to the config of the best member', async () => {
  const workbench = await ui.open({ size: { width: 1500, height: 1000 } });
  const { page } = workbench;
  await openSweep(workbench);
  await page.getByRole('button', { name: 'Run Sweep (6)' }).click();
  await page.locator('.quick-input-title', { hasText: '2 of 6 members are over their limit' }).waitFor();
  // The first of the two is left out.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await inPage(workbench, 'compare-best')
    .filter({ hasText: /^Best: rates-[34] \(.*optimizer\.lr 1e-6.*\) has the lowest training loss at the end/ })
    .waitFor();
  await inPage(workbench, 'compare-count').filter({ hasText: '5 runs' }).waitFor();
  expect((await names(workbench)).sort()).toEqual(['rates-1', 'rates-2', 'rates-3', 'rates-4', 'rates-6']);
  const frame = workbench.webview('editor');
  await frame.locator('tr', { hasText: 'rates-6' }).filter({ hasText: 'diverged' }).waitFor();
  await workbench.keepPicture('sweep');
  await frame.locator('tr[data-best] .compare-open').click();
  await untilState(workbench, 'finished', 'side');
  await inView(workbench, 'open-config-button', 'side').click();
  await page.locator('.tab.active', { hasText: /^rates-[34]\.gd\.json/ }).waitFor();
  const text = await workbench.host.evaluate(({ window }) => window.activeTextEditor?.document.getText());
  expect(parseConfig(text!).config).toMatchObject({ seed: expect.any(Number) as number, optimizer: { lr: 1e-6 } });
  expect(text).not.toContain('"sweep"');
  await page.locator('.tab', { hasText: 'Sweep of rates' }).click();
  await frame.locator('tr[data-best] input').focus();
  await page.keyboard.press('Space');
  await inPage(workbench, 'compare-diff').focus();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: 'rates.gd.json: as it ran ↔ as it is now' }).waitFor();
});
