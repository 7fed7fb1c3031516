/**
 * How fast VS Code answers while the tutorial trains at full speed: 100,000,000 epochs, side panel and editor open, ten
 * pauses and resumes and a stop at random moments, first on the machine as it is and then beside a busy loop. Prints
 * medians and worst times, and the memory after 20,000,000 epochs (`--quick`: after 2,000,000). Before it, how often the
 * page of a comparison draws a frame (`--compare`: that alone), and those of training nets (`--nets`). Judges nothing.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Frame } from 'playwright-core';
import { launchChromium } from '../../helpers/chromium';
import { startServer } from '../../vscode/editor/server';
import { copyOfWorkspace } from '../../vscode/editor/temporaryFolder';
import { openWorkbench, type WebviewPlace, type Workbench } from '../../vscode/editor/workbench';
import { measureCompareFrames } from './compareFrames';
import { frameIntervals, heapOf, megabytes, print } from './intervals';
import { measureNetFrames } from './netFrames';

const rounds = 10;
const epochs = 100_000_000;
const heavyEpochs = process.argv.includes('--quick') ? 2_000_000 : 20_000_000;
/** What alone is measured. */
const options = process.argv.slice(2).filter((option) => option !== '--quick');
const seed = 7;

/** What the extension host has heard from its training workers. */
interface Heard {
  /** Milliseconds since 1970. */
  at: number;
  status?: string;
  epoch?: number;
}

async function main(): Promise<void> {
  const server = await startServer();
  const browser = await launchChromium();
  try {
    const isAsked = (option: string) => options.length === 0 || options.includes(option);
    if (isAsked('--compare')) await measureCompareFrames(browser, server);
    if (isAsked('--nets')) await measureNetFrames(browser, server);
    for (const isBusy of options.length === 0 ? [false, true] : []) {
      const loop = isBusy ? spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }) : undefined;
      const folder = copyOfWorkspace();
      const workbench = await openWorkbench(browser, server, { folder: folder.path, withHost: true });
      try {
        console.log(isBusy ? '\nBeside a busy loop' : 'The machine as it is');
        await measure(browser, workbench);
      } finally {
        loop?.kill();
        await workbench.close();
        folder.dispose();
      }
    }
  } finally {
    await browser.close();
    await server.dispose();
  }
}

async function measure(browser: Browser, workbench: Workbench): Promise<void> {
  const config = path.join(workbench.folder, 'tutorial.gd.json');
  writeFileSync(config, readFileSync(config, 'utf8').replace('"epochs": 2000', `"epochs": ${epochs}`));
  await workbench.host.evaluate(listenToWorkers);
  await workbench.openFile('tutorial.gd.json');
  await workbench.runCommand('Gradient Descent: Run Gradient Descent');
  await workbench.webview('side').locator('[data-testid="pause-button"]').waitFor();
  await workbench.host.evaluate((vscode) => vscode.commands.executeCommand('gradientDescent.openPanel'));
  await workbench.webview('editor').locator('[data-testid="pause-button"]').waitFor();
  const frames = { side: await workbench.webviewFrame('side'), editor: await workbench.webviewFrame('editor') };
  const places: WebviewPlace[] = ['side', 'editor'];

  const random = randomNumbers(seed);
  const times = { stopped: [] as number[], shown: [] as number[] };
  const press = async (place: WebviewPlace, button: string, status: string) => {
    const [clicked, shown] = await frames[place].evaluate(clickAndWait, { button, status });
    const heard = (await workbench.host.evaluate(heardSoFar)).filter(({ at }) => at >= clicked);
    const rested = heard.find((reply) => reply.status === status);
    times.shown.push(shown - clicked);
    if (rested) times.stopped.push(rested.at - clicked);
  };
  for (let round = 0; round < rounds; round++) {
    await pause(200 + 1500 * random());
    const place = places[Math.floor(places.length * random())];
    await press(place, 'pause-button', 'paused');
    await pause(500 * random());
    await frames[place].evaluate(clickAndWait, { button: 'run-button', status: 'running' });
  }
  await untilEpoch(workbench, heavyEpochs);
  for (const place of places) print(`frames, ${place}`, await frames[place].evaluate(frameIntervals));
  const memory = await workbench.host.evaluate(() => process.memoryUsage().rss);
  console.log(`  RSS of the extension host after ${heavyEpochs} epochs: ${megabytes(memory)}`);
  await printPages(browser, frames);
  await press(places[Math.floor(places.length * random())], 'stop-button', 'stopped');
  print('click → worker stopped', times.stopped);
  print('click → "paused" on screen', times.shown);
}

/** In the extension host: notes what workers say. */
function listenToWorkers(): void {
  const heard: Heard[] = [];
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const { performance } = process.getBuiltinModule('node:perf_hooks');
  Object.assign(globalThis, { heardFromWorkers: heard });
  const emit = Worker.prototype.emit as (this: unknown, ...args: unknown[]) => boolean;
  Worker.prototype.emit = function (this: unknown, ...args: unknown[]): boolean {
    const reply = args[1] as
      | { type?: string; status?: string; progress?: { checkpoint: { epoch: number } } }
      | undefined;
    const at = performance.timeOrigin + performance.now();
    if (args[0] === 'message' && reply?.type === 'status') heard.push({ at, status: reply.status ?? '' });
    if (args[0] === 'message' && reply?.progress) heard.push({ at, epoch: reply.progress.checkpoint.epoch });
    // Long runs report often.
    if (heard.length > 2000) heard.splice(0, 1000);
    return emit.apply(this, args);
  };
}

/** In the extension host: what `listenToWorkers` has noted. */
function heardSoFar(): Heard[] {
  return (globalThis as unknown as { heardFromWorkers: Heard[] }).heardFromWorkers;
}

async function untilEpoch(workbench: Workbench, epoch: number): Promise<void> {
  for (;;) {
    const heard = await workbench.host.evaluate(heardSoFar);
    if (heard.some((reply) => (reply.epoch ?? 0) >= epoch)) return;
    await pause(500);
  }
}

/** In a page: presses a button and waits for the status; returns when both were on screen, in milliseconds since 1970. */
async function clickAndWait({ button, status }: { button: string; status: string }): Promise<[number, number]> {
  const find = (testId: string) => document.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
  const now = () => performance.timeOrigin + performance.now();
  const frame = () => new Promise(requestAnimationFrame);
  while (!find(button) || find(button)?.hasAttribute('disabled')) await frame();
  const clicked = now();
  find(button)?.click();
  while (find('run-state')?.textContent?.trim() !== status) await frame();
  return [clicked, now()];
}

async function printPages(browser: Browser, frames: Record<WebviewPlace, Frame>): Promise<void> {
  for (const [place, frame] of Object.entries(frames)) {
    const heap = megabytes(await heapOf(frame));
    console.log(`  JS heap of the ${place} page (with all that shares its process): ${heap}`);
  }
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  for (const { id } of processInfo.filter(({ type }) => type === 'renderer')) {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1];
    console.log(`  RSS of a process of pages: ${megabytes(1024 * Number(kilobytes))}`);
  }
}

/** Numbers in 0…1 that are the same each time. */
function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
