/** How often a page draws a frame while a net trains at full speed and Network and Surface are in sight. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Frame } from 'playwright-core';
import { netConfig } from '../../../src/config/templates/netTemplate';
import type { Server } from '../../vscode/editor/server';
import { copyOfWorkspace } from '../../vscode/editor/temporaryFolder';
import { openWorkbench, type WebviewPlace, type Workbench } from '../../vscode/editor/workbench';
import { frameIntervals, print } from './intervals';

const epochs = 1_000_000_000;

/** Trains two nets of the palette and one on a file, and prints the frames of the side panel and of the editor by itself. */
export async function measureNetFrames(browser: Browser, server: Server): Promise<void> {
  const folder = copyOfWorkspace();
  const file = (name: string) => path.join(folder.path, name);
  const configs = {
    XOR: netConfig('xor'),
    'two spirals': netConfig('spirals'),
    wines: readFileSync(file('wines-net.gd.json'), 'utf8'),
  };
  const workbench = await openWorkbench(browser, server, {
    folder: folder.path,
    withHost: true,
    size: { width: 1440, height: 1200 },
  });
  try {
    console.log('A net trains, Network and Surface in sight');
    for (const [name, text] of Object.entries(configs)) {
      const config = file('net.gd.json');
      writeFileSync(config, text.replace(/"epochs": \d+/, `"epochs": ${epochs}`));
      await runCommand(workbench, 'gradientDescent.run', config);
      for (const place of ['side', 'editor'] as const) await measure(workbench, name, place);
      await inPage(workbench, 'editor', 'stop-button').click();
      await runCommand(workbench, 'workbench.action.closeAllEditors');
    }
  } finally {
    await workbench.close();
    folder.dispose();
  }
}

async function measure(workbench: Workbench, name: string, place: WebviewPlace): Promise<void> {
  if (place === 'editor') {
    await runCommand(workbench, 'gradientDescent.openPanel');
    await inPage(workbench, place, 'pause-button').waitFor();
    await runCommand(workbench, 'workbench.action.closeSidebar');
  }
  await inPage(workbench, place, 'surface-note').getByText(' over ').waitFor();
  const frame = await workbench.webviewFrame(place);
  await frame.evaluate(showNet);
  await frame.evaluate(countPictures);
  const intervals = await frame.evaluate(frameIntervals);
  print(`frames, ${name}, ${place}`, intervals);
  const seconds = intervals.reduce((sum, interval) => sum + interval, 0) / 1000;
  const pictures = Object.entries(await frame.evaluate(() => window.pictures));
  const drawn = pictures.map(([view, count]) => `${view} drawn ${(count / seconds).toFixed(1)} times a second`);
  console.log(`    ${drawn.join(', ')}; ${await epochOf(frame)} epochs so far`);
}

function runCommand(workbench: Workbench, command: string, file?: string): Promise<void> {
  return workbench.host.evaluate(
    async (vscode, [name, config]) => {
      await vscode.commands.executeCommand(name!, ...(config === null ? [] : [vscode.Uri.file(config)]));
    },
    [command, file ?? null],
  );
}

function inPage(workbench: Workbench, place: WebviewPlace, testId: string) {
  return workbench.webview(place).locator(`[data-testid="${testId}"]`);
}

declare global {
  interface Window {
    /** How often each view has drawn its canvas. */
    pictures: { network: number; surface: number };
  }
}

/** In a page: scrolls so that both pictures are in sight, one below the other or side by side. */
function showNet(): void {
  document.querySelector('[data-section="network"]')!.scrollIntoView();
}

/** In a page: counts, from now on, how often each view draws, which begins with the size of its canvas. */
function countPictures(): void {
  window.pictures = { network: 0, surface: 0 };
  const { set, ...rest } = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'width')!;
  const counting = function (this: HTMLCanvasElement, width: number): void {
    const view = this.closest<HTMLElement>('[data-testid]')?.dataset['testid'];
    if (view === 'network' || view === 'surface') window.pictures[view]++;
    set!.call(this, width);
  };
  Object.defineProperty(HTMLCanvasElement.prototype, 'width', { ...rest, set: counting });
}

function epochOf(frame: Frame): Promise<string> {
  return frame.evaluate(() => document.querySelector<HTMLElement>('[data-testid="epoch"]')!.innerText.split(' ')[0]);
}
