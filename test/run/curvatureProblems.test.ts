import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parseConfig';
import { setConfigValue } from '../../src/config/setValue';
import { analyzeRun } from '../../src/run/analyzeRun';
import { curvatureFixes } from '../../src/run/curvatureFixes';
import { curvatureProblems } from '../../src/run/curvatureProblems';
import { openConfig } from '../helpers/openRun';

const lines = (config: object) => JSON.stringify(config, null, 2);

async function look(config: object) {
  const text = lines(config);
  const parsed = parseConfig(text, 'test.gd.json');
  const report = analyzeRun(await openConfig(config));
  return { text, problems: curvatureProblems(parsed, report), fixes: curvatureFixes(report, parsed.config!), report };
}

/** One input whose rows are 3, 4 and 7 long, the bias counted in: limits of 2 / (2 · 50) for the last row alone. */
const steep = {
  seed: 0,
  dataset: { values: { inputs: [[Math.sqrt(8)], [Math.sqrt(15)], [7]], targets: [[1], [2], [4]] } },
  optimizer: { type: 'SGD', lr: 0.1 },
};

describe('a rate over the limit', () => {
  it('is a warning at optimizer.lr with the numbers', async () => {
    const { problems, text } = await look(steep);
    const line = text.split('\n').findIndex((written) => written.includes('"lr"')) + 1;
    expect(problems).toEqual([
      expect.objectContaining({
        file: 'test.gd.json',
        line,
        column: 11,
        severity: 'warning',
        code: 'rate-over-limit',
        message: 'lr 0.1 is 5 times the limit 0.02 for batches of one row (row 3 is the steepest)',
      }),
    ]);
  });

  it('is one of all rows, for batches of all rows', async () => {
    const [{ message }] = (await look({ ...steep, loader: { batch_size: 3 } })).problems;
    expect(message).toMatch(/^lr 0\.1 is 2\.5 times the limit 0\.04\d* for batches of all 3 rows$/);
  });

  it('is only an information where the loss is bent differently everywhere', async () => {
    const targets = [[0], [1], [1]];
    const values = { ...steep.dataset.values, targets };
    const config = { ...steep, dataset: { values }, loss: 'binary_cross_entropy_with_logits' };
    const { problems } = await look({ ...config, optimizer: { type: 'SGD', lr: 0.5 } });
    expect(problems).toMatchObject([{ severity: 'information', code: 'rate-over-limit' }]);
    expect(problems[0].message).toContain('is 3.1 times 0.16, up to which');
  });

  it('has fixes that put it right', async () => {
    const { fixes, text, report } = await look(steep);
    expect(fixes.map(({ title }) => title)).toEqual([
      'Set lr to half the limit (0.01)',
      expect.stringMatching(/^Scale the inputs and set lr to 0\.\d+$/),
    ]);
    for (const { edits } of fixes) {
      const fixed = edits.reduce((made, { path, value }) => setConfigValue(made, path.join('.'), value), text);
      const again = await look(JSON.parse(fixed) as object);
      expect(again.report.lr / again.report.limit.rate!).toBeGreaterThan(0.4);
      expect(again.report.lr / again.report.limit.rate!).toBeLessThanOrEqual(0.5);
      expect(again.problems).toEqual([]);
    }
    expect(report.scaled!.limit.rate).toBeGreaterThan(report.limit.rate!);
  });
});

describe('a rate too small to arrive', () => {
  const slow = { ...steep, loader: { batch_size: 3 }, optimizer: { type: 'SGD', lr: 1e-6 }, model: { init: 'zeros' } };

  it('is an information with where the run will be', async () => {
    const { problems } = await look({ ...slow, epochs: 10 });
    expect(problems).toMatchObject([{ severity: 'information', code: 'rate-too-small' }]);
    expect(problems[0].message).toMatch(
      /^lr 1e-6 is still worse than predicting the mean after 10 epochs; the achievable R² is 0\.99\d; .* mostly the bias, takes/,
    );
  });

  it('says the share of R² that the run itself then reaches', async () => {
    const config = { ...slow, optimizer: { type: 'SGD', lr: 2e-3 }, epochs: 12 };
    const { problems, report } = await look(config);
    const { trainer } = await openConfig(config);
    while (trainer.epoch < 12) trainer.advance(Infinity);
    const reached = 1 - trainer.fullTrainLoss() / report.variance!;
    const share = Math.round((100 * reached) / report.optimum!.r2!);
    expect(share).toBeGreaterThan(0);
    expect(problems[0].message).toContain(`reaches ${share} % of the achievable R²`);
  });

  it('is nothing where the run arrives', async () => {
    const { problems, fixes } = await look({ ...slow, optimizer: { type: 'SGD', lr: 1e-2 }, epochs: 1000 });
    expect({ problems, fixes }).toEqual({ problems: [], fixes: [] });
  });
});

it('names columns that others make up', async () => {
  const inputs = [1, 2, 3, 5].map((x) => [x, 7, 3 * x]);
  const values = { inputs, targets: inputs.map(([x]) => [x]) };
  const { problems } = await look({ dataset: { values }, optimizer: { type: 'SGD', lr: 1e-3 }, epochs: 1e5 });
  expect(problems).toMatchObject([
    {
      severity: 'information',
      code: 'dependent-columns',
      message: '"x1" and "x2" are constant or combinations of other inputs: many weights fit equally well',
    },
  ]);
});

it('has nothing to say of an adaptive optimizer', async () => {
  const { problems, fixes, report } = await look({ ...steep, optimizer: { type: 'Adam', lr: 5 } });
  expect({ problems, fixes }).toEqual({ problems: [], fixes: [] });
  expect(report.limit.reason).toMatch(/^Adam /);
});
