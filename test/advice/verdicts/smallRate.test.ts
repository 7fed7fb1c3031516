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
    epochs: 600,
    ...others,
  };
  const request = { configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0 };
  return verdictOf((await trainRun(request, () => undefined))!.state);
}

it('a run that stands still, its rate far too small and falling to 0, does not hover', async () => {
  const scheduler = { type: 'CosineAnnealingLR', T_max: 600 };
  const { code, sentence, fixes } = await verdictWith(4, { type: 'RAdam', lr: 2e-6 }, scheduler);
  expect(code).toBe('rate_too_small');
  expect(sentence).toContain('RAdam moves a parameter by at most about ');
  expect(fixes[0]).toMatchObject({ kind: 'larger-rate', title: 'Set lr to 0.0056' });
});

it('one with which parameters could go far enough, and yet take too long, is offered the usual rate', async () => {
  const scheduler = { type: 'CosineAnnealingLR', T_max: 600 };
  const { code, fixes, numbers } = await verdictWith(4, { type: 'RAdam', lr: 0.0056 }, scheduler);
  expect([code, fixes[0]?.title]).toEqual(['rate_too_small', 'Set lr to 0.01']);
  const mended = await verdictWith(4, { type: 'RAdam', lr: 0.01 }, scheduler);
  expect(mended.numbers['gap']).toBeLessThan(0.5 * numbers['gap']);
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

it('a rate that moves a parameter by too little in all steps is too small, whatever the columns are', async () => {
  const others = { dataset: { values: { inputs, targets } }, loss: 'mse_loss' };
  const { code, fixes } = await verdictWith(4, { type: 'RAdam', lr: 2e-5 }, undefined, others);
  expect([code, fixes[0]?.kind]).toEqual(['rate_too_small', 'larger-rate']);
});

it('nor are more epochs asked for by the pace at which a scheduler ends', async () => {
  const scheduler = { type: 'CosineAnnealingLR', T_max: 30 };
  const others = {
    dataset: { values: { inputs, targets }, scale: 'standard', scale_targets: 'standard' },
    loss: 'smooth_l1_loss',
    epochs: 30,
  };
  const { code, fixes } = await verdictWith(4, { type: 'SGD', momentum: 0.9, lr: 1e-4 }, scheduler, others);
  expect([code, fixes[0]?.kind]).toEqual(['rate_too_small', 'half-limit']);
});
