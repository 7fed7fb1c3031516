import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { readModel } from '../../../src/exports/modelFile';
import type { Workbench } from '../editor/workbench';
import { chooseFile } from './fileDialog';

/** Exports the run that is shown to a file of the workspace. */
async function exportAs(workbench: Workbench, kind: string, name: string): Promise<string> {
  const file = path.join(workbench.folder, name);
  await workbench.runCommand('Gradient Descent: Export…');
  await workbench.quickPickRow(kind, true).click();
  await chooseFile(workbench, 'Export tutorial', /tutorial[^/]*$/, file);
  // What is in it is written after it is made.
  await expect.poll(() => existsSync(file) && statSync(file).size > 0).toBe(true);
  return file;
}

/** Takes away of the tutorial's finished run in the side panel: every epoch, a script, the model, a table, and predictions for a second file. */
export async function takeAway(workbench: Workbench): Promise<void> {
  const { folder, page } = workbench;
  const lines = readFileSync(await exportAs(workbench, 'Every epoch', 'curve.csv'), 'utf8')
    .trim()
    .split('\n');
  expect(lines[0]).toBe('epoch,loss,batch_loss,lr');
  expect(lines).toHaveLength(2001);
  const script = readFileSync(await exportAs(workbench, 'PyTorch script', 'again.py'), 'utf8');
  expect(script).toContain('for epoch in range(2000):');
  const model = readModel(readFileSync(await exportAs(workbench, 'Model', 'best.safetensors')));
  expect(model.inputs.map(({ column }) => column)).toEqual(['x0', 'x1', 'x2', 'x3', 'x4', 'x5']);

  const data = path.join(folder, 'second.csv');
  const out = path.join(folder, 'second-out.csv');
  writeFileSync(data, 'x0,x1,x2,x3,x4,x5,id\n58,63.5,69,74.5,80,85.5,a1\n58,,69,74.5,80,85.5,b2\n');
  await workbench.runCommand('Gradient Descent: Predict with This Model…');
  await chooseFile(workbench, 'Predict with tutorial', /\/$/, data);
  await chooseFile(workbench, 'Save Predictions', /\.csv$/, out);
  const toast = page.locator('.notification-toast', { hasText: 'second-out.csv was saved.' });
  await toast.filter({ hasText: '1 row of 2 without a prediction' }).waitFor();
  const [head, first, second] = readFileSync(out, 'utf8').trim().split('\n');
  expect(head).toBe('x0,x1,x2,x3,x4,x5,id,predicted y,note');
  // The first row of the tutorial, whose prediction PyTorch takes to about 5,888.
  expect(Math.abs(Number(first.split(',')[7]) - 5888)).toBeLessThan(5);
  expect(second).toMatch(/b2,,"""x1"" is empty"$/);

  await workbench.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const weights = '.grid-box:has([data-testid="weights-table"])';
  await workbench.webview('side').locator(`${weights} [data-testid="copy-table"]`).click();
  const copied = async () => (await page.evaluate(() => navigator.clipboard.readText())).trim().split(/\r?\n/);
  await expect
    .poll(async () => (await copied()).map((line) => line.split('\t')[0]))
    .toEqual(['Parameter', 'x0', 'x1', 'x2', 'x3', 'x4', 'x5', 'bias']);
}
