import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { projectRoot } from '../editor/paths';
import type { Workbench } from '../editor/workbench';
import { inView, uiTests, untilState } from './uiTest';

const ui = uiTests();

/** Clicks one after the other; a list of choices is confirmed by its button. Returns how many clicks it took. */
async function clickAll(...targets: Locator[]): Promise<number> {
  for (const target of targets) await target.click();
  return targets.length;
}

const offer = (workbench: Workbench, name: string) =>
  inView(workbench, 'empty-offer').filter({ hasText: `Train on ${name}` });
const confirm = (workbench: Workbench) =>
  workbench.page.locator('.quick-input-widget:visible').getByText('OK', { exact: true });

/** How the rate of a config stands to the largest stable one of its data. */
function shareOfLimit(configFile: string): number {
  const { stdout } = spawnSync(process.execPath, ['dist/cli.js', 'check', configFile, '--json'], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  return (JSON.parse(stdout) as { curvature: { share: number } }).curvature.share;
}

it('answers on the first screen after four clicks on a folder with one csv', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const [area, rooms] = [40 + ((i * 37) % 90), 1 + (i % 5)];
    return `${area},${rooms},${3000 * area + 9000 * rooms + ((i * 7919) % 5000)}`;
  });
  const workbench = await ui.open({ files: 'none' });
  writeFileSync(path.join(workbench.folder, 'houses.csv'), ['area,rooms,price', ...rows].join('\n'));
  const clicks = await clickAll(
    workbench.activityBarItem('Gradient Descent'),
    offer(workbench, 'houses.csv'),
    workbench.quickPickRow('price'),
    confirm(workbench),
  );
  expect(clicks).toBeLessThanOrEqual(6);
  await untilState(workbench, 'finished');
  // The rate is well within what these very rows allow.
  const share = shareOfLimit(path.join(workbench.folder, 'houses.gd.json'));
  expect(share).toBeGreaterThan(0.3);
  expect(share).toBeLessThanOrEqual(0.45);
  const quality = inView(workbench, 'quality');
  await quality.filter({ hasText: /^R²\s0\.9\d+ · typical\serror\s±[\d,]+$/ }).waitFor();
  for (const part of [inView(workbench, 'verdict'), quality]) {
    const box = (await part.boundingBox())!;
    expect(box.y + box.height).toBeLessThan(workbench.page.viewportSize()!.height / 2);
  }
  await workbench.keepPicture('own-file');
});

it('skips the lines above a header, counts dates in days, and says how many classes are right', async () => {
  const rows = Array.from({ length: 48 }, (_, i) => {
    const date = new Date(Date.UTC(2023, 0, 1 + 5 * i)).toISOString().slice(0, 10);
    const humidity = 30 + ((i * 29) % 60);
    return `${date},${humidity},${humidity > 58 ? 'yes' : 'no'}`;
  });
  const title = ['Station 7, Uppsala', 'Exported 2024-02-01'];
  const workbench = await ui.open({ files: 'none' });
  await workbench.showSidePanel();
  await inView(workbench, 'run-tutorial-button').waitFor();
  expect(await inView(workbench, 'empty-offer').count()).toBe(0);
  // It is offered as it comes into the folder.
  const lines = [...title, 'date,humidity,rain', ...rows];
  writeFileSync(path.join(workbench.folder, 'weather.csv'), lines.join('\n'));
  await offer(workbench, 'weather.csv').click();
  await workbench.page.getByPlaceholder('Skip the first 2 lines?').waitFor();
  await clickAll(workbench.quickPickRow('Skip', true), workbench.quickPickRow('rain'));
  await workbench.quickPickRow('date').filter({ hasText: 'dates → days since 2023-01-01' }).waitFor();
  // A date says nothing of another year unless a person thinks so.
  const box = workbench.quickPickRow('date').getByRole('checkbox');
  if (!(await box.isChecked())) await box.click();
  await confirm(workbench).click();
  await untilState(workbench, 'finished');
  const words = /^Right: ([\d.]+) %/;
  await inView(workbench, 'quality').filter({ hasText: words }).waitFor();
  const right = words.exec(await inView(workbench, 'quality').innerText());
  expect(Number(right![1])).toBeGreaterThan(80);
  await inView(workbench, 'quality-baseline')
    .filter({ hasText: /^always “(yes|no)”: \d/ })
    .waitFor();
  await inView(workbench, 'weights-table').getByText('yes ← date').waitFor();
  const config = readFileSync(path.join(workbench.folder, 'weather.gd.json'), 'utf8');
  expect(config).toContain('"skiprows": 2');
  expect(config).toContain('"date_origin": "2023-01-01"');
  await workbench.keepPicture('own-file-classes');
});

/** Writes a csv of some megabytes: rows are the same from block to block. */
function writeLargeCsv(file: string, megabytes: number): number {
  const inputs = Array.from({ length: 12 }, (_, i) => `x${i}`);
  const line = (row: number) => {
    const values = inputs.map((_, i) => (((row + 1) * (31 + 2 * i)) % 997) / 8);
    return `${values.map((value) => value.toFixed(3)).join()},${(3 * values[0] - 2 * values[1]).toFixed(3)}\n`;
  };
  const block = Array.from({ length: 10_000 }, (_, row) => line(row)).join('');
  const target = openSync(file, 'w');
  let bytes = writeSync(target, `${inputs.join()},y\n`);
  while (bytes < megabytes * 1e6) bytes += writeSync(target, block);
  closeSync(target);
  return bytes;
}

/** Bytes that the extension host and its workers have read so far. */
const bytesRead = (workbench: Workbench): Promise<number> =>
  workbench.host.evaluate(() => {
    const counters = process.getBuiltinModule('node:fs').readFileSync('/proc/self/io', 'utf8');
    return Number(/rchar: (\d+)/.exec(counters)![1]);
  });

it.runIf(process.platform === 'linux')(
  'asks about 60 MB after a glance at the file, and trains on all of it',
  async () => {
    const workbench = await ui.open({ files: 'none' });
    const size = writeLargeCsv(path.join(workbench.folder, 'large.csv'), 60);
    await workbench.activityBarItem('Gradient Descent').click();
    await offer(workbench, 'large.csv').waitFor();
    const atFirst = await bytesRead(workbench);
    await offer(workbench, 'large.csv').click();
    await workbench.quickPickRow('y').waitFor();
    const atColumns = await bytesRead(workbench);
    expect(atColumns - atFirst).toBeLessThan(size / 4);
    await clickAll(workbench.quickPickRow('y'), confirm(workbench));
    await inView(workbench, 'epoch')
      .filter({ hasText: /^[1-9]\d* of / })
      .waitFor();
    await inView(workbench, 'pause-button').click();
    await untilState(workbench, 'paused');
  },
);
