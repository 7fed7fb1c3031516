import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRun } from '../../src/training/openRun';
import { WorkerClient } from '../helpers/workerClient';

let client: WorkerClient;
beforeEach(() => (client = new WorkerClient()));
afterEach(() => client.end());

const dataset = { generate: 'linear', samples: 30, features: 3, noise: 0.5, seed: 2 };
const base = { seed: 5, dataset, loader: { batch_size: 8 }, epochs: 40 };
const configs = [
  { ...base, optimizer: { type: 'SGD', lr: 0.01 } },
  { ...base, optimizer: { type: 'SGD', lr: 0.01, momentum: 0.9 }, scheduler: { type: 'StepLR', step_size: 7 } },
  { ...base, split: [20, 10], optimizer: { type: 'Adam' }, scheduler: { type: 'ReduceLROnPlateau', patience: 1 } },
  { ...base, loader: { batch_size: 30 }, optimizer: { type: 'SGD', lr: 0.1 } },
  { ...base, loader: { batch_size: 30 }, optimizer: { type: 'LBFGS', lr: 0.1, max_iter: 3, history_size: 4 } },
  { ...base, loader: { batch_size: 30 }, optimizer: { type: 'LBFGS', max_iter: 2, line_search_fn: 'strong_wolfe' } },
];

async function freshTrainer(config: object) {
  const opened = await openRun({ configText: JSON.stringify(config), configFile: 'test.gd.json', seed: 0 });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  return opened.trainer;
}

async function seek(epoch: number, batch: number): Promise<void> {
  client.replies.length = 0;
  client.tell({ type: 'seek', epoch, batch });
  await client.until(() => client.replies.some((reply) => reply.type === 'status' && reply.status !== 'running'));
}

async function finish(): Promise<void> {
  client.tell({ type: 'resume' });
  await client.until(() => client.state.status === 'finished');
}

describe('going to where a run stood', () => {
  it.each(configs)('gives the same bits, back and ahead, $optimizer.type', async (config) => {
    await client.open(JSON.stringify(config));
    await finish();
    const { checkpoint: end, history } = client.state;
    const losses = [...history.column('loss')];
    const { batches } = (await freshTrainer(config)).parts.loader;
    for (const [epoch, batch] of [
      [0, 0],
      [37, 0],
      [12, batches - 1],
      [11, 1 % batches],
      [13, 0],
      [0, 0],
      [39, 0],
    ]) {
      await seek(epoch, batch);
      const reference = await freshTrainer(config);
      while (reference.epoch < epoch) reference.advance(Infinity);
      while (reference.batch < batch) reference.advance(Infinity, 1);
      const { parameters, gradients } = reference.parts.model;
      expect(client.state.status).toBe('paused');
      expect(client.state.checkpoint).toEqual(reference.position());
      expect(client.state.gradients).toEqual(gradients);
      expect(client.state.lastChange).toEqual(parameters.map((value, i) => value - reference.previous[i]));
      expect(client.state.trainLoss).toBe(reference.fullTrainLoss());
      expect([...history.column('loss')]).toEqual(losses);
    }
    await finish();
    expect(client.state.checkpoint).toEqual(end);
    expect([...client.state.history.column('loss')]).toEqual(losses);
  });

  it.each([configs[1], ...configs.slice(4)])(
    'works in a worker that was given the run in its middle',
    async (config) => {
      await client.open(JSON.stringify(config));
      const [batch, earlier] = config.loader.batch_size < 30 ? [2, 1] : [0, 0];
      await seek(20, batch);
      const { checkpoint } = client.state;
      await client.end();
      const { state } = client;
      client = new WorkerClient();
      client.state = state;
      await client.open(JSON.stringify(config), { checkpoint });
      await seek(3, earlier);
      await seek(20, batch);
      expect(client.state.checkpoint).toEqual(checkpoint);
    },
  );

  it('leads back from a divergence', async () => {
    await client.open(JSON.stringify({ ...base, epochs: 1e6, optimizer: { type: 'SGD', lr: 3 } }));
    client.tell({ type: 'resume' });
    await client.until(() => client.state.status === 'diverged');
    const { divergence } = client.state;
    await seek(2, 0);
    expect(client.state.status).toBe('paused');
    expect(client.state.divergence).toBeUndefined();
    client.tell({ type: 'resume' });
    await client.until(() => client.state.status === 'diverged');
    expect(client.state.divergence).toEqual(divergence);
  });
});

describe('the weights of every epoch', () => {
  it('are those that a run of so many epochs ends with', async () => {
    const [, config] = configs;
    await client.open(JSON.stringify(config));
    await finish();
    const trainer = await freshTrainer(config);
    for (let epochs = 1; epochs <= 40; epochs++) {
      trainer.advance(Infinity);
      const parameters = trainer.parts.model.parameters;
      expect(client.state.history.weightsAfter(epochs)).toEqual({ epochs, parameters });
    }
    expect(client.state.history.weightsAfter(0)).toBeUndefined();
  });

  it('are thinned evenly where all of them would be too many', async () => {
    const wide = {
      ...base,
      dataset: { ...dataset, features: 5000 },
      optimizer: { type: 'SGD', lr: 1e-6 },
      epochs: 4000,
    };
    await client.open(JSON.stringify(wide));
    client.tell({ type: 'resume' });
    await client.until(() => client.state.history.length > 20);
    client.tell({ type: 'stop' });
    await client.until(() => client.state.status === 'stopped');
    // 4000 epochs × 5001 parameters × 4 bytes are 2.4 times 32 MiB.
    expect([2, 3, 7, 9].map((epochs) => client.state.history.weightsAfter(epochs)?.epochs)).toEqual([
      undefined,
      3,
      6,
      9,
    ]);
    const back = client.state.history.slice();
    expect(back.weights).toHaveLength(Math.floor(client.state.history.length / 3) * 5001);
  });
});
