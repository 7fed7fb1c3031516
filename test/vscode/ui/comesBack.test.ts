import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { setConfigValue } from '../../../src/config/edits/setValue';
import { netConfig } from '../../../src/config/templates/netTemplate';
import { inView, runConfig, showFile, uiTests, untilShown, untilState } from './uiTest';

declare global {
  interface Window {
    /** The text of the page before its script had run. */
    seenBeforeScript?: string;
  }
}

const ui = uiTests();

it('is the same page after another side bar was shown', async () => {
  const workbench = await ui.open();
  await runConfig(workbench, 'tutorial', 'finished', 'side');
  const frame = await workbench.webviewFrame('side');
  await frame.evaluate(() => (document.body.dataset['mark'] = 'kept'));
  await workbench.activityBarItem('Search').click();
  await workbench.page.locator('iframe.webview').waitFor({ state: 'hidden' });
  await workbench.showSidePanel();
  await untilState(workbench, 'finished');
  expect(await workbench.webview('side').locator('body').getAttribute('data-mark')).toBe('kept');
});

it('has the text of a config without a file after a reload', async () => {
  const workbench = await ui.open();
  const { page } = workbench;
  await workbench.runCommand('Gradient Descent: New Config');
  await workbench.pick('Two spirals');
  const lines = page.locator('.monaco-editor .view-lines');
  await lines.getByText('spirals').first().waitFor();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.type('// mine');
  const backups = path.join(workbench.server.userDataFolder, 'User', 'Backups');
  await expect.poll(() => textsIn(backups)).toContain('// mine');
  await workbench.reload();
  await lines.getByText('// mine').waitFor();
  await lines.getByText('spirals').first().waitFor();
});

it('has each run as it stood after a reload in the middle of a sweep, its members paused and compared as before', async () => {
  const workbench = await ui.open();
  const { folder, page } = workbench;
  const write = (name: string, text: string) => writeFileSync(path.join(folder, `${name}.gd.json`), text);
  const tutorial = readFileSync(path.join(folder, 'tutorial.gd.json'), 'utf8');
  write('misfit', setConfigValue(tutorial, 'split', [8, 4]));
  write('net', netConfig('xor'));
  // Many rows, so that what comes back has few epochs.
  const many = { dataset: { generate: 'linear', samples: 20_000, features: 6 }, epochs: 1e9 };
  write(
    'rates',
    JSON.stringify({ ...many, optimizer: { type: 'SGD', lr: 0.01 }, sweep: { 'optimizer.lr': [0.001, 0.01] } }),
  );
  await runConfig(workbench, 'misfit', 'failed', 'side');
  await runConfig(workbench, 'net', 'finished', 'side');
  await runConfig(workbench, 'tutorial', 'finished', 'side');
  const loss = await inView(workbench, 'loss', 'side').innerText();
  await showFile(workbench, 'rates.gd.json');
  await page.getByRole('button', { name: 'Run Sweep (2)' }).click();
  const editor = workbench.webview('editor');
  const compared = editor.locator('.compare-open');
  await editor.locator('tr', { hasText: 'running' }).nth(1).waitFor();
  await compared.filter({ hasText: 'rates-1' }).click();
  await untilShown(workbench, 'rates-1', 'running', 'side');

  const notes = await workbench.context.addInitScript(noteStaticPage);
  // VS Code in a browser may lose one of two webviews that come back at once: each of them replaces the other's service worker.
  await workbench.activityBarItem('Search').click();
  await workbench.keepTab('Sweep of rates: 2 Runs');
  await workbench.reload();
  await editor.locator('tr', { hasText: 'paused' }).nth(1).waitFor();
  expect((await compared.allInnerTexts()).sort()).toEqual(['rates-1', 'rates-2']);
  await workbench.showSidePanel();
  await untilShown(workbench, 'rates-1', 'paused', 'side');
  await notes.dispose();
  const seen = await (await workbench.webviewFrame('side')).parentFrame()!.evaluate(() => window.seenBeforeScript);
  expect(seen).toContain('paused');
  expect(seen).toContain(await inView(workbench, 'loss', 'side').innerText());
  await inView(workbench, 'notice', 'side')
    .getByText(/reloaded/)
    .waitFor();
  await inView(workbench, 'run-button', 'side').click();
  await untilState(workbench, 'running', 'side');
  await inView(workbench, 'stop-button', 'side').click();
  await untilState(workbench, 'stopped', 'side');

  const pane = page.locator('.pane', { has: page.locator('.pane-header', { hasText: /^runs$/i }) });
  await pane.locator('.pane-header').click();
  const choose = (name: string) => pane.locator('.monaco-list-row', { hasText: name }).click();
  await choose('tutorial');
  await untilShown(workbench, 'tutorial', 'finished', 'side');
  expect(await inView(workbench, 'loss', 'side').innerText()).toBe(loss);
  await inView(workbench, 'predictions-table', 'side')
    .getByText(/^8,94(7\.\d+|[78])$/)
    .waitFor();
  await choose('net');
  await untilShown(workbench, 'net', 'finished', 'side');
  await inView(workbench, 'surface-note', 'side').getByText('x1 over x0').waitFor();
  await choose('misfit');
  await untilShown(workbench, 'misfit', 'failed', 'side');
  await inView(workbench, 'problem-0', 'side')
    .getByText(/adds up to 12, but the dataset has 10 rows/)
    .click();
  await page.locator('.tab.active', { hasText: 'misfit.gd.json' }).waitFor();
});

/** Runs in the frame that VS Code makes for a page: notes what the page shows before its script has run. */
function noteStaticPage(): void {
  if (window === top) return;
  const look = () => {
    const frame = document.querySelector<HTMLIFrameElement>('#pending-frame, #active-frame');
    const page = frame?.contentDocument?.getElementById('static-page');
    if (page?.textContent) window.seenBeforeScript = page.textContent;
    else requestAnimationFrame(look);
  };
  look();
}

/** What the files of a folder and its folders hold; nothing where it is not there. */
function textsIn(folder: string): string {
  if (!existsSync(folder)) return '';
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return found.map(({ parentPath, name }) => readFileSync(path.join(parentPath, name), 'utf8')).join('\n');
}
