import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { closeClean, useStudio } from './looking';
import { themes, type ThemeName } from './themes';

const studio = useStudio();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rules for a whole site: VS Code puts the page into a frame of its own, under its own title and landmarks. */
const notOfAFrame = ['region', 'landmark-one-main', 'page-has-heading-one'];
/** What is wanted here: a number that is shown in few digits is read in all of them. */
const intended = ['label-content-name-mismatch'];

/** What a theme has a part in. */
const ofColours = ['color-contrast', 'link-in-text-block'];
const names = Object.keys(themes) as ThemeName[];

test.each([
  { width: 260, themes: names },
  { width: 700, themes: names.slice(0, 1) },
  // Colours are those of 260 px.
  { width: 1300, themes: names.slice(0, 1) },
])('axe finds no violation: $width px', async ({ width, themes: looked }) => {
  const opened = await studio.open({ theme: names[0], width, place: width > 500 ? 'editor' : 'sidePanel' });
  const { page } = opened;
  // The page's policy allows no script but its own; this is what a person's tools do too.
  await page.evaluate(axe);
  for (const sample of ['tutorialRun', 'classRun', 'none'] as const) {
    await page.evaluate((name) => {
      const { tutorialRun, classRun, curvatureOf, metricsOf } = window.fake.samples;
      const run = name === 'classRun' ? classRun() : tutorialRun(740);
      if (name === 'tutorialRun') run.snapshot.curvature = curvatureOf(run);
      run.snapshot.status = 'paused';
      run.snapshot.metrics = metricsOf(run);
      return window.fake.show(name === 'none' ? null : run);
    }, sample);
    if (sample === 'none') await page.getByTestId('empty').waitFor();
    else await page.getByTestId('predictions-table').getByRole('rowheader').first().waitFor();
    for (const theme of looked) {
      await page.evaluate((colours) => window.applyTheme(colours), themes[theme]);
      // What scrolls can be reached by keyboard from the frame on in which that is known.
      const all = () => violations(page, theme === names[0]);
      await expect.poll(all, { message: `${sample}, ${theme}` }).toEqual('');
    }
  }
  await closeClean(opened);
});

/** What axe finds in the page as it is shown: by all rules, or by those about colours. */
function violations(page: Page, byAllRules: boolean): Promise<string> {
  return page.evaluate(
    async ([skipped, wanted]) => {
      const { axe } = window as unknown as { axe: { run(where: Document, options: object): Promise<AxeResults> } };
      const rules = Object.fromEntries(skipped.map((rule) => [rule, { enabled: false }]));
      const only = wanted && { runOnly: { type: 'rule', values: wanted } };
      const found = await axe.run(document, { rules, resultTypes: ['violations'], ...only });
      const all = found.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
      );
      return all.join('\n');
    },
    [[...notOfAFrame, ...intended], byAllRules ? undefined : ofColours] as const,
  );
}
