import { describe, expect, it } from 'vitest';
import { curvatureFixes } from '../../../src/advice/fixes/curvatureFixes';
import { curvatureProblems } from '../../../src/advice/findings/curvatureProblems';
import { parseConfig } from '../../../src/config/parseConfig';
import { setConfigValue } from '../../../src/config/edits/setValue';
import { analyzeRun } from '../../../src/training/analyzeRun';
import { openConfig } from '../../helpers/openRun';

const rows = Array.from({ length: 24 }, (_, i) => [((i * 7) % 24) / 8 - 1.4, ((i * 5) % 24) / 9 - 1.2]);
const values = { inputs: rows, targets: rows.map(([a, b], i) => [6 * a - 11 * b + 20 + ((i * 11) % 5) / 10]) };
const slow = { seed: 3, dataset: { values }, loader: { batch_size: 6, shuffle: true }, epochs: 100 };

/** What is said of a config, and the share of what there is to learn that is left after its epochs. */
async function look(config: { epochs: number }) {
  const text = JSON.stringify(config);
  const run = await openConfig(config);
  const report = analyzeRun(run);
  const { trainer } = run;
  const floor = report.optimum!.loss;
  const above = trainer.fullTrainLoss() - floor;
  while (trainer.epoch < config.epochs) trainer.advance(Infinity);
  const left = (trainer.fullTrainLoss() - floor) / above;
  const parsed = parseConfig(text, 'a.gd.json');
  return { text, report, left, problems: curvatureProblems(parsed, report), fixes: curvatureFixes(report, config) };
}

describe.each([
  ['Adam', 2e-3],
  ['AdamW', 2e-3],
  ['RMSprop', 2e-3],
  ['Adagrad', 2e-2],
  ['RAdam', 2e-3],
])('%s', (type, lr) => {
  it('is told when its steps together are too short, with the rate that would do', async () => {
    // AdamW decays by default, and its minimum stays where it is.
    const optimizer = { type, lr, ...(type === 'AdamW' && { weight_decay: 0 }) };
    const { problems, fixes, left, report, text } = await look({ ...slow, optimizer } as typeof slow);
    const reach = report.adaptive!;
    expect(left).toBeGreaterThanOrEqual(reach.left);
    expect(problems).toMatchObject([{ severity: 'information', code: 'rate-too-small' }]);
    const [{ message }] = problems;
    expect(message).toContain(`with lr ${lr} at least `);
    expect(message).toContain(`${type} moves a parameter by at most about `);
    expect(message).toContain(' in 400 steps, and the bias has ');
    const fixed = fixes[0].edits.reduce((made, { path, value }) => setConfigValue(made, path.join('.'), value), text);
    const again = await look(JSON.parse(fixed) as typeof slow);
    expect(again.problems).toEqual([]);
    expect(again.left).toBeLessThan(0.1);
  });
});

it('no rate above 1 is asked for by large targets, but that they are scaled', async () => {
  const targets = values.targets.map(([y]) => [y * 1e4]);
  const config = { ...slow, dataset: { values: { ...values, targets } }, optimizer: { type: 'Adam', lr: 0.001 } };
  const { fixes, text, report } = await look(config);
  expect(report.adaptive!.left).toBeGreaterThan(0.99);
  expect(fixes.map(({ kind }) => kind)).toEqual(['scale-targets', 'larger-rate']);
  const fixed = fixes[0].edits.reduce((made, { path, value }) => setConfigValue(made, path.join('.'), value), text);
  expect((await look(JSON.parse(fixed) as typeof slow)).left).toBeLessThan(0.1);
});

it('columns that make each other up leave the nearest of many minima', async () => {
  const inputs = [2, 3, 7, 9].map((x) => [1, x]);
  const dataset = { values: { inputs, targets: [[2], [3], [7], [9]] } };
  const config = { ...slow, dataset, loader: { batch_size: 4 }, optimizer: { type: 'Adam', lr: 1e-4 } };
  const { report, left } = await look(config);
  expect(report.hessian!.dependent).toEqual([0]);
  expect(left).toBeGreaterThanOrEqual(report.adaptive!.left);
  expect(report.adaptive!.left).toBeGreaterThan(0.9);
});
