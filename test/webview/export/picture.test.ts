import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { closeClean, keepPicture, useStudio } from '../looking';
import { themes } from '../themes';

const studio = useStudio();
const pictures = 'out/screenshots';
mkdirSync(pictures, { recursive: true });

/** Each plot, a run that has it, and where it is drawn. */
const plots = [
  { plot: 'loss', sample: 'tutorialRun', selector: '.loss-canvas canvas' },
  { plot: 'landscape', sample: 'tutorialRun', selector: '.landscape-canvas canvas' },
  { plot: 'predictions', sample: 'tutorialRun', selector: '[data-testid="scatter"] canvas' },
  { plot: 'surface', sample: 'netRun', selector: '[data-testid="surface"] canvas' },
] as const;

test.each(plots)('saves the $plot plot as it is drawn, in every theme', async ({ plot, sample, selector }) => {
  const opened = await studio.open({ width: 700, height: 2600 });
  const { page } = opened;
  await page.evaluate((name) => window.fake.show(window.fake.samples[name](30)), sample);
  // In a narrow page, the table stands in its place at first.
  if (plot === 'predictions') await page.getByTestId('predictions-plot-toggle').click();
  const button = page.getByTestId(`save-picture-${plot}`);
  const asked = async () => {
    await button.click();
    return page.evaluate(() =>
      window.fake.posted.flatMap((request) => (request.type === 'savePicture' ? [request] : [])).at(-1),
    );
  };
  // Until then, what the plot shows has not come.
  await expect.poll(async () => (await asked())?.plot).toBe(plot);
  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    await page.evaluate((colours) => window.applyTheme(colours), themes[theme]);
    let png = '';
    const compared = async () => {
      png = (await asked())!.png;
      const { opaque, written, ...found } = await comparePicture(page, png, selector);
      return { ...found, isDrawn: opaque > 100, hasWords: written > 50 };
    };
    const right = { different: 0, isOfTheme: true, isDrawn: true, hasWords: true };
    await expect.poll(compared, { message: theme }).toEqual(right);
    await keepPicture(page, `picture-page-${plot}-${theme}.png`);
    writeFileSync(`${pictures}/picture-${plot}-${theme}.png`, Buffer.from(png, 'base64'));
  }
  await closeClean(opened);
});

/** A picture beside the canvas that it is of: pixels that differ, and whether its ground is the page's. */
function comparePicture(page: Page, png: string, selector: string) {
  return page.evaluate(
    async ([encoded, place]) => {
      const shown = document.querySelector<HTMLCanvasElement>(place)!;
      const image = new Image();
      image.src = `data:image/png;base64,${encoded}`;
      await image.decode();
      const read = (source: CanvasImageSource, width: number, height: number) => {
        const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
        context.drawImage(source, 0, 0);
        return context.getImageData(0, 0, width, height).data;
      };
      const { width, height } = image;
      const picture = read(image, width, height);
      const plotted = read(shown, shown.width, shown.height);
      const margin = (width - shown.width) / 2;
      const top = height - margin - shown.height;
      let different = 0;
      let opaque = 0;
      for (let at = 0; at < plotted.length; at += 4) {
        if (plotted[at + 3] < 255) continue;
        opaque++;
        const [x, y] = [(at / 4) % shown.width, Math.floor(at / 4 / shown.width)];
        const there = ((y + top) * width + x + margin) * 4;
        if ([0, 1, 2].some((i) => picture[there + i] !== plotted[at + i])) different++;
      }
      const words = picture.subarray(0, width * Math.floor(top) * 4);
      const ground = [...picture.subarray(0, 4)];
      const written = words.filter((value, i) => value !== ground[i % 4]).length;
      const isOfTheme =
        getComputedStyle(document.documentElement).backgroundColor === `rgb(${ground.slice(0, 3).join(', ')})`;
      return { opaque, different, written, isOfTheme: isOfTheme && ground[3] === 255 };
    },
    [png, selector] as const,
  );
}

test('has no picture of a curve that is shown as a table', async () => {
  const opened = await studio.open({ width: 260, height: 1200 });
  const { page } = opened;
  await page.evaluate(() => window.fake.show(window.fake.samples.tutorialRun(30)));
  await page.getByTestId('save-picture-loss').waitFor();
  await keepPicture(page, 'picture-page-260.png');
  await page.getByTestId('loss-table-toggle').click();
  await page.getByTestId('save-picture-loss').waitFor({ state: 'hidden' });
  await closeClean(opened);
});
