import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { test } from 'vitest';
import { forEachState, resize, sizes, type Size } from './everyState';
import { closeClean, useStudio } from './looking';
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
    const opened = await studio.open({ height: 900, state: { openSections: { landscape: false } } });
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
