import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeWorkers } from '../../../src/worker/start/nodeWorkers';
import { hearWorker } from '../../helpers/hearWorker';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'gd-workers-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts a worker that runs `text`, and notes what is heard of it. */
function started(text: string) {
  const file = path.join(folder, `${Math.random()}.js`);
  writeFileSync(file, `const { parentPort } = require('node:worker_threads');\n${text}`);
  const workers = nodeWorkers(file);
  return { ...hearWorker(workers), kill: () => workers.kill() };
}

const rate = { type: 'setUpdateRate', updatesPerSecond: 1 } as const;
const echo = "parentPort.on('message', (request) => parentPort.postMessage({ type: request.type }));";

it('takes requests and gives replies', async () => {
  const { heard, port } = started(echo);
  port.post(rate);
  await expect.poll(() => heard).toEqual(['setUpdateRate']);
  port.terminate();
});

it('tells what a worker ended of, be it thrown at its start, later or in a promise', async () => {
  for (const text of [
    "throw new Error('no')",
    "parentPort.on('message', () => { throw new Error('no'); });",
    "parentPort.on('message', async () => { throw new Error('no'); });",
  ]) {
    const { heard, port } = started(text);
    port.post(rate);
    await expect.poll(() => heard).toEqual(['ended no']);
  }
});

it('tells of a worker that was killed', async () => {
  const { heard, port, kill } = started(echo);
  port.post(rate);
  await expect.poll(() => heard).toEqual(['setUpdateRate']);
  kill();
  await expect.poll(() => heard).toEqual(['setUpdateRate', 'ended ']);
});

it('hears nothing of a worker that was terminated, not even what was on its way', async () => {
  const flood = "parentPort.on('message', () => { for (;;) parentPort.postMessage({ type: 'status' }); });";
  const { heard, port } = started(flood);
  port.post(rate);
  await expect.poll(() => heard.length).toBeGreaterThan(0);
  port.terminate();
  const { length } = heard;
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(heard.length).toBe(length);
});
