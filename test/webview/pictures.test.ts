import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parseConfig';
import { netConfig } from '../../src/config/templates/netTemplate';
import { tutorialConfig } from '../../src/config/templates/template';
import { EngineHost } from './engineHost';
import { forEachState, resize, sizes, type Size } from './everyState';
import { closeClean, text, useStudio } from './looking';
import { themes } from './themes';

const studio = useStudio();

/**
 * The folder for pictures of every state, size and theme, and which of them to take: those whose names match. Names are
 * "260-1-six_inputs_finished-dark": width, zoom, state, theme.
 */
const { PICTURES: folder, PICTURES_OF: wanted = '' } = process.env;

test.runIf(folder)(
  'pictures of every state, for people to judge',
  async () => {
    mkdirSync(folder!, { recursive: true });
    const isWanted = new RegExp(wanted);
    const opened = await studio.open({ alone: true, state: { openSections: { landscape: false } } });
    const { page } = opened;
    for (const size of sizes) {
      const wantedOf = (state: string) =>
        Object.entries(themes)
          .map(([theme, colours]) => ({ name: pictureName(size, state, theme), colours }))
          .filter(({ name }) => isWanted.test(name));
      await resize(page, size);
      const take = async (state: string) => {
        for (const { name, colours } of wantedOf(state)) {
          await page.evaluate((theme) => window.applyTheme(theme), colours);
          writeFileSync(path.join(folder!, `${name}.png`), await picture(page));
        }
      };
      await forEachState(page, take, (state) => wantedOf(state).length > 0);
    }
    await closeClean(opened);
  },
  3_600_000,
);

test.runIf(folder)(
  'pictures of a net at work, its sections open, for people to judge',
  async () => {
    mkdirSync(folder!, { recursive: true });
    const openSections = Object.fromEntries(
      ['network', 'surface', 'landscape', 'step', 'why'].map((name) => [name, true]),
    );
    const opened = await studio.open({ alone: true, state: { openSections } });
    const { page } = opened;
    const engine = await EngineHost.show(opened, parseConfig(netConfig('spirals')).draft, 'spirals');
    engine.take({ type: 'action', action: 'resume' });
    await expect.poll(() => engine.state.status).toBe('finished');
    engine.take({ type: 'seek', epoch: 300, batch: 0 });
    await expect.poll(() => engine.state.checkpoint.epoch).toBe(300);
    engine.take({ type: 'action', action: 'step' });
    await expect.poll(() => text(page, 'step-caption')).toMatch(/^Epoch 301, batch 1/);
    await page.getByTestId('landscape-readout').filter({ hasText: 'loss' }).waitFor();
    for (const size of sizes.filter(({ zoom }) => zoom === 1)) {
      await resize(page, size);
      for (const [theme, colours] of Object.entries(themes)) {
        const name = pictureName(size, 'net at work', theme);
        if (!new RegExp(wanted).test(name)) continue;
        await page.evaluate((colours) => window.applyTheme(colours), colours);
        writeFileSync(path.join(folder!, `${name}.png`), await picture(page));
      }
    }
    await closeClean(opened);
  },
  600_000,
);

test.runIf(process.env['UPDATE_MEDIA'])('the picture of the whole training view in the README', async () => {
  const opened = await studio.open({ width: 1300, height: 1180, place: 'editor' });
  const { page } = opened;
  const engine = await EngineHost.show(opened, parseConfig(tutorialConfig()).draft, 'tutorial');
  engine.take({ type: 'action', action: 'resume' });
  await expect.poll(() => engine.state.status).toBe('finished');
  engine.take({ type: 'seek', epoch: 1000, batch: 0 });
  await expect.poll(() => engine.state.checkpoint.epoch).toBe(1000);
  engine.take({ type: 'action', action: 'step' });
  await expect.poll(() => text(page, 'step-caption')).toMatch(/^Epoch 1,001, batch 1 of 10/);
  await page.getByTestId('landscape-readout').filter({ hasText: 'loss' }).waitFor();
  await page.screenshot({ path: path.resolve(import.meta.dirname, '../../media/why.png') });
  await closeClean(opened);
});

const pictureName = ({ width, zoom }: Size, state: string, theme: string) =>
  `${width}-${zoom}-${state.replaceAll(/\W+/g, '_')}-${theme}`;

/** The whole page as it is laid out now; Playwright's own pictures would give the page back its first size. */
async function picture(page: Page): Promise<Buffer> {
  const { width, height, scale } = await page.evaluate(() => {
    const { clientWidth, scrollHeight } = document.documentElement;
    return { width: clientWidth, height: scrollHeight, scale: devicePixelRatio };
  });
  const session = await page.context().newCDPSession(page);
  const clip = { x: 0, y: 0, width, height, scale };
  const { data } = await session.send('Page.captureScreenshot', { clip, captureBeyondViewport: true });
  await session.detach();
  return Buffer.from(data, 'base64');
}
