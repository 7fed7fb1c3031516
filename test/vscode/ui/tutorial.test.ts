import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { expectTutorialLoss, inView, runCommandTitle, uiTests, untilState } from './uiTest';

const ui = uiTests();

/** Pixels of the loss chart's canvas that something is drawn on. */
function countDrawnPixels(canvas: SVGElement | HTMLElement): number {
  const { width, height } = canvas as HTMLCanvasElement;
  const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
  let drawn = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] > 0) drawn++;
  return drawn;
}

it('trains the tutorial from the palette: chart drawn, tables filled', async () => {
  const workbench = await ui.open();
  await workbench.runCommand(runCommandTitle);
  await workbench.pick('The tutorial (10 rows, generated)');
  await untilState(workbench, 'finished');
  expectTutorialLoss(await inView(workbench, 'loss').innerText());
  expect(await inView(workbench, 'epoch').innerText()).toMatch(/2.?000/);
  const canvas = workbench.webview().locator('canvas').first();
  expect(await canvas.evaluate(countDrawnPixels)).toBeGreaterThan(1000);
  const weights = inView(workbench, 'weights-table');
  await weights.getByText('bias', { exact: true }).waitFor();
  const predictions = inView(workbench, 'predictions-table');
  await predictions.getByText(/^8,94(7\.\d+|[78])$/).waitFor();
  await predictions.getByText(/^5,88(4\.\d+|[45])$/).waitFor();
});

it('pauses a run, resumes it and stops it', async () => {
  const workbench = await ui.open();
  await workbench.openFile('tutorial.gd.json');
  const config = {
    seed: 3,
    dataset: { generate: 'linear', samples: 50, features: 2 },
    optimizer: { type: 'SGD', lr: 1e-4 },
  };
  await workbench.replaceEditorText(JSON.stringify({ ...config, epochs: 1e9 }));
  await workbench.saveEditor();
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'running');
  await workbench.page.locator('.statusbar-item', { hasText: /epoch \d+/ }).waitFor();
  await inView(workbench, 'pause-button').click();
  await untilState(workbench, 'paused');
  await inView(workbench, 'run-button').click();
  await untilState(workbench, 'running');
  await inView(workbench, 'stop-button').click();
  await untilState(workbench, 'stopped');
});

it('underlines what does not fit, and trains when it is put right', async () => {
  const workbench = await ui.open();
  await workbench.openFile('tutorial.gd.json');
  const config = (split: number[]) =>
    JSON.stringify(
      { seed: 0, dataset: { file: 'plants.csv' }, split, optimizer: { type: 'SGD', lr: 0.001 }, epochs: 20 },
      null,
      2,
    );
  await workbench.replaceEditorText(config([24, 4]));
  await workbench.page.locator('.squiggly-error').first().waitFor();
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'failed');
  const problem = inView(workbench, 'problem-0').getByText(/adds up to 28, but the dataset has 30 rows/);
  await problem.waitFor();
  await workbench.openFile('cars.gd.json');
  await problem.click();
  await workbench.page.locator('.tab.active', { hasText: 'tutorial.gd.json' }).waitFor();
  // The tab was active before the click, whose selection is not to come after what is typed next.
  await workbench.page.locator('.statusbar-item', { hasText: /Ln 9, Col 4 \(19 selected\)/ }).waitFor();
  await workbench.replaceEditorText(config([24, 6]));
  await workbench.page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'finished');
  await inView(workbench, 'validation-loss').waitFor();
});

it('learns classes by name, with scaled inputs', async () => {
  const workbench = await ui.open();
  const kinds = { pebble: 1, stone: 4, rock: 9 };
  const rows = Object.entries(kinds).flatMap(([kind, size]) =>
    Array.from({ length: 8 }, (_, i) => `${size + i / 10},${size * 2 - i / 5},${kind}`),
  );
  writeFileSync(path.join(workbench.folder, 'stones.csv'), ['length,weight,kind', ...rows].join('\n'));
  await workbench.openFile('tutorial.gd.json');
  const config = {
    seed: 0,
    dataset: { file: 'stones.csv', targets: ['kind'], scale: 'standard' },
    split: [18, 6],
    loader: { batch_size: 6 },
    loss: 'cross_entropy',
    optimizer: { type: 'Adam', lr: 0.05 },
    scheduler: { type: 'StepLR', step_size: 50 },
    epochs: 120,
  };
  await workbench.replaceEditorText(JSON.stringify(config, null, 2));
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'finished');
  const weights = inView(workbench, 'weights-table');
  await weights.getByText('rock ← length').waitFor();
  await weights.getByText('Original units').waitFor();
  const predictions = inView(workbench, 'predictions-table');
  await predictions.getByText('pebble').first().waitFor();
  expect(await predictions.getByText('right', { exact: true }).count()).toBeGreaterThan(5);
  await workbench.keepPicture('classes');
});
