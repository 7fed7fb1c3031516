/** Every state that the page can be in, at every size. */
import type { Page } from 'playwright-core';
import { mustBeAlone } from './openPage';

/** A window's width in CSS pixels: at twice the size an editor has half as many, while the side panel keeps its own. */
export interface Size {
  width: number;
  zoom: 1 | 2;
}

/** The sizes that the page is looked at in. */
export const sizes: Size[] = [
  ...[260, 300, 400, 700, 1300].map((width): Size => ({ width, zoom: 1 })),
  ...[350, 650].map((width): Size => ({ width, zoom: 2 })),
];

/** Gives a page that was opened alone another size, without loading it anew. */
export async function resize(page: Page, { width, zoom }: Size): Promise<void> {
  mustBeAlone(page);
  const session = await page.context().newCDPSession(page);
  const metrics = { width, height: 900, deviceScaleFactor: zoom, mobile: false };
  await session.send('Emulation.setDeviceMetricsOverride', metrics);
  await page.evaluate((place) => (document.getElementById('app')!.dataset['place'] = place), placeOf(width));
}

const placeOf = (width: number) => (width > 500 ? 'editor' : 'sidePanel');

/** Shows each state that a page can be in, or those that are wanted. */
export async function forEachState(
  page: Page,
  look: (name: string) => Promise<void>,
  isWanted: (name: string) => boolean = () => true,
): Promise<void> {
  const { kinds, statuses } = await page.evaluate(() => ({
    kinds: window.fake.samples.kinds,
    statuses: window.fake.samples.statuses,
  }));
  if (isWanted('empty')) {
    await showEmpty(page);
    await look('empty');
  }
  for (const status of (['opening', 'failed'] as const).filter(isWanted)) {
    await page.evaluate((state) => window.fake.show(window.fake.samples.unopened(state)), status);
    await page.locator('[data-testid=run-state]').filter({ hasText: status }).waitFor();
    await look(status);
  }
  for (const kind of kinds) {
    for (const status of statuses) {
      const name = `${kind}, ${status}`;
      if (!isWanted(name)) continue;
      await page.evaluate(([what, state]) => window.fake.show(window.fake.samples.stateOf(what, state)), [
        kind,
        status,
      ] as const);
      await page.getByTestId('weights-table').getByRole('rowheader').first().waitFor();
      await look(name);
    }
  }
}

/** Shows a page without a run that offers files. */
async function showEmpty(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await window.fake.show(null);
    const file = (name: string, isConfig = false) => ({ uri: name, name, isConfig });
    const files = [
      file('sales.csv'),
      file('houses_of_the_whole_country_2024_and_before.parquet'),
      file('a.gd.json', true),
    ];
    window.fake.send({ type: 'offers', files });
  });
  await page.getByTestId('empty-offer').nth(2).waitFor();
}
