import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { EngineHost } from '../engineHost';
import { forEachState, resize, sizes } from '../everyState';
import { closeClean, useStudio } from '../looking';
import { openedStatuses, runKinds } from '../states';
import { themes, type ThemeName } from '../themes';
import { canvasFaults, watchCanvases } from './canvasTexts';

const studio = useStudio();

/**
 * Texts of cells and of the head that are cut without an ellipsis, and pairs of them that stand on one another, as the page
 * is laid out now.
 */
function faults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    interface Place {
      text: string;
      box: DOMRect;
      /** Cells that stay in sight cover those that are scrolled below them. */
      isPinned: boolean;
    }
    const found: string[] = [];
    const places = (holders: Iterable<HTMLElement>, within: DOMRect | undefined): Place[] =>
      Array.from(holders).flatMap((holder) => {
        const range = document.createRange();
        range.selectNodeContents(holder);
        const own = range.getBoundingClientRect();
        const frame = holder.getBoundingClientRect();
        const text = holder.textContent.trim();
        if (text === '' || own.width === 0 || frame.width === 0) return [];
        const hasEllipsis = getComputedStyle(holder).textOverflow === 'ellipsis';
        const isCut = own.left < frame.left - 1 || own.right > frame.right + 1;
        if (isCut && !hasEllipsis) found.push(`${text} is wider than its place`);
        const box = new DOMRect(frame.x, own.y, frame.width, own.height);
        if (within && box.left >= within.right - 1) return [];
        if (within && box.right > within.right + 1.5) found.push(`${text} is cut by the edge of its table`);
        return [{ text, box, isPinned: getComputedStyle(holder).left !== 'auto' }];
      });
    const compare = (all: Place[]): void => {
      all.forEach((one, i) =>
        all.slice(i + 1).forEach((other) => {
          const [a, b] = [one.box, other.box];
          const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (width > 1 && height > 2 && one.isPinned === other.isPinned)
            found.push(`${one.text} stands on ${other.text}`);
        }),
      );
    };
    for (const table of document.querySelectorAll<HTMLElement>('.grid-scroller')) {
      if (table.getBoundingClientRect().width === 0) continue;
      compare(places(table.querySelectorAll<HTMLElement>('.grid-cell'), table.getBoundingClientRect()));
    }
    const head = [
      ...[
        '.verdict p',
        '.quality dt',
        '.quality dd',
        '.statistic dt',
        '.statistic dd',
        '.head h1',
        '.state > :last-child',
        '.epoch',
      ],
      ...[
        '.problem-message',
        '.problem-place',
        '.notice summary',
        '.reading-words',
        '.empty h1',
        '.empty p',
        '.empty dd',
      ],
      ...[
        '.empty-offer > span:last-child',
        '.controls .button-text',
        '.readout-epoch',
        '.readout-entry',
        '.loss-scales > *',
      ],
      ...['.fact dt', '.fact dd', '.gauge-ticks span', '.plot-legend', '.pager-position', '.plot-tools > *'],
    ];
    compare(places(document.querySelectorAll<HTMLElement>(head.map((one) => `#app ${one}`).join()), undefined));
    // It stays in sight, above what is scrolled below it.
    const timeline = '.timeline-where, .timeline-losses, .timeline .button-text';
    compare(places(document.querySelectorAll<HTMLElement>(timeline), undefined));
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth - clientWidth} px wider than its window`);
    return found;
  });
}

/** Each kind of run is looked at in each size in one of its statuses, and in each status: that changes the head alone. */
function isLookedAt(size: number, state: string): boolean {
  const [kind, status] = state.split(', ');
  if (status === undefined) return true;
  const place = Object.keys(runKinds).indexOf(kind) + openedStatuses.findIndex((one) => one === status) + size;
  return place % openedStatuses.length === 0;
}

test('no number is cut and no text stands on another, in every state, size and theme', async () => {
  const opened = await studio.open({ alone: true, state: { openSections: { landscape: false } } });
  const { page } = opened;
  await watchCanvases(page);
  const names = Object.keys(themes) as ThemeName[];
  for (const [index, size] of sizes.entries()) {
    await resize(page, size);
    let count = index;
    const look = async (state: string) => {
      // A theme changes borders, not words: each kind of run meets each of them, each size all of them.
      const theme = names[count++ % names.length];
      await page.evaluate((colours) => window.applyTheme(colours), themes[theme]);
      const message = `${size.width} px, ${100 * size.zoom} %, ${theme}: ${state}`;
      const all = async () => [...(await faults(page)), ...(await canvasFaults(page))];
      await expect.poll(all, { message, interval: 5 }).toEqual([]);
    };
    await forEachState(page, look, (state) => isLookedAt(index, state));
  }
  await closeClean(opened);
}, 3_600_000);

test('where there is room for few digits, all of them are read, shown on hover, and copied', async () => {
  const opened = await studio.open({ width: 300 });
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(500);
    run.snapshot.status = 'paused';
    return window.fake.show(run);
  });
  const cell = page.getByTestId('weights-table').getByRole('row').nth(1).getByRole('gridcell').first();
  await expect.poll(() => cell.getAttribute('title')).not.toBeNull();
  const full = (await cell.getAttribute('title'))!;
  expect((await cell.innerText()).length).toBeLessThan(full.length);
  await expect.poll(() => cell.getAttribute('aria-label')).toBe(full);
  await expect
    .poll(() => cell.evaluate(() => window.fake.run!.snapshot.progress.checkpoint.parameters[0]))
    .toBeCloseTo(Number(full), 5);
  const copied = await cell.evaluate((target) => {
    const data = new DataTransfer();
    document.getSelection()!.selectAllChildren(target);
    target.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData('text/plain');
  });
  expect(copied).toBe(full);
  await closeClean(opened);
});

test('a table that was not scrolled begins with its first columns in a narrower place too', async () => {
  const opened = await studio.open({ width: 1300, place: 'editor', alone: true });
  const { page } = opened;
  const dataset = { generate: 'linear', samples: 60, features: 3, polynomial: {} };
  const engine = await EngineHost.show(opened, { dataset, optimizer: { type: 'Adam', lr: 0.05 }, epochs: 60, seed: 1 });
  engine.take({ type: 'action', action: 'resume' });
  await expect.poll(() => engine.state.status).toBe('finished');
  const table = page.getByTestId('weights-table').locator('..');
  const scrolled = (): Promise<number> => table.evaluate((scroller) => scroller.scrollLeft);
  await page.locator('.grid-scroller[data-wider]:not([data-narrow]) > [data-testid=weights-table]').waitFor();
  await expect.poll(() => scrolled()).toBe(0);
  await page.setViewportSize({ width: 300, height: 900 });
  await page.locator('.grid-scroller[data-narrow] > [data-testid=weights-table]').waitFor();
  // Scrolling comes to rest again in the frame after the columns were laid out.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await expect.poll(() => scrolled()).toBe(0);
  await closeClean(opened);
});
