import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { closeClean, useStudio } from '../looking';

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
      compare(places(table.querySelectorAll<HTMLElement>('vscode-data-grid-cell'), table.getBoundingClientRect()));
    }
    const head = '.verdict p, .quality dt, .quality dd, .statistic dt, .statistic dd, .head h1, .state, .epoch';
    compare(places(document.querySelectorAll<HTMLElement>(`#app ${head.split(', ').join(', #app ')}`), undefined));
    return found;
  });
}

const samples = ['tutorial', 'line', 'classes', 'wide', 'large'] as const;
const statuses = ['running', 'paused', 'finished', 'diverged'] as const;

test.each([260, 300, 400, 700, 1300])('no number is cut and no text stands on another: %i px', async (width) => {
  const opened = await studio.open({ width, place: width > 500 ? 'editor' : 'sidePanel' });
  const { page } = opened;
  for (const sample of samples) {
    for (const status of statuses) {
      await page.evaluate(
        ([name, state]) => {
          const { tutorialRun, lineRun, classRun, largeRun, curvatureOf, metricsOf } = window.fake.samples;
          const makers = {
            tutorial: () => tutorialRun(740),
            line: () => lineRun(),
            classes: () => classRun(),
            wide: () => largeRun(60, 60),
            large: () => largeRun(300, 4),
          };
          const run = makers[name]();
          run.snapshot.identity = { ...run.snapshot.identity, id: `${name}-${state}` };
          run.snapshot.status = state;
          if (state === 'diverged') run.snapshot.divergence = { epoch: 5, batch: 2, what: 'loss' };
          if (state !== 'running') Object.assign(run.snapshot, { trainLoss: 3895.02, metrics: metricsOf(run) });
          if (name === 'tutorial') run.snapshot.curvature = curvatureOf(run);
          window.fake.show(run);
        },
        [sample, status] as const,
      );
      await page.locator('[data-testid=run-state]').filter({ hasText: status }).waitFor();
      await page.getByTestId('weights-table').getByRole('rowheader').first().waitFor();
      await expect.poll(() => faults(page), { message: `${sample}, ${status}` }).toEqual([]);
    }
  }
  await closeClean(opened);
});

test('where there is room for few digits, all of them are read, shown on hover, and copied', async () => {
  const opened = await studio.open({ width: 300 });
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(500);
    run.snapshot.status = 'paused';
    window.fake.show(run);
  });
  const cell = page.getByTestId('weights-table').getByRole('row').nth(1).getByRole('gridcell').first();
  await expect.poll(() => cell.getAttribute('title')).not.toBeNull();
  const full = (await cell.getAttribute('title'))!;
  expect((await cell.innerText()).length).toBeLessThan(full.length);
  expect(await cell.getAttribute('aria-label')).toBe(full);
  expect(await cell.evaluate(() => window.fake.run!.snapshot.progress.checkpoint.parameters[0])).toBeCloseTo(
    Number(full),
    5,
  );
  const copied = await cell.evaluate((target) => {
    const data = new DataTransfer();
    document.getSelection()!.selectAllChildren(target);
    target.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData('text/plain');
  });
  expect(copied).toBe(full);
  await closeClean(opened);
});
