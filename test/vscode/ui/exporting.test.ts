import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readModel } from '../../../src/exports/modelFile';
import type { Workbench } from '../editor/workbench';
import { runCommandTitle, uiTests, untilState } from './uiTest';

const ui = uiTests();

/**
 * Answers the file dialog of the workbench with a path, and waits until it has gone. A dialog writes what it proposes, and
 * lists the folder, in its own time.
 */
async function chooseFile({ page }: Workbench, title: string, proposed: RegExp, file: string): Promise<void> {
  const dialog = page.locator('.quick-input-widget:visible', { hasText: title });
  const input = dialog.locator('input.input:visible');
  await dialog.locator('.monaco-list-row').first().waitFor();
  await expect.poll(() => input.inputValue()).toMatch(proposed);
  await expect
    .poll(async () => {
      if ((await input.inputValue()) !== file) await input.fill(file);
      return input.inputValue();
    })
    .toBe(file);
  await dialog.getByRole('button', { name: /^(OK|Save|Predict)$/ }).click();
  await dialog.waitFor({ state: 'hidden' });
}

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

it('exports every epoch and the model, and predicts the rows of a second file', async () => {
  const workbench = await ui.open({ size: { width: 1500, height: 1000 } });
  const { folder, page } = workbench;
  await workbench.openFile('tutorial.gd.json');
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'finished', 'side');

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
  await workbench.screenshot('exported');
});
