import { describe, expect, it } from 'vitest';
import { setConfigValue } from '../../../src/config/edits/setValue';
import { offeredFixes } from '../../../src/advice/verdicts/offeredFixes';
import { judge } from '../../../src/advice/verdicts/verdict';
import { trainRun } from '../../../src/cli/trainedRun';
import type { RunState } from '../../../src/protocol/state';

const xor = {
  seed: 1,
  dataset: {
    values: {
      inputs: [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      targets: [[0], [1], [1], [0]],
    },
  },
  loader: { batch_size: 4, shuffle: false },
  model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 8 }, 'Tanh', 'Linear'] },
  loss: 'binary_cross_entropy_with_logits',
  optimizer: { type: 'SGD', lr: 0.5 },
  epochs: 4000,
};

/** A run after all its epochs. */
async function trainedState(config: object): Promise<RunState> {
  const request = { configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0 };
  return (await trainRun(request, () => undefined))!.state;
}

const titles = (run: Parameters<typeof offeredFixes>[0]) => offeredFixes(run).map(({ title }) => title);

describe('the verdict of a net', () => {
  it('learned', async () => {
    const run = await trainedState({ ...xor, optimizer: { type: 'Adam', lr: 0.1 } });
    expect(judge(run)).toMatchObject({ kind: 'converged', code: 'converged' });
    expect(judge(run).sentence).toMatch(/^Learned: the loss is \S+, 0\.0\d* % of that of the first epoch\.$/);
    expect(titles(run)).toEqual([]);
  });

  it('was thrown off by a rate that is too large, and falls slowly ever since', async () => {
    const x = Array.from({ length: 60 }, (_, i) => i / 30 - 1);
    const values = { inputs: x.map((value) => [value]), targets: x.map((value) => [50 * Math.sin(5 * value)]) };
    const hidden = Array.from({ length: 2 }, () => [{ type: 'Linear', out_features: 24 }, 'LeakyReLU']).flat();
    const run = await trainedState({
      seed: 1,
      dataset: { values, scale: 'standard', scale_targets: 'standard' },
      model: { type: 'Sequential', layers: [...hidden, 'Linear'] },
      loader: { batch_size: 20 },
      optimizer: { type: 'Adam', lr: 16 },
      epochs: 600,
    });
    expect(run.trainLoss).toBeLessThan(run.history.at('loss', 20)!);
    expect(judge(run)).toMatchObject({ kind: 'stuck', code: 'rate_over_limit' });
    expect(judge(run).sentence).toMatch(/^Thrown off: .* lr 16 is too large\.$/);
    expect(titles(run)).toEqual(['Set lr to 0.01']);
  });

  it('has not learned by having begun with a loss beyond all measure', async () => {
    const x = Array.from({ length: 60 }, (_, i) => i / 30 - 1);
    const values = { inputs: x.map((value) => [value]), targets: x.map((value) => [Math.sin(5 * value)]) };
    const layers = [{ type: 'Linear', out_features: 32 }, 'LeakyReLU', { type: 'Linear', out_features: 32 }];
    const run = await trainedState({
      seed: 1,
      dataset: { values },
      model: { type: 'Sequential', layers: [...layers, 'LeakyReLU', 'Linear'] },
      loss: 'mse_loss',
      loader: { batch_size: 10 },
      optimizer: { type: 'Adam', lr: 3 },
      epochs: 600,
    });
    expect(run.trainLoss / run.history.at('loss', 0)!).toBeLessThan(1e-3);
    expect(judge(run)).toMatchObject({ kind: 'stuck', code: 'rate_over_limit' });
    expect(judge(run).sentence).toMatch(/^Unsteady: .* lr 3 is too large\.$/);
  });

  it('is still improving: train for longer', async () => {
    const run = await trainedState({ ...xor, epochs: 200 });
    expect(judge(run)).toMatchObject({ kind: 'improving', code: 'too_few_epochs' });
    // After a few steps its pace says little.
    expect(titles(run)).toEqual(['Train for 2,000 epochs']);
  });

  it('is nearly there and still falls: no fault', async () => {
    const run = await trainedState({ ...xor, optimizer: { type: 'Adam', lr: 0.05 }, epochs: 60 });
    expect(judge(run)).toMatchObject({ kind: 'improving', code: 'improving' });
    expect(titles(run)).toEqual([]);
  });

  it('starts with units that are alike: start at random', async () => {
    const run = await trainedState({ ...xor, epochs: 20, model: { ...xor.model, init: 'zeros' } });
    expect(judge(run)).toMatchObject({ kind: 'stuck', code: 'symmetric_start' });
    expect(offeredFixes(run)).toEqual([
      { kind: 'init', title: 'Start with random weights', edits: [{ path: ['model', 'init'], value: 'default' }] },
    ]);
  });

  it('ends worse than it began: a smaller rate, scaled inputs', async () => {
    const run = await trainedState({ ...xor, epochs: 100, optimizer: { type: 'SGD', lr: 1e6 } });
    expect(judge(run)).toMatchObject({ kind: 'diverging', code: 'rate_over_limit' });
    expect(titles(run)).toEqual(['Set lr to a tenth (100,000)', 'Scale the inputs']);
  });

  it('does not move with a rate that is far too small', async () => {
    const run = await trainedState({ ...xor, epochs: 100, optimizer: { type: 'SGD', lr: 1e-7 } });
    expect(judge(run)).toMatchObject({ kind: 'stuck', code: 'unknown' });
  });

  it('diverges where a number overflows', async () => {
    const run = await trainedState({
      ...xor,
      loss: 'mse_loss',
      model: { ...xor.model, layers: [{ type: 'Linear', out_features: 8 }, 'ReLU', 'Linear'] },
      optimizer: { type: 'SGD', lr: 1e9 },
    });
    expect(run.status).toBe('diverged');
    expect(judge(run).sentence).toContain('the steps are too long with lr 1e9; try a smaller one');
    expect(titles(run)).toEqual(['Set lr to a tenth (100,000,000)', 'Scale the inputs']);
  });
});

describe('a net whose targets are large and not scaled', () => {
  const inputs = Array.from({ length: 60 }, (_, i) => [i % 7, (i * i) % 11]);
  const targets = inputs.map(([a, b]) => [100_000 + 40_000 * a - 9000 * b]);
  const config = {
    seed: 0,
    dataset: { values: { inputs, targets }, scale: 'standard' },
    loader: { batch_size: 10 },
    model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 16 }, 'ReLU', 'Linear'] },
    optimizer: { type: 'SGD', lr: 0.02 },
    epochs: 60,
  };

  it('is mended by scaling them', async () => {
    const state = await trainedState(config);
    expect(state.status).toBe('diverged');
    const [fix] = offeredFixes(state);
    expect([fix.kind, fix.title]).toEqual(['scale-targets', 'Scale the targets']);
    const [{ path, value }] = fix.edits;
    const mended = await trainedState(
      JSON.parse(setConfigValue(JSON.stringify(config), path.join('.'), value)) as object,
    );
    expect(mended.status).toBe('finished');
    expect(mended.metrics!.train.model).toMatchObject({ r2: expect.closeTo(0.996, 2) as number });
  });
});
