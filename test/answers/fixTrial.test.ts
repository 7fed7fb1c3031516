import { expect, it } from 'vitest';
import { tryConfig } from '../../src/answers/fixTrial';
import { trainRun } from '../../src/cli/trainedRun';
import { scoreOf } from '../../src/protocol/fixTrials';
import type { OpenedRun } from '../../src/training/openRun';
import { openConfig } from '../helpers/openRun';

const inputs = Array.from({ length: 40 }, (_, i) => [10 * i, Math.cos(i)]);
const targets = inputs.map(([a, b]) => [0.1 * a + 3 * b + Math.sin(7 * a)]);
const config = {
  seed: 4,
  dataset: { values: { inputs, targets } },
  split: [0.8, 0.2],
  loader: { batch_size: 8 },
  optimizer: { type: 'SGD', lr: 1e-6 },
  epochs: 60,
};
const scaled = { ...config, dataset: { ...config.dataset, scale: 'standard' }, optimizer: { type: 'SGD', lr: 0.05 } };
const early = { ...scaled, epochs: 400, early_stopping: { monitor: 'val_loss', patience: 5, restore_best: true } };

const tried = (run: OpenedRun, other: object) => tryConfig(run, JSON.stringify(other));

it.each([
  ['another rate', config, { ...config, optimizer: { type: 'Adam', lr: 0.02 } }],
  ['scaled inputs', config, scaled],
  ['a run whose inputs are scaled already', scaled, config],
  ['a stop rule', config, early],
])('a trial comes to what the run itself comes to: %s', async (_, own, other) => {
  const { state } = (await trainRun({ configText: JSON.stringify(other), configFile: 'a', seed: 4 }, () => undefined))!;
  const outcome = tried(await openConfig(own), other);
  expect(outcome).toEqual({ score: scoreOf(state.metrics!), isWhole: true });
});

it('has the seed of the run where the config has none', async () => {
  const { seed: _, ...drawn } = { ...scaled, epochs: 1 };
  expect(tried(await openConfig({ ...scaled, epochs: 1 }), drawn)).toEqual(
    tried(await openConfig({ ...scaled, epochs: 1 }), { ...drawn, seed: 4 }),
  );
});

it('leaves the run as it is', async () => {
  const [run, alone] = [await openConfig(config), await openConfig(config)];
  run.trainer.advance(Infinity);
  tried(run, scaled);
  tried(run, { ...config, optimizer: { type: 'SGD', lr: 1 } });
  run.trainer.advance(Infinity);
  alone.trainer.advance(Infinity);
  alone.trainer.advance(Infinity);
  expect(run.trainer.position()).toEqual(alone.trainer.position());
  expect(run.dataset.inputs).toEqual(alone.dataset.inputs);
});

it('says that it diverges', async () => {
  const outcome = tried(await openConfig(config), { ...config, optimizer: { type: 'SGD', lr: 1 } });
  expect(outcome).toEqual({ score: -Infinity, isWhole: true });
});

it('goes as far as a trial may go', async () => {
  const outcome = tried(await openConfig(config), { ...scaled, epochs: 1e9 });
  expect(outcome).toEqual({ score: expect.closeTo(0.98, 1) as number, isWhole: false });
});

it('is not made with rows that are not in memory, or of which an epoch is too long', async () => {
  const dataset = { generate: 'linear', samples: 3000, features: 40 };
  const large = { ...config, dataset, split: undefined };
  const model = { type: 'Sequential', layers: [{ type: 'Linear', out_features: 1000 }, 'ReLU', 'Linear'] };
  expect(tried(await openConfig(large), { ...large, epochs: 1 })).not.toBeNull();
  expect(tried(await openConfig(large), { ...large, model })).toBeNull();
  expect(tried(await openConfig(large), { ...large, dataset: { ...dataset, features: 39 } })).toBeNull();
  expect(tryConfig(await openConfig(config), '{')).toBeNull();
});
