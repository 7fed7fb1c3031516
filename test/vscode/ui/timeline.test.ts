import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Workbench } from '../editor/workbench';
import { inView, runCommandTitle, uiTests, untilState } from './uiTest';

const ui = uiTests();

/** Columns of a table in the training view with all digits, a row after the other. */
async function columns(workbench: Workbench, testId: string, titles: string[]): Promise<string[][]> {
  const rows = await inView(workbench, testId)
    .locator('.grid-row')
    .evaluateAll((found) =>
      found.map((row) =>
        Array.from(row.children, (cell) => cell.getAttribute('aria-label') ?? cell.textContent.trim()),
      ),
    );
  const places = titles.map((title) => rows[0].indexOf(title));
  return rows.slice(1).map((row) => places.map((place) => row[place]));
}

const inputs = ['x0', 'x1', 'x2', 'x3', 'x4', 'x5'];

/** Both tables once they agree; `model` is the title above the weights that they show. */
async function tables(workbench: Workbench, model: 'Now' | 'Then') {
  const predicted = model === 'Now' ? 'Predicted' : 'Predicted then';
  const weights = () => columns(workbench, 'weights-table', ['Parameter', 'Initial', model]);
  const predictions = () =>
    columns(workbench, 'predictions-table', [...inputs, 'Actual', 'Untrained', predicted, 'Error']);
  const number = (cell: string | undefined) => Number(cell?.replaceAll(',', '') ?? NaN);
  const disagreement = async () => {
    const [row] = await predictions();
    const factors = row ? [...row.slice(0, inputs.length), '1'] : [];
    const output = (await weights()).reduce((sum, [, , weight], i) => sum + number(weight) * number(factors[i]), 0);
    return Math.abs(number(row?.[inputs.length + 2]) / output - 1);
  };
  await expect.poll(disagreement).toBeLessThan(1e-3);
  return { weights: await weights(), predictions: await predictions() };
}

it('shows the tutorial after epoch 10 as a run of 10 epochs ends, and takes the run itself there', async () => {
  const workbench = await ui.open();
  const original = readFileSync(path.join(workbench.folder, 'tutorial.gd.json'), 'utf8');
  await workbench.openFile('tutorial.gd.json');
  await workbench.replaceEditorText(original.replace('"epochs": 2000', '"epochs": 10'));
  await workbench.runCommand(runCommandTitle);
  await inView(workbench, 'epoch').getByText('10 of 10 epochs').waitFor();
  await untilState(workbench, 'finished');
  const short = await tables(workbench, 'Now');
  expect(short.weights).toHaveLength(7);
  expect(short.predictions).toHaveLength(10);

  await workbench.replaceEditorText(original);
  await workbench.runCommand(runCommandTitle);
  await inView(workbench, 'epoch').getByText('2,000 of 2,000 epochs').waitFor();
  await untilState(workbench, 'finished');
  const loss = await inView(workbench, 'loss').innerText();
  await inView(workbench, 'timeline-slider').focus();
  await workbench.page.keyboard.press('Home');
  for (let press = 0; press < 10; press++) await workbench.page.keyboard.press('ArrowRight');
  await inView(workbench, 'timeline-where').getByText('After 10 of 2,000 epochs').waitFor();
  expect(await tables(workbench, 'Then')).toEqual(short);
  await workbench.keepPicture('timeline');

  await inView(workbench, 'timeline-continue').click();
  await untilState(workbench, 'paused');
  expect(await inView(workbench, 'epoch').innerText()).toBe('10 of 2,000 epochs');
  expect(await tables(workbench, 'Now')).toEqual(short);
  await workbench.runCommand('Gradient Descent: Step Back (One Batch)');
  await inView(workbench, 'epoch').getByText('9 of 2,000 epochs, batch 9 of 10').waitFor();
  await inView(workbench, 'run-button').click();
  await untilState(workbench, 'finished');
  expect(await inView(workbench, 'loss').innerText()).toBe(loss);
});
