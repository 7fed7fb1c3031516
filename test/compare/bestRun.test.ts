import { expect, it } from 'vitest';
import { bestRun, rulesFor } from '../../src/compare/bestRun';
import { differingKeys } from '../../src/compare/comparedRun';
import { comparedRun } from './runs';

it('takes the validation loss where there is one, otherwise the training loss', () => {
  const held = [comparedRun({ loss: 1, valLoss: 3 }), comparedRun({ loss: 2, valLoss: 2 })];
  expect(rulesFor(held)[0].id).toBe('val_loss');
  expect(bestRun(held, rulesFor(held)[0])).toBe(held[1]);
  const all = [comparedRun({ loss: 1 }), comparedRun({ loss: 2 })];
  expect(rulesFor(all).map(({ id }) => id)).toEqual(['loss']);
  expect(bestRun(all, rulesFor(all)[0])).toBe(all[0]);
});

it('compares by a metric where the losses are different things', () => {
  const metrics = { r2: 0.5, rmse: 2, mae: 1 };
  const runs = [
    comparedRun({ loss: 4, settings: { loss: 'mse_loss' }, metrics }),
    comparedRun({ loss: 1, settings: { loss: 'l1_loss' }, metrics: { ...metrics, r2: 0.4 } }),
  ];
  const [rule] = rulesFor(runs);
  expect(rule.title).toBe('the highest R² on training rows');
  expect(bestRun(runs, rule)).toBe(runs[0]);
});

it('compares by a metric where the targets are other numbers, whoever gives them', () => {
  for (const key of ['dataset.values.targets', 'dataset.generate', 'dataset.weight', 'dataset.bias']) {
    const runs = [
      comparedRun({ loss: 0.08, settings: { [key]: '[[1],[2]]' }, metrics: { r2: 0.94 } }),
      comparedRun({ loss: 0.03, settings: { [key]: '[[0.01],[0.02]]' }, metrics: { r2: -145 } }),
    ];
    expect(bestRun(runs, rulesFor(runs)[0]), key).toBe(runs[0]);
  }
});

it('never takes a run that diverged, though its last finite loss was small', () => {
  const runs = [comparedRun({ loss: 1e-9, status: 'diverged' }), comparedRun({ loss: 5 })];
  expect(bestRun(runs, rulesFor(runs)[0])).toBe(runs[1]);
  expect(bestRun([runs[0]], rulesFor(runs)[0])).toBeUndefined();
});

it('takes the first of equal runs, and the highest where more is better', () => {
  const runs = [0.5, 0.9, 0.9].map((r2) => comparedRun({ metrics: { r2 } }));
  const rule = rulesFor(runs).find(({ id }) => id === 'r2')!;
  expect(bestRun(runs, rule)).toBe(runs[1]);
});

it('names the keys in which runs differ, a key that only some have too', () => {
  const runs = [
    comparedRun({ settings: { seed: 0, 'optimizer.type': 'SGD', 'optimizer.momentum': 0 } }),
    comparedRun({ settings: { seed: 0, 'optimizer.type': 'Adam' } }),
  ];
  expect(differingKeys(runs)).toEqual(['optimizer.type', 'optimizer.momentum']);
  expect(differingKeys(runs, ['optimizer.momentum'])).toEqual(['optimizer.momentum', 'optimizer.type']);
});
