import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { closeClean, says, useStudio } from './looking';
import type { OpenedPage } from './openPage';

const studio = useStudio();

/** A page with every section open, and a run that trains. */
async function openTraining(width: number, height: number): Promise<OpenedPage> {
  const names = ['loss', 'weights', 'why', 'landscape', 'step', 'mistakes', 'predictions', 'data'];
  const openSections = Object.fromEntries(names.map((name) => [name, true]));
  const opened = await studio.open({ width, height, state: { openSections } });
  const { page } = opened;
  await watch(page);
  await page.evaluate(() => {
    const run = window.fake.samples.evenRun(4, 1e-4, 100);
    run.snapshot.status = 'running';
    run.snapshot.curvature = window.fake.samples.curvatureOf(run);
    return window.fake.show(run);
  });
  await says(page, 'epoch', '100 of');
  await page.getByTestId('predictions-table').getByRole('rowheader').first().waitFor();
  await settle(page);
  return opened;
}

interface Watched {
  /** Names of what was read of the layout, since the last look. */
  reads: string[];
  /** Sections in which something was written, since the last look. */
  written: Set<string>;
}

declare global {
  interface Window {
    watched: Watched;
  }
}

/** What the page has read and written since the last look. */
function look(page: Page): Promise<{ reads: string[]; written: string[] }> {
  return page.evaluate(() => {
    const { reads, written } = window.watched;
    window.watched.reads = [];
    window.watched.written = new Set();
    return { reads, written: [...written] };
  });
}

/** Takes down, from now on, what the page reads of its layout, and where it writes. */
function watch(page: Page): Promise<void> {
  return page.evaluate(() => {
    const watched: Watched = { reads: [], written: new Set() };
    window.watched = watched;
    const getters = [
      [Element.prototype, ['clientWidth', 'clientHeight', 'scrollWidth', 'scrollHeight', 'scrollTop', 'scrollLeft']],
      [HTMLElement.prototype, ['offsetWidth', 'offsetHeight', 'offsetTop', 'offsetLeft', 'offsetParent', 'innerText']],
    ] as const;
    for (const [prototype, names] of getters) {
      for (const name of names) {
        const { get, ...rest } = Object.getOwnPropertyDescriptor(prototype, name)!;
        const counted = function (this: Element): unknown {
          watched.reads.push(name);
          return get!.call(this);
        };
        Object.defineProperty(prototype, name, { ...rest, get: counted });
      }
    }
    for (const name of ['getBoundingClientRect', 'getClientRects'] as const) {
      const method = Element.prototype[name] as () => never;
      Element.prototype[name] = function (this: Element) {
        watched.reads.push(name);
        return method.call(this);
      };
    }
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const part = target instanceof Element ? target : target.parentElement;
        const name = part?.closest<HTMLElement>('[data-section]')?.dataset['section'];
        if (name) watched.written.add(name);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}

/** Trains an epoch, and waits until it is on the page with what it led the page to ask. */
async function train(page: Page): Promise<void> {
  const epoch = await page.evaluate(() => {
    window.fake.progress(1);
    return window.fake.run!.snapshot.progress.checkpoint.epoch;
  });
  await says(page, 'epoch', `${epoch} of`);
  await settle(page);
}

/** Waits until every question has been answered and drawn. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    let asked = -1;
    while (asked !== window.fake.posted.length) {
      asked = window.fake.posted.length;
      for (let frame = 0; frame < 12; frame++) await new Promise(requestAnimationFrame);
    }
  });
}

test('an update reads nothing of the layout: what is drawn knows its size', async () => {
  // High enough for all sections to be in sight.
  const opened = await openTraining(1300, 2600);
  const { page } = opened;
  await look(page);
  const [reads, unwritten] = [[] as string[], new Set(['loss', 'weights', 'predictions', 'data'])];
  // What is asked for comes with a later epoch where the machine is busy.
  for (let epoch = 0; epoch < 5 || unwritten.size > 0; epoch++) {
    await train(page);
    const seen = await look(page);
    reads.push(...seen.reads);
    for (const name of seen.written) unwritten.delete(name);
  }
  expect(reads).toEqual([]);
  await closeClean(opened);
});

test('a closed section is not drawn', async () => {
  const opened = await openTraining(1300, 2600);
  const { page } = opened;
  await page.getByRole('button', { name: 'Predictions', exact: true }).click();
  await page.locator('#predictions-body').waitFor({ state: 'hidden' });
  await settle(page);
  await look(page);
  await train(page);
  const { written } = await look(page);
  expect(written).toContain('weights');
  expect(written).not.toContain('predictions');
  await closeClean(opened);
});

test('what is out of sight is not drawn with every update, and is right when it is scrolled to', async () => {
  const opened = await openTraining(1300, 600);
  const { page } = opened;
  // The clock stands still, so that the time never comes in which what is out of sight is drawn again.
  await page.evaluate(() => {
    const now = performance.now();
    Object.defineProperty(performance, 'now', { configurable: true, value: () => now });
  });
  await train(page);
  await look(page);
  for (let epoch = 0; epoch < 3; epoch++) await train(page);
  const { written } = await look(page);
  expect(written).toContain('weights');
  expect(written).not.toContain('predictions');
  const first = await page.evaluate(() => {
    const { inputs, snapshot } = window.fake.run!;
    const { parameters } = snapshot.progress.checkpoint;
    return inputs.slice(0, 4).reduce((sum, value, i) => sum + value * parameters[i], parameters[4]);
  });
  const shown = (): Promise<number> =>
    page.evaluate(() => {
      const [titles, row] = document.querySelectorAll('[data-testid=predictions-table] .grid-row');
      const at = Array.from(titles.children, (title) => title.textContent).indexOf('Predicted');
      return Number(row.children[at].getAttribute('aria-label'));
    });
  expect(Math.abs((await shown()) - first)).toBeGreaterThan(1e-4);
  // What was asked for just before the clock stopped is asked for again only when time has passed.
  await page.evaluate(() => delete (performance as { now?: unknown }).now);
  await page.locator('.predictions').scrollIntoViewIfNeeded();
  await expect.poll(shown).toBeCloseTo(first, 4);
  await closeClean(opened);
});
