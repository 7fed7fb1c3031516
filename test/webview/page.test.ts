import { expect, test } from 'vitest';
import { fileFormat, type DatasetFormat } from '../../src/base/datasetFormats';
import { actions, closeClean, showTutorial, useStudio } from './looking';
import { themes, type ThemeName } from './themes';

const studio = useStudio();

const names = Object.keys(themes) as ThemeName[];

// Each width is loaded in another theme.
test.each([260, 340, 700, 1300].map((width, i) => [width, names[i % names.length]] as const))(
  'at %i px, loaded in %s, the page keeps its security policy and never scrolls sideways in any theme',
  async (width, loaded) => {
    const opened = await studio.open({ theme: loaded, width, place: width > 500 ? 'editor' : 'sidePanel' });
    const { page } = opened;
    for (const sample of ['tutorial', 'large', 'none'] as const) {
      await page.evaluate((name) => {
        const { tutorialRun, largeRun } = window.fake.samples;
        return window.fake.show(name === 'none' ? null : name === 'large' ? largeRun(200, 40) : tutorialRun(100));
      }, sample);
      if (sample === 'none') await page.getByTestId('empty').waitFor();
      else await page.getByTestId('predictions-table').getByRole('rowheader').first().waitFor();
      for (const theme of names) {
        await page.evaluate((colours) => window.applyTheme(colours), themes[theme]);
        const scrolled = () => page.evaluate(() => document.documentElement.scrollWidth);
        await expect.poll(scrolled, { message: `${sample}, ${theme}` }).toBeLessThanOrEqual(width);
      }
    }
    await closeClean(opened);
  },
);

test('a theme that changes while the page is open recolours the curve', async () => {
  const opened = await studio.open({ theme: 'dark' });
  const { page } = opened;
  await showTutorial(page, 400);
  const curveHas = (colour: readonly [number, number, number]) => (): Promise<boolean> =>
    page.evaluate((wanted) => window.fake.curveHas(wanted), colour);
  await expect.poll(curveHas([0x37, 0x94, 0xff])).toBe(true);
  await page.evaluate((theme) => window.applyTheme(theme), themes['hc-light']);
  await expect.poll(curveHas([0x1a, 0x85, 0xff])).toBe(true);
  await closeClean(opened);
});

test('asks for a snapshot when it comes up, and shows nothing before it', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await expect
    .poll(() => page.evaluate(() => window.fake.posted))
    .toEqual([{ type: 'ready', page: expect.any(Number) as number }]);
  await expect.poll(() => page.getByTestId('empty').isVisible()).toBe(false);
  await expect.poll(() => page.getByTestId('run-state').isVisible()).toBe(false);
  await closeClean(opened);
});

test('without a run it offers the tutorial and a person’s own data', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => window.fake.show(null));
  await page.getByRole('button', { name: 'Run the Tutorial' }).click();
  await page.getByTestId('empty').getByTestId('run-other-button').click();
  await expect.poll(() => actions(page)).toEqual(['runTutorial', 'run']);
  await closeClean(opened);
});

test('without a run it offers the folder’s own files by name', async () => {
  const opened = await studio.open({ width: 260 });
  const { page } = opened;
  await page.evaluate(async () => {
    await window.fake.show(null);
    const file = (uri: string, name: string, isConfig = false) => ({ uri, name, isConfig });
    const files = [
      file('file:///f/sales.csv', 'sales.csv'),
      file('file:///f/deep/cars.gd.json', 'deep/cars.gd.json', true),
    ];
    window.fake.send({ type: 'offers', files });
  });
  const offers = page.getByTestId('empty-offer');
  await expect.poll(() => offers.allInnerTexts()).toEqual(['Train on sales.csv', 'Run cars.gd.json']);
  await expect.poll(() => offers.nth(1).getAttribute('title')).toBe('deep/cars.gd.json');
  await offers.nth(0).click();
  await expect
    .poll(() => page.evaluate(() => window.fake.posted.at(-1)))
    .toEqual({ type: 'runOffered', uri: 'file:///f/sales.csv' });
  await page.evaluate(() => window.fake.send({ type: 'offers', files: [] }));
  await page.getByTestId('empty-offers').waitFor({ state: 'hidden' });
  await closeClean(opened);
});

test('without a run it says what can be run, in every format', async () => {
  const words: Record<DatasetFormat, string> = {
    csv: 'delimited text',
    tsv: 'delimited text',
    json: 'JSON,',
    jsonl: 'JSON lines',
    npy: 'NumPy',
    npz: 'NumPy',
    parquet: 'parquet',
    xlsx: 'Excel',
    zip: 'zip',
  };
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => window.fake.show(null));
  const kinds = page.getByTestId('empty').locator('.empty-kinds');
  await kinds.waitFor();
  const text = await kinds.innerText();
  for (const word of [...Object.values(words), 'gzip']) expect(text).toContain(word);
  const patterns = [...text.matchAll(/\*(\.[a-z.]+)/g)].map(([, ending]) => `a${ending}`);
  expect(patterns.filter((name) => fileFormat(name) === undefined)).toEqual(['a.gd.json']);
  await closeClean(opened);
});

test('weights are named after their columns, with all their numbers', async () => {
  const opened = await studio.open({ width: 1000 });
  const { page } = opened;
  await showTutorial(page, 500, 'paused');
  const table = page.getByTestId('weights-table');
  await table.getByRole('rowheader', { name: 'bias' }).waitFor();
  await expect
    .poll(() => table.getByRole('columnheader').allInnerTexts())
    .toEqual(['Parameter', 'Now', 'Gradient', 'Last change', 'Initial']);
  await expect
    .poll(() => table.getByRole('rowheader').allInnerTexts())
    .toEqual(['x0', 'x1', 'x2', 'x3', 'x4', 'x5', 'bias']);
  const first = await table.getByRole('row').nth(1).getByRole('gridcell').allTextContents();
  const { now, gradient } = await page.evaluate(() => {
    const { progress } = window.fake.run!.snapshot;
    return { now: progress.checkpoint.parameters[0], gradient: progress.gradients[0] };
  });
  expect(first[3]).toBe('-0.00305648');
  expect(Number(first[0])).toBeCloseTo(now, 3);
  expect(Number(first[1].replaceAll(',', '')) / gradient).toBeCloseTo(1, 5);
  await closeClean(opened);
});

test('several targets name each weight by target and input', async () => {
  const opened = await studio.open({ width: 1000 });
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(0);
    run.snapshot.shape!.inputNames = ['a', 'b'];
    run.snapshot.shape!.targetNames = ['y', 'z'];
    run.snapshot.shape!.model = window.fake.samples.linearModel(run.snapshot.shape!.inputNames.length, 2);
    run.snapshot.initial = run.snapshot.progress.checkpoint.parameters = Float32Array.of(1, 2, 3, 4, 5, 6);
    window.fake.holdRows = true;
    return window.fake.show(run);
  });
  await expect
    .poll(() => page.getByTestId('weights-table').getByRole('rowheader').allInnerTexts())
    .toEqual(['y ← a', 'y ← b', 'z ← a', 'z ← b', 'y ← bias', 'z ← bias']);
  await closeClean(opened);
});

test('every control has a name, and every section a heading', async () => {
  const opened = await studio.open({ width: 1000 });
  const { page } = opened;
  await page.evaluate(() => window.fake.show(window.fake.samples.largeRun(500, 30)));
  await page.getByTestId('predictions-table').getByRole('rowheader').first().waitFor();
  const nameless = await page.evaluate(() =>
    Array.from(document.querySelectorAll('vscode-button, vscode-dropdown, vscode-text-field, vscode-checkbox, button'))
      .filter((control) => !control.getAttribute('aria-label') && !control.textContent.trim())
      .map((control) => control.outerHTML),
  );
  expect(nameless).toEqual([]);
  const headings = await page.getByRole('heading').allInnerTexts();
  const sections = 'Loss, Weights and bias, Why, Loss landscape, One step, What if, Predictions, Data, Column'.split(
    ', ',
  );
  expect(headings).toEqual(['houses', ...sections]);
  await expect.poll(() => page.getByRole('region').count()).toBe(9);
  await closeClean(opened);
});
