import { expect, it } from 'vitest';
import { verdictOf } from '../../../src/advice/verdicts/verdict';
import { trainRun } from '../../../src/cli/trainedRun';

const inputs = Array.from({ length: 150 }, (_, i) => [5 + Math.sin(i), 3 + Math.cos(3 * i), 4 + Math.sin(7 * i + 1)]);
const targets = inputs.map(([a, b, c], i) => [2 * a - b + 0.5 * c + 0.1 * Math.sin(i * i)]);

async function verdictWith(seed: number, optimizer: object, scheduler?: object, others?: object) {
  const config = {
    seed,
    dataset: { values: { inputs, targets }, scale_targets: 'standard' },
    loader: { batch_size: 16 },
    loss: 'l1_loss',
    optimizer,
    ...(scheduler && { scheduler }),
    ...others,
    epochs: 600,
  };
  const request = { configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0 };
  return verdictOf((await trainRun(request, () => undefined))!.state);
}

it('a run that stands still, its rate far too small and falling to 0, does not hover', async () => {
  const scheduler = { type: 'CosineAnnealingLR', T_max: 600 };
  const { code, fixes } = await verdictWith(4, { type: 'RAdam', lr: 2e-6 }, scheduler);
  expect(code).toBe('rate_too_small');
  expect(fixes[0]).toMatchObject({ kind: 'larger-rate', title: 'Set lr to 0.01' });
});

it('one that batches pull to and fro does, however far from its minimum', async () => {
  const { code } = await verdictWith(3, { type: 'RAdam', lr: 3 });
  expect(code).toBe('hovering');
});

it('nor does one overfit that is worse than the same prediction for every row', async () => {
  const others = { split: [30, 120], loss: 'mse_loss', epochs: 60 };
  const { code } = await verdictWith(1, { type: 'RMSprop', lr: 3 }, undefined, others);
  expect(code).not.toBe('overfitting');
});
