import { expect, it } from 'vitest';
import { verdictOf } from '../../../src/advice/verdicts/verdict';
import { trainRun } from '../../../src/cli/trainedRun';

it('a loss whose steps do not grow with the distance hovers, however high it rises, and never diverges', async () => {
  const config = {
    ...{ seed: 1, dataset: { generate: 'linear', samples: 40, features: 3, noise: 0.5, seed: 5 } },
    ...{ loader: { batch_size: 40 }, loss: 'l1_loss', optimizer: { type: 'SGD', lr: 20 }, epochs: 61 },
  };
  const request = { configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0 };
  const { state } = (await trainRun(request, () => undefined))!;
  const losses = state.history.recent('loss');
  expect(losses[60]).toBeGreaterThan(2 * losses[0]);
  expect(losses[60]).toBeGreaterThan(losses[59]);
  const { code, fixes } = verdictOf(state);
  expect(code).toBe('no_smooth_minimum');
  expect(fixes[0]).toMatchObject({ kind: 'schedule' });
});
