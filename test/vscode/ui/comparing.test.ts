import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { setConfigValue } from '../../../src/config/edits/setValue';
import { tutorialConfig } from '../../../src/config/templates/template';
import type { Workbench } from '../editor/workbench';
import { inView, runConfig, uiTests } from './uiTest';

const ui = uiTests();
const rates = { slow: 1e-7, good: 1e-6, fast: 1e-5 };

/** Runs the tutorial at three rates, the last one over the limit. */
async function trainThree(workbench: Workbench) {
  for (const [name, lr] of Object.entries(rates)) {
    const file = path.join(workbench.folder, `${name}.gd.json`);
    writeFileSync(file, setConfigValue(tutorialConfig(), 'optimizer.lr', lr));
    await runConfig(workbench, name, name === 'fast' ? 'diverged' : 'finished', 'side');
  }
}

const inPage = (workbench: Workbench, testId: string) => inView(workbench, testId, 'editor');
const names = (workbench: Workbench) => workbench.webview('editor').locator('.compare-open').allInnerTexts();

it('compares three runs by keyboard alone: sorts them, shows two configs side by side, and opens one', async () => {
  const workbench = await ui.open({ size: { width: 1500, height: 1000 } });
  const { page } = workbench;
  await trainThree(workbench);
  await workbench.runCommand('Gradient Descent: Compare Runs');
  // The two newest are chosen; the third one too, then.
  await workbench.quickPickRow('slow').waitFor();
  await page.keyboard.press('Control+A').catch(() => undefined);
  await page.keyboard.type('slow');
  await workbench.quickPickRow('good').waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await inPage(workbench, 'compare-best')
    .filter({ hasText: 'Best: good (optimizer.lr 1e-6) has the lowest training loss at the end, 3,89' })
    .waitFor();
  expect((await names(workbench)).sort()).toEqual(['fast', 'good', 'slow']);
  const frame = workbench.webview('editor');
  await frame.getByRole('button', { name: 'Loss', exact: true }).focus();
  await page.keyboard.press('Enter');
  expect(await names(workbench)).toEqual(['good', 'slow', 'fast']);
  await inPage(workbench, 'compare-clipped').filter({ hasText: '1 curve leaves the plot at the top: fast' }).waitFor();
  await workbench.keepPictures('comparing');
  const row = (name: string) => frame.locator('tr', { has: frame.getByRole('button', { name, exact: true }) });
  await row('slow').getByRole('button').focus();
  await page.keyboard.press('Enter');
  await inView(workbench, 'run-name', 'side').getByText('slow', { exact: true }).waitFor();
  for (const name of ['good', 'fast']) {
    await row(name).getByRole('checkbox').focus();
    await page.keyboard.press('Space');
  }
  await inPage(workbench, 'compare-diff').focus();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: /(good ↔ fast|fast ↔ good)/ }).waitFor();
  await page
    .locator('.monaco-diff-editor .view-line', { hasText: /"lr":\s0\.00001\s/ })
    .first()
    .waitFor();
});

it('compares the runs whose boxes are checked in the list', async () => {
  const workbench = await ui.open();
  const { page } = workbench;
  await trainThree(workbench);
  const pane = page.locator('.pane', { has: page.locator('.pane-header', { hasText: /^runs$/i }) });
  await pane.locator('.pane-header').click();
  const row = (name: string) => pane.locator('.monaco-list-row', { hasText: name });
  for (const name of ['slow', 'good']) await row(name).getByRole('checkbox').click();
  await workbench.runCommand('Gradient Descent: Compare Runs');
  await inPage(workbench, 'compare-best').filter({ hasText: 'Best: good' }).waitFor();
  expect(await names(workbench)).toEqual(['slow', 'good']);
});
