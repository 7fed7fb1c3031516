import { existsSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { RunStatus } from '../../src/protocol/protocol';
import { openingRun, restoreSnapshot } from '../../src/protocol/state';
import { closeClean, keepPicture, showTutorial, useStudio } from './looking';
import { metricsOf } from './sampleData';
import { tutorialRun } from './sampleRuns';
import { themes, type ThemeName } from './themes';

const studio = useStudio();

function tutorial(epochs: number, status: RunStatus) {
  const sample = tutorialRun(epochs);
  const run = { ...restoreSnapshot(sample.snapshot), status };
  return status === 'running' ? run : { ...run, trainLoss: 3895.02, metrics: metricsOf(sample) };
}

/** Where the parts of the head and the curve stand, in whole pixels, by their selector. */
function boxesIn(page: Page, root: string) {
  const parts = [
    '.head h1',
    '.controls > :first-child',
    '.controls > :nth-child(2)',
    '.controls > :last-child',
    '.elsewhere > :first-child',
  ];
  parts.push(
    '.state',
    '.epoch',
    '.verdict',
    '.quality',
    '.all-metrics',
    '.statistics',
    '.statistic:last-child',
    '.loss h2',
    '.readout',
    '.loss-canvas',
  );
  return page.evaluate(
    ([within, selectors]) =>
      Object.fromEntries(
        selectors.map((selector) => {
          const { x, y, width, height } = document.querySelector(`${within} ${selector}`)!.getBoundingClientRect();
          return [selector, { x, y, width, height }];
        }),
      ),
    [root, parts] as const,
  );
}

test.each([260, 300, 700, 1300])(
  'shows the run without a script, and the live page has it where it was: %i px',
  async (width) => {
    const place = width > 500 ? ('editor' as const) : ('sidePanel' as const);
    const opened = await studio.open({ width, place, written: tutorial(740, 'paused'), withoutScript: true });
    const { page } = opened;
    const names = Object.keys(themes) as ThemeName[];
    const boxes = async (theme: ThemeName, root: string, kind: string) => {
      await page.evaluate((colours) => window.applyTheme(colours), themes[theme]);
      await keepPicture(page, `staticPage/${theme}-${width}${kind}.png`);
      return boxesIn(page, root);
    };
    const before = [];
    for (const theme of names) before.push(await boxes(theme, '#static-page', ''));
    await opened.runScript();
    await showTutorial(page, 740, 'paused');
    await page.locator('#static-page').waitFor({ state: 'detached' });
    for (const [i, theme] of names.entries()) {
      const after = await boxes(theme, '#app', '-live');
      for (const [part, box] of Object.entries(before[i])) {
        for (const [side, pixels] of Object.entries(box))
          expect
            .soft(Math.abs(pixels - after[part][side as keyof typeof box]), `${theme} ${part} ${side} ${pixels}`)
            .toBeLessThanOrEqual(2);
      }
    }
    await closeClean(opened);
  },
  120_000,
);

test.each<RunStatus>(['ready', 'running', 'paused', 'finished', 'stopped', 'diverged'])(
  'says of a run what the live page says: %s',
  async (status) => {
    const opened = await studio.open({ written: tutorial(status === 'ready' ? 0 : 740, status), withoutScript: true });
    const { page } = opened;
    const still = await page.evaluate(() =>
      Object.fromEntries(
        [...document.querySelectorAll<HTMLElement>('[data-static]')].map((part) => [
          part.dataset['static']!,
          part.textContent,
        ]),
      ),
    );
    const icons = (page: Page, root: string) =>
      page.evaluate(
        (within) => [...document.querySelectorAll(`${within} .head-bar .codicon`)].map((part) => part.className),
        root,
      );
    const stillIcons = await icons(page, '#static-page');
    await opened.runScript();
    await showTutorial(page, status === 'ready' ? 0 : 740, status);
    await page.locator('#static-page').waitFor({ state: 'detached' });
    expect(still).toMatchObject({ 'run-state': status });
    for (const [name, words] of Object.entries(still)) {
      const part = name === 'main' ? page.locator('.main-button .button-text') : page.getByTestId(name);
      expect([name, words]).toEqual([name, await part.textContent()]);
    }
    expect(stillIcons).toEqual(await icons(page, '#app'));
    await closeClean(opened);
  },
);

test('asks again for its script where it is not found', async () => {
  const opened = await studio.open({ scriptMissing: 2 });
  const { page } = opened;
  await showTutorial(page, 740, 'paused');
  await page.locator('#static-page').waitFor({ state: 'detached' });
  await expect.poll(() => page.locator('script[src$="webview.js"]').count()).toBe(1);
  const notFound = expect.stringContaining('404') as string;
  expect(await opened.complaints()).toEqual([notFound, notFound]);
  await opened.close();
});

test('runs nothing that a name says, and shows it', async () => {
  const name = `"><img src=x onerror="document.title='run'"><script>document.title='run'</script>`;
  const opened = await studio.open({ written: openingRun({ id: 'a', name, startedAt: 0 }), withoutScript: true });
  await expect.poll(() => opened.page.locator('h1').textContent()).toBe(name);
  await expect.poll(() => opened.page.locator('h1').getAttribute('title')).toBe(name);
  await expect.poll(() => opened.page.title()).toBe('Gradient Descent');
  await expect.poll(() => opened.page.locator('img').count()).toBe(0);
  await closeClean(opened);
});

test('has a picture for each of its icons', () => {
  const names = [...readFileSync('webview/page/icons.ts', 'utf8').matchAll(/\| '([\w-]+)'/g)].map(([, name]) => name);
  const css = readFileSync('webview/page/icons.css', 'utf8');
  const pictures = [
    ...css.matchAll(/\.codicon-([\w-]+) \{\n {2}--icon: url\('@vscode\/codicons\/src\/icons\/([\w-]+)\.svg'\)/g),
  ];
  expect(pictures.map(([, name]) => name)).toEqual(names);
  expect(pictures.map(([, , file]) => file)).toEqual(names);
  for (const name of names) expect(existsSync(`node_modules/@vscode/codicons/src/icons/${name}.svg`)).toBe(true);
});
