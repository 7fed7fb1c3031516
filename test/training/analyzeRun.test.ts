import { expect, it } from 'vitest';
import { analyzeOpened } from '../../src/training/analyzeRun';
import { openRun } from '../../src/training/openRun';
import { RunChecker } from '../../src/training/runChecker';

const content = `a,b,y\n${Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * 11) % 13},${3 * (i % 7) - ((i * 11) % 13) + (i % 3)}\n`).join('')}`;
const file = { name: 'table.csv', content };
const layers = [{ type: 'Linear', out_features: 4 }, { type: 'ReLU' }, { type: 'Linear' }];
const base = { seed: 3, loader: { batch_size: 8 }, optimizer: { type: 'SGD', lr: 0.01 }, epochs: 5 };

it.each([
  ['a linear layer', { ...base, dataset: { file: 'table.csv', scale: 'standard' } }],
  ['a split', { ...base, dataset: { file: 'table.csv' }, split: [0.8, 0.2] }],
  ['a net', { ...base, dataset: { file: 'table.csv' }, model: { type: 'Sequential', layers } }],
])('says after training what a check says before it: %s', async (_, config) => {
  const request = { configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0, file };
  const opened = await openRun(request);
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  const start = opened.initial.slice();
  while (opened.trainer.epoch < base.epochs) opened.trainer.advance(Infinity);
  expect(opened.trainer.parts.model.parameters).not.toEqual(start);
  const { report, data } = await new RunChecker().check(request);
  expect(analyzeOpened(opened)).toEqual({ ...(report && { report }), data });
});
