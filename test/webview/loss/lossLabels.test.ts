import { expect, test } from 'vitest';
import { resize, sizes } from '../everyState';
import { closeClean, useStudio } from '../looking';
import { canvasFaults, canvasWords, watchCanvases } from '../parts/canvasTexts';

const studio = useStudio();

/**
 * A run ended after 400 epochs with the model of an epoch near its best one: the best epoch, the model's, and one whose loss is
 * not finite. Each is looked at in every other size.
 */
const places: [number, number, number?][] = [
  [199, 199],
  [199, 205],
  [199, 190],
  [199, 230],
  [30, 380],
  [0, 2],
  [0, 0],
  [396, 398],
  [199, 260, 210],
  [199, 201, 198],
  [390, 396, 399],
];

/** The other plots have nothing of these epochs; `fitting.test.ts` looks at them. */
const closed = ['network', 'surface', 'weights', 'why', 'landscape', 'step', 'mistakes', 'predictions', 'data'];
const openSections = Object.fromEntries(closed.map((name) => [name, false]));

test('the words of lines that stand close together keep clear of one another', async () => {
  const opened = await studio.open({ alone: true, state: { openSections } });
  const { page } = opened;
  await watchCanvases(page);
  for (const [index, size] of sizes.entries()) {
    await resize(page, size);
    for (const [best, now, lost] of places.filter((_, place) => (place + index) % 2 === 0)) {
      const message = `${size.width} px: best ${best}, now ${now}, not finite ${lost}`;
      await page.evaluate(
        ([best, now, lost]) => {
          const run = window.fake.samples.stateOf('60 inputs', 'paused');
          const { progress, identity } = run.snapshot;
          run.snapshot.status = 'early_stopped';
          progress.records.weights = new Float32Array(400 * run.snapshot.initial.length);
          run.snapshot.identity = { ...identity, id: `${best}-${now}-${lost}` };
          progress.checkpoint.epoch = now + 1;
          progress.checkpoint.monitored = { bestEpoch: best, best: 1, score: 1, waited: 0 };
          if (lost !== undefined) progress.records.loss[lost] = NaN;
          return window.fake.show(run);
        },
        [best, now, lost] as [number, number, number?],
      );
      await expect.poll(() => canvasFaults(page), { message }).toEqual([]);
      const words = (await canvasWords(page, '.loss-curve')).join(' ');
      expect(words, message).toMatch(/\bbest\b/);
      expect(words, message).toMatch(/\bnow\b/);
    }
  }
  await closeClean(opened);
});
