import { expect, it } from 'vitest';
import { problemFixes } from '../../../src/advice/findings/problemFixes';
import { setConfigValue } from '../../../src/config/edits/setValue';
import { RunChecker } from '../../../src/training/runChecker';

const rows = Array.from({ length: 80 }, (_, i) => {
  const [a, b] = [Math.sin(i * 1.7), Math.cos(i * 0.6 + 1)];
  return { a, b, y: 3 * a - b + 0.4 * Math.sin(i * 5.1) };
});
const csvOf = (columns: string[], cells: (row: (typeof rows)[number], i: number) => number[]) =>
  [columns.join(), ...rows.map((row, i) => cells(row, i).join())].join('\n');

const plain = csvOf(['a', 'b', 'y'], ({ a, b, y }) => [a, b, y]);
const base = {
  seed: 1,
  dataset: { file: 'data.csv', targets: ['y'] },
  loader: { batch_size: 80 },
  optimizer: { type: 'SGD', lr: 0.1 },
  epochs: 300,
};
const net = (...layers: unknown[]) => ({ model: { type: 'Sequential', layers } });

const cases: Record<string, { csv: string; config: object; code: string }> = {
  'a rate over the limit': {
    csv: plain,
    config: { ...base, optimizer: { type: 'SGD', lr: 9 } },
    code: 'rate-over-limit',
  },
  'weight decay that is too strong': {
    csv: plain,
    config: { ...base, optimizer: { type: 'SGD', lr: 0.01, weight_decay: 20 } },
    code: 'regularization-too-strong',
  },
  'a penalty that is too strong': {
    csv: plain,
    config: { ...base, optimizer: { type: 'SGD', lr: 0.01 }, penalty: { l2: 20 } },
    code: 'regularization-too-strong',
  },
  'a column that gives the target away': {
    csv: csvOf(['a', 'b', 'total', 'y'], ({ a, y }, i) => [a, Math.cos(i * 2.3), (y + 1) / 2, y]),
    config: base,
    code: 'leaking-column',
  },
  'a column that is the sum of others': {
    csv: csvOf(['a', 'b', 'both', 'y'], ({ a, b, y }) => [a, b, a + b, y]),
    config: base,
    code: 'dependent-columns',
  },
  'numbers as classes': {
    csv: plain,
    config: { ...base, loss: 'cross_entropy' },
    code: 'numbers-as-classes',
  },
  'classes as numbers': {
    csv: csvOf(['a', 'b', 'y'], ({ a, b, y }) => [a, b, Number(y > 0)]),
    config: base,
    code: 'classes-as-numbers',
  },
  'what no linear model can hold': {
    csv: csvOf(['a', 'b', 'y'], ({ a, b }) => [a, b, a * b]),
    config: base,
    code: 'not-linear',
  },
  'a net that ends with ReLU': {
    csv: plain,
    config: { ...base, ...net({ type: 'Linear', out_features: 4 }, 'ReLU', 'Linear', 'ReLU') },
    code: 'output-activation',
  },
};

it.each(Object.entries(cases))('mends the problem in the editor: %s', async (_, { csv, config, code }) => {
  const check = (configText: string) =>
    new RunChecker().check({ configText, configFile: 'a.gd.json', seed: 1, file: { name: 'data.csv', content: csv } });
  const text = JSON.stringify(config);
  const checked = await check(text);
  expect(checked.problems.map((problem) => problem.code)).toContain(code);
  const found = problemFixes(checked).find((one) => one.code === code);
  expect(found?.fixes.length).toBeGreaterThan(0);
  const fixed = found!.fixes[0].edits.reduce(
    (made, { path, value }) => setConfigValue(made, path.join('.'), value),
    text,
  );
  const { problems } = await check(fixed);
  expect(problems.filter((problem) => problem.code === code || problem.severity === 'error')).toEqual([]);
});
