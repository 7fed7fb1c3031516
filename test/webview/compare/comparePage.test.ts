import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CompareRequest } from '../../../src/compare/messages';
import { parseConfig } from '../../../src/config/parseConfig';
import { setConfigValue } from '../../../src/config/edits/setValue';
import { tutorialConfig } from '../../../src/config/templates/template';
import { CompareFeed, type FedRun } from '../../../src/host/compare/compareFeed';
import { packNumbers } from '../../../src/protocol/postedNumbers';
import { memberTexts, membersOf } from '../../../src/sweep/members';
import { MemberPool } from '../../../src/sweep/memberPool';
import { sessionWorkers } from '../../helpers/sessionWorkers';
import { closeClean, keepPicture, restingPlace, text, useStudio } from '../looking';
import type { OpenOptions } from '../openPage';
import { themes, type ThemeName } from '../themes';

const studio = useStudio({ compare: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let runs: FedRun[];
/** Twelve members of a sweep over four rates and three seeds, and nine over momentum and rate. */
let seeded: FedRun[];
let paired: FedRun[];

/** Five runs of the tutorial that were really trained: four rates, the last one over the limit, and one of another model. */
beforeAll(async () => {
  const split = setConfigValue(setConfigValue(tutorialConfig(), 'split', [8, 2]), 'epochs', 400);
  const text = setConfigValue(split, 'sweep', {
    'optimizer.lr': [1e-8, 1e-7, 1e-6, 1e-5],
    'model.bias': [true, false],
  });
  runs = await trained(text, (_, i) => i % 2 === 0 || i === 5);
  const short = setConfigValue(tutorialConfig(), 'epochs', 200);
  seeded = await trained(
    setConfigValue(short, 'sweep', { 'optimizer.lr': [1e-8, 1e-7, 1e-6, 1e-5], seed: { count: 3 } }),
  );
  paired = await trained(
    setConfigValue(short, 'sweep', { 'optimizer.momentum': [0, 0.5, 0.9], 'optimizer.lr': [1e-8, 1e-7, 1e-6] }),
  );
});

/** The members of a sweep, trained. */
async function trained(text: string, isMeant: (settings: unknown, i: number) => boolean = () => true) {
  const settings = membersOf(parseConfig(text).config!).filter(isMeant);
  const texts = memberTexts(text, settings);
  const pool = new MemberPool(
    settings.map((_, i) => ({
      identity: { id: `id${i}`, name: `run-${i + 1}`, startedAt: i },
      request: { configText: texts[i], configFile: 'a.gd.json', seed: 0 },
    })),
    { startWorker: sessionWorkers().startWorker, jobs: 1 },
  );
  await pool.check();
  await pool.train();
  return pool.states.map((state, i): FedRun => ({ id: state.identity.id, state, source: pool.members[i].request }));
}

/** The page with these runs in it, fed as the extension host feeds it. */
async function compare(options: OpenOptions = {}, shown = () => runs, chosen = runs) {
  const opened = await studio.open({ place: 'editor', width: 1300, ...options });
  const { page } = opened;
  const find = (id: string) => shown().find((run) => run.id === id);
  const feed = new CompareFeed(
    chosen.map(({ id }) => id),
    { find, wholeOf: ({ state }) => Promise.resolve(state) },
    (update) => {
      void page.evaluate((message) => window.postMessage(message, '*'), packNumbers(update) as never);
    },
  );
  const exposed = await page.exposeFunction('drawnBy', (update: number) => feed.drawn(update));
  opened.endings.push(() => exposed.dispose());
  await page.evaluate(() => {
    window.fake.onRequest = (request) => {
      if (request.type === 'drawn') (window as unknown as { drawnBy(update: number): void }).drawnBy(request.update);
    };
  });
  feed.ready();
  await page.getByTestId('compare-best').filter({ hasText: /\w/ }).waitFor();
  return { ...opened, feed };
}

const posted = (page: Page) => page.evaluate(() => window.fake.posted as unknown[] as CompareRequest[]);
const names = (page: Page) => page.locator('.compare-open').allInnerTexts();
const titles = (page: Page) => page.locator('.compare-sort').allInnerTexts();

describe('a sweep', () => {
  it('over one number and seeds shows the outcome with its limit, means, and one curve a group', async () => {
    const opened = await compare({}, () => seeded, seeded);
    const { page } = opened;
    const words = await text(page, 'compare-outcome-words');
    expect(words).toMatch(
      /^Best at optimizer\.lr 1e-6: [\d,]+ ± [\d,]+\. ✕: 3 runs diverged\. Dashed: the largest stable rate, 1\.22491e-6\.$/,
    );
    const rows = await page.getByTestId('compare-folded').locator('tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split('\t').slice(0, 2))).toEqual([
      ['1e-8', '3'],
      ['1e-7', '3'],
      ['1e-6', '3'],
      ['1e-5', '3'],
    ]);
    await expect.poll(() => names(page)).toHaveLength(12);
    const signs = await page.locator('.compare-sign').allInnerTexts();
    expect(new Set(signs).size).toBe(4);
    await keepPicture(page, 'compare-seeds.png', { fullPage: true });
    await page.getByTestId('compare-mean').click();
    await expect.poll(async () => new Set(await page.locator('.compare-sign').allInnerTexts()).size).toBe(7);
    await closeClean(opened);
  });

  it('cuts a name that leaves no room for what is compared, and has it whole under the pointer', async () => {
    const name = 'a very long name '.repeat(30).trim();
    const named = runs.map((run, i) => (i === 0 ? { ...run, state: { ...run.state, label: { name } } } : run));
    const opened = await compare({ width: 500 }, () => named, named);
    const { page } = opened;
    const button = page.getByRole('button', { name, exact: true });
    await button.waitFor();
    expect((await button.boundingBox())!.width).toBeLessThan(250);
    expect(await button.getAttribute('title')).toBe(`Open ${name}`);
    await keepPicture(page, 'compare-long-name.png', { fullPage: true });
    await closeClean(opened);
  });

  it('shows what diverged and the limit also where no run has ended well', async () => {
    const lost = await trained(setConfigValue(tutorialConfig(), 'sweep', { 'optimizer.lr': [1e-5, 1e-3, 1e-2] }));
    const opened = await compare({}, () => lost, lost);
    const { page } = opened;
    await expect.poll(() => text(page, 'compare-outcome-words')).toMatch(/^✕: 3 runs diverged\. Dashed: /);
    const isDrawn = () =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('[data-testid="compare-outcome"]')!;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return data.some((byte) => byte > 0);
      });
    await expect.poll(isDrawn).toBe(true);
    await closeClean(opened);
  });

  it('over optimizers and seeds tells the means of each apart by all of its keys', async () => {
    const optimizers = [{ type: 'Adadelta' }, { type: 'SGD', lr: 1e-7 }, { type: 'SGD', lr: 1e-7, momentum: 0.5 }];
    const mixed = await trained(
      setConfigValue(setConfigValue(tutorialConfig(), 'epochs', 20), 'sweep', {
        optimizer: optimizers,
        seed: { count: 2 },
      }),
    );
    const opened = await compare({}, () => mixed, mixed);
    const folded = opened.page.getByTestId('compare-folded');
    await expect.poll(() => folded.locator('th').allInnerTexts()).toContain('optimizer.momentum');
    await expect.poll(() => folded.locator('th').allInnerTexts()).toContain('optimizer.rho');
    await closeClean(opened);
  });

  it.each(Object.keys(themes) as ThemeName[])('over two numbers shows a map: %s', async (theme) => {
    const opened = await compare({ theme, width: 700 }, () => paired, paired);
    const { page } = opened;
    await expect
      .poll(() => text(page, 'compare-outcome-words'))
      .toMatch(/^Best at optimizer\.lr \S+, optimizer\.momentum \S+: /);
    await expect
      .poll(() => page.locator('.compare-heading').innerText())
      .toBe('Training loss at the end over optimizer.lr (→) and optimizer.momentum (↑)');
    await keepPicture(page, `compare-map-${theme}.png`, { fullPage: true });
    await closeClean(opened);
  });
});

describe('a comparison', () => {
  it('has a row a run, a column a difference, and says which run is best and why', async () => {
    const opened = await compare();
    const { page } = opened;
    await expect.poll(() => names(page)).toEqual(['run-1', 'run-2', 'run-3', 'run-4', 'run-5']);
    const shown = await titles(page);
    expect(shown.slice(0, 4)).toEqual(['Run', 'model.bias', 'optimizer.lr', 'Status']);
    expect(shown).toEqual(
      expect.arrayContaining(['Loss', 'Validation loss', 'R², validation', 'Of limit', 'Verdict', 'Time']),
    );
    const { state } = runs[3];
    const value = await text(page, 'compare-best');
    expect(value).toMatch(
      /^Best: run-\d \(model\.bias (true|false), optimizer\.lr 1e-6\) has the lowest validation loss at the end, /,
    );
    expect(state.status).toBe('finished');
    const row = page.locator('tr[data-run="id4"]');
    await expect.poll(() => row.innerText()).toMatch(/diverged/);
    await expect.poll(() => row.innerText()).toMatch(/8\.\d times/);
    await expect.poll(() => page.locator('tr[data-best]').count()).toBe(1);
    await closeClean(opened);
  });

  it('sorts by any column both ways, with runs that have no number last', async () => {
    const opened = await compare();
    const { page } = opened;
    const sort = (title: string) => page.getByRole('button', { name: title, exact: true }).click();
    await sort('optimizer.lr');
    await expect.poll(() => names(page)).toEqual(['run-1', 'run-2', 'run-3', 'run-4', 'run-5']);
    await sort('optimizer.lr');
    expect((await names(page))[0]).toBe('run-5');
    await expect.poll(() => page.locator('th[aria-sort="descending"]').innerText()).toBe('optimizer.lr');
    await sort('Loss');
    const losses = runs.map(({ state }) => state.trainLoss);
    const order = [0, 1, 2, 3, 4].sort((a, b) => losses[a] - losses[b]).map((i) => `run-${i + 1}`);
    await expect.poll(() => names(page)).toEqual(order);
    await closeClean(opened);
  });

  it('filters by text, in the plot too', async () => {
    const opened = await compare();
    const { page } = opened;
    await page.getByTestId('compare-filter').fill('bias=false');
    await expect.poll(() => names(page)).toEqual(['run-4']);
    await expect.poll(() => text(page, 'compare-count')).toBe('1 of 5 runs');
    await page.getByTestId('compare-filter').fill('FINISHED 1e-6');
    await expect.poll(() => names(page)).toEqual(['run-3', 'run-4']);
    await page.getByTestId('compare-filter').fill('nothing like it');
    await expect.poll(() => names(page)).toEqual([]);
    await closeClean(opened);
  });

  it('marks the best by another rule that a person chooses', async () => {
    const opened = await compare();
    const { page } = opened;
    await page.getByTestId('compare-rule').click();
    await page.getByRole('option', { name: 'the lowest training loss at the end' }).click();
    const losses = runs.map(({ state }) => (state.status === 'finished' ? state.trainLoss : Infinity));
    const best = losses.indexOf(Math.min(...losses)) + 1;
    await page
      .getByTestId('compare-best')
      .filter({ hasText: `Best: run-${best} ` })
      .filter({ hasText: 'training loss' })
      .waitFor();
    await expect.poll(() => page.locator('tr[data-best] .compare-open').innerText()).toBe(`run-${best}`);
    await closeClean(opened);
  });

  it('opens a run and shows two configs side by side, by keyboard alone', async () => {
    const opened = await compare();
    const { page } = opened;
    await page.locator('tr[data-run="id0"] input').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.getByTestId('compare-diff').focus();
    await page.keyboard.press('Enter');
    await page.locator('tr[data-run="id1"] button').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect((await posted(page)).slice(1)).toEqual([
      { type: 'diff', ids: ['id0', 'id2'] },
      { type: 'open', id: 'id2' },
    ]);
    await closeClean(opened);
  });

  it('says which curves leave the plot, and what the losses are at the cursor', async () => {
    const opened = await compare();
    const { page } = opened;
    await expect.poll(() => text(page, 'compare-clipped')).toBe('1 curve leaves the plot at the top: run-5');
    await page.getByTestId('compare-plot').focus();
    await page.keyboard.press('Home');
    const first = runs[0].state.history.at('loss', 0)!;
    const told = await text(page, 'compare-readout');
    expect(told).toMatch(/^Epoch 0: /);
    expect(told).toContain(`run-1 ${first.toLocaleString('en', { maximumSignificantDigits: 6 }).slice(0, 6)}`);
    expect(told).toContain('(validation ');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => text(page, 'compare-readout')).toMatch(/^Epoch 4: /);
    await closeClean(opened);
  });

  it('draws the moving average of each curve where a person wants it, and keeps that', async () => {
    const opened = await compare();
    const { page } = opened;
    const picture = () => page.getByTestId('compare-plot').evaluate((plot: HTMLCanvasElement) => plot.toDataURL());
    const before = await picture();
    await page.getByTestId('compare-smooth').focus();
    await page.keyboard.press('Space');
    await expect.poll(picture).not.toBe(before);
    await keepPicture(page, 'compare-smooth.png', { fullPage: true });
    await expect.poll(() => page.evaluate(() => JSON.stringify(window.fake.state))).toContain('"smooth":true');
    await page.keyboard.press('Space');
    await expect.poll(picture).toBe(before);
    await closeClean(opened);
  });

  it('zooms by drag, wheel and keys, with a way back', async () => {
    const opened = await compare();
    const { page } = opened;
    const plot = page.getByTestId('compare-plot');
    const reset = page.getByTestId('compare-reset');
    const isZoomed = async () => !(await reset.evaluate((button) => (button as HTMLButtonElement).disabled));
    const picture = () => plot.screenshot();
    const { x, y, width, height } = await restingPlace(plot);
    await page.mouse.move(2, 2);
    const whole = await picture();
    await expect.poll(() => isZoomed()).toBe(false);
    await page.mouse.move(x + width * 0.3, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.5, y + height / 2);
    await page.mouse.up();
    await expect.poll(() => isZoomed()).toBe(true);
    await reset.click();
    await page.mouse.move(2, 2);
    await expect.poll(() => isZoomed()).toBe(false);
    expect((await picture()).equals(whole)).toBe(true);
    await plot.focus();
    await page.keyboard.press('+');
    await expect.poll(() => isZoomed()).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => isZoomed()).toBe(false);
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.wheel(0, -200);
    await expect.poll(isZoomed).toBe(true);
    await closeClean(opened);
  });

  it('follows runs that train, come and go', async () => {
    let shown = runs.slice(0, 2);
    const opened = await compare({}, () => shown);
    const { page, feed } = opened;
    await expect.poll(() => names(page)).toEqual(['run-1', 'run-2']);
    shown = [runs[1]];
    feed.listChanged();
    await page.getByTestId('compare-count').getByText('1 run', { exact: true }).waitFor();
    await expect.poll(() => names(page)).toEqual(['run-2']);
    const running = { ...runs[1], state: { ...runs[1].state, status: 'running' as const } };
    shown = [running];
    feed.changed('id1');
    await page.locator('tr[data-run="id1"]').getByText('running').waitFor();
    await closeClean(opened);
  });

  it('keeps what a person chose', async () => {
    const state = { sort: { id: 'loss', descending: true }, filter: '1e-6', hidden: ['seconds'], logEpochs: true };
    const opened = await compare({ state });
    const { page } = opened;
    await expect.poll(() => names(page)).toHaveLength(2);
    await expect.poll(() => titles(page)).not.toContain('Time');
    await page.getByText('Columns').click();
    await page.getByRole('checkbox', { name: 'Time' }).click();
    await expect.poll(() => titles(page)).toContain('Time');
    await expect
      .poll(() => page.evaluate(() => window.fake.state))
      .toMatchObject({
        ...state,
        hidden: [],
        ids: runs.map(({ id }) => id),
      });
    await closeClean(opened);
  });
});

it.each([300, 700, 1300])(
  'axe finds no violation at %i px in any theme, and nothing is wider than the page',
  async (width) => {
    const opened = await compare({ width });
    const { page } = opened;
    await page.evaluate(axe);
    for (const theme of Object.keys(themes) as ThemeName[]) {
      await page.evaluate((colours) => window.applyTheme(colours), themes[theme]);
      // The colours of some parts come a frame after those of the page.
      await expect.poll(() => violations(page), { message: theme }).toEqual([]);
      const scrolled = () => page.evaluate(() => document.documentElement.scrollWidth);
      await expect.poll(scrolled, { message: theme }).toBeLessThanOrEqual(width);
      await keepPicture(page, `compare-${theme}-${width}.png`, { fullPage: true });
    }
    await closeClean(opened);
  },
);

/** What axe finds on the page. */
function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(where: Document, options: object): Promise<AxeResults> } };
    const skipped = ['region', 'landmark-one-main', 'page-has-heading-one', 'label-content-name-mismatch'];
    const rules = Object.fromEntries(skipped.map((rule) => [rule, { enabled: false }]));
    const found = await axe.run(document, { rules, resultTypes: ['violations'] });
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}
