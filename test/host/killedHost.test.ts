import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { esbuildKernels } from '../../src/engine/kernels/assembly/compile.js';
import { nodeRecordFolder } from '../../src/host/records/nodeRecordFolder';
import { openConfig } from '../helpers/openRun';
import { hasBitsOf, seeded } from '../helpers/recordedRun';
import { openRunWindow } from '../helpers/runWindows';

vi.mock('vscode', () => import('../helpers/fakeVscode'));
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const root = path.join(__dirname, '../..');
const epochs = 6_000_000;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'gd-killed-'));
  await build({
    ...{ absWorkingDir: root, bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error' },
    entryPoints: { host: 'test/helpers/trainingHost.ts', worker: 'src/worker/node.ts' },
    outdir: folder,
    mainFields: ['module', 'main'],
    alias: { vscode: './test/helpers/fakeVscode.ts' },
    plugins: [esbuildKernels],
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));

/** Trains in a process of its own and kills it after some flushes. Gives how many epochs it said were on disk. */
async function trainAndKill(runs: string, flushes: number): Promise<number> {
  const program = [path.join(folder, 'host.js'), runs, path.join(folder, 'worker.js'), String(epochs)];
  const child = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let flushed = 0;
  let seen = 0;
  for await (const line of createInterface(child.stdout)) {
    flushed = Math.max(flushed, Number(line));
    // Where it was faster than expected, it is killed after its end.
    if (++seen === flushes || flushed === epochs) child.kill('SIGKILL');
  }
  await ended;
  return flushed;
}

/** The losses of the epochs of a config, trained as far as they are asked for. */
async function lossesOf(configText: string): Promise<(count: number) => Float64Array> {
  const { trainer } = await openConfig(JSON.parse(configText) as object);
  const losses = new Float64Array(epochs);
  let trained = 0;
  return (count) => {
    while (trained < count) {
      const record = trainer.advance(Infinity);
      if (record) losses[trained++] = record.loss;
    }
    return losses.subarray(0, count);
  };
}

it('a host that is killed while it trains 6,000,000 epochs has lost nothing that it flushed: 3 kills', async () => {
  const random = seeded(9);
  const configs = new Map<string, (count: number) => Float64Array>();
  for (let fault = 0; fault < 3; fault++) {
    const there = path.join(folder, `runs-${fault}`);
    const flushed = await trainAndKill(there, 1 + Math.floor(random() * 3));
    const { runs } = openRunWindow(nodeRecordFolder(there));
    await runs.restore();
    const [run] = runs.all;
    const { length } = run.state.history;
    expect(flushed).toBeGreaterThan(0);
    expect(length).toBeGreaterThanOrEqual(flushed);
    if (length < epochs) await runs.resume(run);
    await expect
      .poll(() => run.state.history.length >= Math.min(epochs, length + 1000), { timeout: 120_000 })
      .toBe(true);
    await runs.close();
    const { configText } = run.source;
    if (!configs.has(configText)) configs.set(configText, await lossesOf(configText));
    const { history } = run.state;
    const right = configs.get(configText)!(history.length);
    const exact = await runs.shared.records.readEpochs(run.id, 0, epochs);
    expect(hasBitsOf(exact.loss, right)).toBe(true);
    const differs = right.some((loss, epoch) => (history.at('loss', epoch) ?? loss) !== loss);
    expect(differs).toBe(false);
  }
});
