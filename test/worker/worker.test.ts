import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tutorialConfig } from '../../src/config/templates/template';
import { shapedParameters } from '../../src/engine/nn/layers';
import { openRun } from '../../src/training/openRun';
import type { RowsPage } from '../../src/protocol/questions';
import { WorkerClient } from '../helpers/workerClient';

const root = path.join(__dirname, '../..');
let client: WorkerClient;
beforeEach(() => (client = new WorkerClient()));
afterEach(() => client.end());

/** Long enough that it never ends by itself during a test. */
const endless = JSON.stringify({
  seed: 3,
  dataset: { generate: 'linear', samples: 50, features: 2 },
  optimizer: { type: 'SGD', lr: 1e-4 },
  epochs: 1e9,
});

/** A net whose batches a worker shares with a second thread, where that is faster. */
const wideNet = JSON.stringify({
  seed: 3,
  dataset: { generate: 'linear', samples: 33_000, features: 32, noise: 1, seed: 2 },
  model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 64 }, 'ReLU', 'Linear'] },
  loader: { batch_size: 128 },
  optimizer: { type: 'Adam', lr: 0.001 },
  epochs: 12,
});

async function trainInProcess(configText: string) {
  const opened = await openRun({ configText, configFile: 'test.gd.json', seed: 0 });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  const { trainer, config } = opened;
  const losses: number[] = [];
  while (trainer.epoch < config.epochs) losses.push(trainer.advance(Infinity)!.loss);
  return { losses, parameters: trainer.parts.model.parameters, loss: trainer.fullTrainLoss() };
}

/** Trains a run by steps and in two workers, the second of which begins in the middle of an epoch. */
async function trainInTwoWorkers(configText: string): Promise<void> {
  await client.open(configText);
  client.tell({ type: 'step', unit: 'batch' });
  client.tell({ type: 'step', unit: 'epoch' });
  await client.until(() => client.state.checkpoint.epoch === 1 && client.state.status === 'paused');
  for (let batch = 0; batch < 3; batch++) client.tell({ type: 'step', unit: 'batch' });
  await client.until(() => client.state.checkpoint.batch === 3);
  const { state } = client;
  await client.end();
  client = new WorkerClient();
  client.state = state;
  const seconds = 1000;
  await client.open(configText, {
    goOn: { checkpoint: state.checkpoint, fingerprint: state.shape!.fingerprint, seconds },
  });
  client.tell({ type: 'resume' });
  await client.until(() => client.state.status === 'finished');
  expect(client.state.seconds).toBeGreaterThanOrEqual(seconds);
}

describe('the same run', async () => {
  const expected = await trainInProcess(tutorialConfig());

  it('gives the same bits through the worker', async () => {
    await client.open(tutorialConfig());
    client.tell({ type: 'resume' });
    await client.until(() => client.state.status === 'finished');
    const { history, checkpoint, trainLoss } = client.state;
    expect([...history.column('loss')]).toEqual(expected.losses);
    expect(checkpoint.parameters).toEqual(expected.parameters);
    expect(trainLoss).toBe(expected.loss);
  });

  it('gives the same bits through the command line', () => {
    const output = execFileSync(process.execPath, ['dist/cli.js', 'run', 'media/samples/tutorial.gd.json', '--json'], {
      cwd: root,
      encoding: 'utf8',
    });
    const lines = output.trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const end = events.at(-1)!;
    expect(events[0]).toMatchObject({
      event: 'start',
      inputs: ['x0', 'x1', 'x2', 'x3', 'x4', 'x5'],
      rows: { train: 10, val: 0 },
    });
    expect(events.slice(1, -1).map((event) => event.loss)).toEqual(expected.losses);
    expect(end).toMatchObject({ event: 'end', status: 'finished', epochs: 2000, loss: expected.loss });
    expect(end).toMatchObject(shapedParameters(expected.parameters, 6, 1));
  });

  it('gives the same bits after pauses, steps and a new worker in the middle of an epoch', async () => {
    await trainInTwoWorkers(tutorialConfig());
    expect([...client.state.history.column('loss')]).toEqual(expected.losses);
    expect(client.state.trainLoss).toBe(expected.loss);
  });

  it('gives the same bits of a wide net with a second thread, after pauses and in a new worker too', async () => {
    const alone = await trainInProcess(wideNet);
    await trainInTwoWorkers(wideNet);
    const { history, checkpoint, trainLoss } = client.state;
    expect([...history.column('loss')]).toEqual(alone.losses);
    expect(checkpoint.parameters).toEqual(alone.parameters);
    expect(trainLoss).toBe(alone.loss);
  });
});

describe('the worker', () => {
  it('pauses and stops a run that would not end by itself', async () => {
    await client.open(endless);
    client.tell({ type: 'resume' });
    await client.until(() => client.state.history.length > 1000);
    client.tell({ type: 'pause' });
    await client.until(() => client.state.status === 'paused');
    const paused = client.state.checkpoint;
    expect(client.state.history.length).toBe(paused.epoch);
    client.tell({ type: 'resume' });
    await client.until(() => client.state.checkpoint.epoch > paused.epoch);
    client.tell({ type: 'stop' });
    await client.until(() => client.state.status === 'stopped');
    expect(client.state.trainLoss).toBeGreaterThan(0);
  });

  it('posts in bulk, far more seldom than epochs pass, and misses none', async () => {
    client.post({ type: 'setUpdateRate', updatesPerSecond: 10 });
    await client.open(endless);
    client.tell({ type: 'resume' });
    await client.until(() => client.state.seconds > 0.5);
    client.tell({ type: 'stop' });
    await client.until(() => client.state.status === 'stopped');
    const posts = client.replies.filter(({ type }) => type === 'progress').length;
    expect(posts).toBeLessThan(client.state.seconds * 10 + 3);
    expect(client.state.history.length).toBe(client.state.checkpoint.epoch);
    expect(client.state.history.length).toBeGreaterThan(posts * 10);
  });

  it('keeps to a speed, and goes as fast as it can when told so', async () => {
    await client.open(endless);
    client.tell({ type: 'control', controls: { batchesPerSecond: 20 } });
    client.tell({ type: 'resume' });
    await client.until(() => client.state.checkpoint.batch >= 5);
    expect(client.state.checkpoint.epoch).toBe(0);
    expect(client.state.seconds).toBeGreaterThan(0.15);
    client.tell({ type: 'control', controls: { batchesPerSecond: null } });
    await client.until(() => client.state.history.length > 1000);
  });

  it('says where a run diverged and keeps the last finite parameters', async () => {
    await client.open(endless.replace('0.0001', '1e10'));
    client.tell({ type: 'resume' });
    await client.until(() => client.state.status === 'diverged');
    expect(client.state.divergence?.epoch).toBe(0);
    expect(client.state.checkpoint.parameters.every(Number.isFinite)).toBe(true);
    expect(client.state.history.column('loss')[0]).toBe(Infinity);
  });

  it('says what is wrong with a config instead of throwing', async () => {
    await client.open('{ "dataset": 3 ');
    expect(client.state.status).toBe('failed');
    expect(client.state.problems.length).toBeGreaterThan(0);
  });

  it('lists rows of a large dataset by error', async () => {
    await client.open(endless.replace('"samples":50', '"samples":100000'));
    const query = { offset: 99_990, count: 25, sort: 'error', descending: true };
    client.tell({ type: 'ask', requestId: 7, question: { kind: 'rows', query } });
    await client.until(() => client.replies.some(({ type }) => type === 'answer'));
    const { answer: page } = client.replies.find(({ type }) => type === 'answer') as unknown as { answer: RowsPage };
    expect(page.total).toBe(100_000);
    expect(page.rows).toHaveLength(10);
    const errors = [...page.rows].map((_, i) => Math.abs(page.now[i] - page.targets[i]));
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(page.before).toEqual(page.now);
  });

  it('describes a table', async () => {
    client.post({ type: 'describe', requestId: 1, file: { name: 'a.csv', content: 'a,b\n1,2\n3,4\n' } });
    await client.until(() => client.replies.length > 0);
    expect(client.replies[0]).toMatchObject({
      type: 'described',
      summary: { rows: 2, columns: [{ name: 'a' }, { name: 'b' }] },
    });
  });
});
