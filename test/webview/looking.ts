/** What the tests of the page have in common. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import type { RunStatus, ViewAction } from '../../src/protocol/protocol';
import { pictureFile } from '../helpers/pictureFile';
import { mustBeAlone, openStudio, type OpenedPage, type Studio, type StudioOptions } from './openPage';

/** A studio for all tests of one file; see `openStudio`. */
export function useStudio(options?: StudioOptions): Pick<Studio, 'open'> {
  let studio: Studio | undefined;
  beforeAll(async () => {
    studio = await openStudio(options);
  });
  afterAll(() => studio?.close());
  return { open: (options) => studio!.open(options) };
}

/** Closes a page, and fails where its console had something to say. */
export async function closeClean(opened: OpenedPage): Promise<void> {
  expect(await opened.complaints()).toEqual([]);
  await opened.close();
}

/** Stops the clock of a page that was opened alone: from now on its timers and frames come only with `page.clock.runFor`, or after `resume`. */
export async function holdClock(page: Page): Promise<void> {
  mustBeAlone(page);
  await page.clock.install({ time: 0 });
  // Later than any time that the page has taken note of.
  await page.clock.pauseAt(3_600_000);
}

/** Shows the tutorial after this many epochs. */
export function showTutorial(page: Page, epochs: number, status: RunStatus = 'running'): Promise<void> {
  return page.evaluate(
    ([done, state]) => {
      const run = window.fake.samples.tutorialRun(done);
      run.snapshot.status = state;
      if (state !== 'running') run.snapshot.trainLoss = 3895.02;
      if (state !== 'running' && done > 0) run.snapshot.metrics = window.fake.samples.metricsOf(run);
      return window.fake.show(run);
    },
    [epochs, status] as const,
  );
}

/** Where an element is, once that is the same in two frames: what a page has asked for may still move it. */
export async function restingPlace(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await element.hover({ trial: true });
  return (await element.boundingBox())!;
}

/** Types into a field and presses Enter in it. */
export async function enter(field: Locator, words: string): Promise<void> {
  await field.fill(words);
  await field.press('Enter');
}

/** The text of an element. */
export const text = (page: Page, testId: string): Promise<string> => page.getByTestId(testId).innerText();

/** Waits until an element says this. */
export const says = (page: Page, testId: string, words: string): Promise<void> =>
  page.getByTestId(testId).filter({ hasText: words }).first().waitFor({ state: 'attached' });

/** The actions that the page has asked for. */
export const actions = (page: Page): Promise<ViewAction[]> =>
  page.evaluate(() => window.fake.posted.flatMap((request) => (request.type === 'action' ? [request.action] : [])));

/** Keeps a picture for people to look at, where they are wanted; see `pictureFile`. Chromium cannot always take one. */
export async function keepPicture(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  const file = pictureFile(name);
  if (!file) return;
  await page.screenshot({ path: file, ...options }).catch((error: Error) => console.warn(`${name}: ${error.message}`));
}
