import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parseConfig';
import { setConfigValue } from '../../../src/config/edits/setValue';
import { RunChecker } from '../../../src/training/runChecker';
import { analyzeRun } from '../../../src/training/analyzeRun';
import { curvatureFixes } from '../../../src/advice/fixes/curvatureFixes';
import { curvatureText } from '../../../src/advice/curvatureText';
import { curvatureProblems } from '../../../src/advice/findings/curvatureProblems';
import { expectClose } from '../../helpers/expectClose';
import { openConfig } from '../../helpers/openRun';

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
        message:
          'lr 0.1 is 5 times the limit 0.02 for batches of one row (row 3 is the steepest): ' +
          'above it steps on row 3 grow; whether the run diverges depends on the order of the rows',
      }),
    ]);
  });

  it('is an information up to twice the limit of some rows, and a warning over that of all', async () => {
    const [some] = (await look({ ...steep, optimizer: { type: 'SGD', lr: 0.039 } })).problems;
    expect(some).toMatchObject({ severity: 'information', code: 'rate-over-limit' });
    const [all] = (await look({ ...steep, loader: { batch_size: 3 }, optimizer: { type: 'SGD', lr: 0.042 } })).problems;
    expect(all).toMatchObject({ severity: 'warning', code: 'rate-over-limit' });
  });

  it('names the last batch, where that is the one that sets the limit', async () => {
    const [{ message }] = (await look({ ...steep, loader: { batch_size: 2 } })).problems;
    expect(message).toContain('the limit 0.02 for the last batch, which has one row (row 3 is the steepest)');
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

describe('a scheduler that raises the rate', () => {
  const whole = { ...steep, loader: { batch_size: 3 }, optimizer: { type: 'SGD', lr: 0.01 }, epochs: 100 };

  it('is a warning with the epoch at which the run is over the limit most, and the run diverges', async () => {
    const config = { ...whole, scheduler: { type: 'StepLR', step_size: 30, gamma: 3 } };
    const { problems, fixes, text } = await look(config);
    expect(problems).toMatchObject([{ severity: 'warning', code: 'rate-over-limit' }]);
    expect(problems[0].message).toMatch(
      /^the scheduler raises lr to 0\.27 at epoch 91, which is 6\.7 times the limit 0\.04\d* for batches of all 3 rows$/,
    );
    const { trainer } = await openConfig(config);
    const [start] = [trainer.fullTrainLoss()];
    while (trainer.epoch < 100) trainer.advance(Infinity);
    expect(trainer.fullTrainLoss()).toBeGreaterThan(1e3 * start);
    expect(fixes.map(({ title }) => title)).toEqual(['Keep the scheduler from raising lr: set gamma to 1']);
    const [{ path, value }] = fixes[0].edits;
    const fixed = JSON.parse(setConfigValue(text, path.join('.'), value)) as object;
    expect((await look(fixed)).problems.map(({ code }) => code)).not.toContain('rate-over-limit');
  });

  it('is nothing where the epochs end before', async () => {
    const scheduler = { type: 'StepLR', step_size: 100, gamma: 3 };
    expect((await look({ ...whole, scheduler })).problems.map(({ code }) => code)).not.toContain('rate-over-limit');
  });

  it('that lowers it makes a run too slow that would arrive', async () => {
    const { problems } = await look({ ...whole, epochs: 1000, scheduler: { type: 'ExponentialLR', gamma: 0.5 } });
    expect(problems).toMatchObject([{ code: 'rate-too-small' }]);
    expect((await look({ ...whole, epochs: 1000 })).problems).toEqual([]);
  });
});

describe('momentum', () => {
  it('is no reason to call a run slow that arrives', async () => {
    // One step of lr / (1 - momentum) would be 4 times too long.
    const config = { ...steep, loader: { batch_size: 3 }, epochs: 300 };
    const optimizer = { type: 'SGD', lr: 0.016, momentum: 0.9 };
    const { problems, report } = await look({ ...config, optimizer });
    expect(problems).toEqual([]);
    const { trainer } = await openConfig({ ...config, optimizer });
    while (trainer.epoch < 300) trainer.advance(Infinity);
    expect(1 - trainer.fullTrainLoss() / report.variance!).toBeGreaterThan(0.9 * report.optimum!.r2!);
  });

  it('on small batches is called slow only far below the limit', async () => {
    const at = (lr: number) => look({ ...steep, epochs: 1, optimizer: { type: 'SGD', lr, momentum: 0.9 } });
    expect((await at(1e-6)).problems).toMatchObject([{ code: 'rate-too-small' }]);
    const { report, problems } = await at(1e-3);
    expect(report.lr).toBeGreaterThan(0.1 * report.limit.rate!);
    expect(problems.map(({ code }) => code)).not.toContain('rate-too-small');
  });
});

describe('weight decay', () => {
  it('moves what is achievable, and a run that gets there is not slow', async () => {
    const config = { ...steep, loader: { batch_size: 3 }, epochs: 2000 };
    const { problems, report } = await look({ ...config, optimizer: { type: 'SGD', lr: 0.01, weight_decay: 3 } });
    expect(problems).toEqual([]);
    const { trainer } = await openConfig({ ...config, optimizer: { type: 'SGD', lr: 0.01, weight_decay: 3 } });
    while (trainer.epoch < 2000) trainer.advance(Infinity);
    expectClose(report.optimum!.decayed!.loss, trainer.fullTrainLoss(), 1e-5);
    expect(report.optimum!.decayed!.loss).toBeGreaterThan(5 * report.optimum!.loss);
    const adam = await look({ ...config, optimizer: { type: 'Adam', lr: 0.01, weight_decay: 3 } });
    expectClose(adam.report.optimum!.decayed!.loss, trainer.fullTrainLoss(), 1e-5);
    const adamW = await look({ ...config, optimizer: { type: 'AdamW', lr: 0.01, weight_decay: 3 } });
    expect(adamW.report.optimum!.decayed).toBeUndefined();
  });

  it('moves the minimum of every loss, and gives one to classes that can be told apart', async () => {
    const inputs = [[-2], [-1.5], [-0.5], [0.75], [1], [2.5]];
    for (const [loss, targets] of [
      ['mse_loss', [1, 2, 2, 4, 3, 6]],
      ['huber_loss', [1, 2, 2, 4, 3, 60]],
      ['binary_cross_entropy_with_logits', [0, 0, 0, 1, 1, 1]],
      ['cross_entropy', [0, 0, 1, 1, 2, 2]],
    ] as const) {
      const dataset = { values: { inputs, targets: targets.map((value) => [value]) } };
      const optimizer = { type: 'SGD', lr: 0.2, weight_decay: 0.1 };
      const config = { dataset, loss, loader: { batch_size: 6 }, optimizer, epochs: 4000 };
      const { report, problems } = await look(config);
      const run = await openConfig(config);
      while (run.trainer.epoch < 4000) run.trainer.advance(Infinity);
      const { weight, bias } = report.optimum!.decayed!;
      const parameters = [...weight!.flat(), ...bias!];
      parameters.forEach((value, i) => expectClose(run.trainer.parts.model.parameters[i], value, 1e-4, 1e-4));
      expectClose(report.optimum!.decayed!.loss, run.trainer.fullTrainLoss(), 1e-5);
      expect(curvatureText(report), loss).not.toContain('for ever');
      expect(
        problems.filter(({ code }) => code === 'rate-too-small'),
        loss,
      ).toEqual([]);
    }
  });

  it('of AdamW or beside l1_loss is a warning where it alone makes parameters grow', async () => {
    const adamW = { type: 'AdamW', lr: 201 };
    expect((await look({ ...steep, optimizer: adamW })).problems).toMatchObject([{ severity: 'warning' }]);
    expect((await look({ ...steep, optimizer: { ...adamW, lr: 199 } })).problems).toEqual([]);
    const l1 = (lr: number) => ({
      ...steep,
      loss: 'l1_loss',
      optimizer: { type: 'SGD', lr, weight_decay: 0.5 },
      epochs: 300,
    });
    const growth = async (lr: number) => {
      const { trainer } = await openConfig(l1(lr));
      while (trainer.epoch < 300) if (!Number.isFinite(trainer.advance(Infinity)?.loss)) return Infinity;
      return trainer.fullTrainLoss();
    };
    expect((await look(l1(4.1))).problems).toMatchObject([{ severity: 'warning' }]);
    expect((await look(l1(3.9))).problems).toEqual([]);
    expect(await growth(4.1)).toBeGreaterThan(1e15);
    expect(await growth(3.9)).toBeLessThan(1e6);
  });
});

it('advises to scale targets whose squares are no numbers', async () => {
  const values = { ...steep.dataset.values, targets: [[1e25], [2e25], [3e25]] };
  const { problems, fixes, text } = await look({ ...steep, dataset: { values }, optimizer: { type: 'SGD', lr: 1e-3 } });
  expect(problems).toHaveLength(1);
  expect(problems.find(({ code }) => code === 'huge-targets')!.message).toBe(
    'targets of up to 3e25 make the loss infinite before the first step; set "scale_targets" to "standard"',
  );
  expect(fixes.map(({ title }) => title)).toEqual(['Scale the targets']);
  const [{ path, value }] = fixes[0].edits;
  const run = await openConfig(JSON.parse(setConfigValue(text, path.join('.'), value)) as object);
  expect(Number.isFinite(run.trainer.advance(Infinity)!.loss)).toBe(true);
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

  it('is mended by a larger rate where that is enough, and by scaling first where it is not', async () => {
    const far = { inputs: [[100], [101], [102]], targets: [[1], [2], [4]] };
    const [first] = (await look({ ...slow, epochs: 3000 })).fixes;
    expect(first.title).toMatch(/^Set lr to half the limit/);
    const [other, second] = (await look({ ...slow, dataset: { values: far }, epochs: 50 })).fixes;
    expect(other.title).toMatch(/^Scale the inputs/);
    expect(second.title).toMatch(/^Set lr to half the limit/);
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

it('expects one category of each column of words to be made up by the others', async () => {
  const rows = Array.from(
    { length: 24 },
    (_, i) => `${['a', 'b', 'c'][i % 3]},${['x', 'y'][(i >> 2) % 2]},${i % 5},${i}`,
  );
  const text = lines({
    dataset: {
      file: 'a.csv',
      inputs: ['kind', 'side', 'size'],
      one_hot: ['kind', 'side'],
      targets: ['y'],
      scale: 'standard',
    },
    optimizer: { type: 'SGD', lr: 0.05 },
    epochs: 400,
  });
  const problemsOf = async (header: string, more: (row: string) => string) => {
    const content = [header, ...rows.map(more)].join('\n');
    const request = { configText: text, configFile: 'test.gd.json', seed: 0, file: { name: 'a.csv', content } };
    const { problems } = await new RunChecker().check(request);
    return problems.filter(({ code }) => code === 'dependent-columns').map(({ message }) => message);
  };
  expect(await problemsOf('kind,side,size,y', (row) => row)).toEqual([]);
  // What is made up for another reason is named still.
  const twice = (row: string) => row.replace(/^(.),(.),/, (_, kind: string) => `${kind},${kind === 'a' ? 'x' : 'y'},`);
  expect(await problemsOf('kind,side,size,y', twice)).toEqual([
    expect.stringMatching(/^"side=[xy]" is constant or a combination of other inputs/),
  ]);
});

it('has nothing to say of an adaptive optimizer', async () => {
  const { problems, fixes, report } = await look({ ...steep, optimizer: { type: 'Adam', lr: 5 } });
  expect({ problems, fixes }).toEqual({ problems: [], fixes: [] });
  expect(report.limit.reason).toMatch(/^Adam /);
});

describe('losses that are bent differently everywhere', () => {
  const values = { inputs: [[30], [41], [65], [80], [92], [55]], targets: [[0], [1], [0], [1], [1], [0]] };
  const logistic = { dataset: { values }, loader: { batch_size: 6 }, loss: 'binary_cross_entropy_with_logits' };
  const at = async (optimizer: object) => (await look({ ...logistic, optimizer })).problems[0];

  it('rise far over the limit, which is a warning', async () => {
    const far = await at({ type: 'SGD', lr: 0.2 });
    expect(far).toMatchObject({ severity: 'warning', code: 'rate-over-limit' });
    expect(far.message).toMatch(/sure to fall for batches of all 6 rows; so far above it the loss rises$/);
    const { trainer } = await openConfig({ ...logistic, seed: 0, epochs: 50, optimizer: { type: 'SGD', lr: 0.2 } });
    const start = trainer.fullTrainLoss();
    trainer.advance(Infinity);
    expect(trainer.fullTrainLoss()).toBeGreaterThan(start);
    expect(await at({ type: 'SGD', lr: 0.004 })).toMatchObject({ severity: 'information' });
  });

  it('are not sure to fall with momentum', async () => {
    const { message } = await at({ type: 'SGD', lr: 0.2, momentum: 0.9 });
    expect(message).toContain('binary_cross_entropy_with_logits should fall');
  });
});

it('names rows that are fewer than the inputs as that', async () => {
  const dataset = {
    values: {
      inputs: [
        [1, 5, 2],
        [2, 1, 4],
      ],
      targets: [[1], [3]],
    },
  };
  const { problems } = await look({ dataset, optimizer: { type: 'SGD', lr: 0.01 }, epochs: 5000 });
  expect(problems).toMatchObject([{ severity: 'information', code: 'fewer-rows-than-inputs' }]);
  expect(problems[0].message).toMatch(/^2 training rows are fewer than the 4 parameters of each output: /);
});

it('says how a direction that hardly moves is set going, of a loss whose way nobody can forecast too', async () => {
  const inputs = Array.from({ length: 30 }, (_, i) => [80 + ((i * 17) % 30) * 1.5]);
  const targets = inputs.map(([x], i) => [Number(x + ((i * 7) % 11) > 106)]);
  const loss = 'binary_cross_entropy_with_logits';
  const base = { loss, model: { init: 'zeros' }, loader: { batch_size: 30 }, epochs: 9000 };
  const raw = { ...base, dataset: { values: { inputs, targets } }, optimizer: { type: 'SGD', lr: 2e-5 } };
  const { problems } = await look(raw);
  expect(problems).toMatchObject([{ severity: 'information', code: 'slow-direction' }]);
  const [, way] = /by a factor of 2\.7; scale the inputs and set lr to ([\d.]+)$/.exec(problems[0].message)!;
  const dataset = { ...raw.dataset, scale: 'standard' };
  expect((await look({ ...raw, dataset, optimizer: { type: 'SGD', lr: Number(way) } })).problems).toEqual([]);
});

it('names the direction that hardly moves, however near the loss comes', async () => {
  const inputs = Array.from({ length: 40 }, (_, i) => [i * 2.5]);
  const dataset = { values: { inputs, targets: inputs.map(([x]) => [0.4 * x + 3]) } };
  const config = { dataset, model: { init: 'zeros' }, loader: { batch_size: 40 }, epochs: 150 };
  const { problems, report } = await look({ ...config, optimizer: { type: 'SGD', lr: 2e-4 } });
  expect(problems).toMatchObject([{ severity: 'information', code: 'slow-direction' }]);
  expect(problems[0].message).toMatch(
    /^150 epochs hardly move the slowest direction, mostly the bias: it takes [\d,]+ epochs /,
  );
  expect(report.optimum!.r2).toBeGreaterThan(0.99);
  expect((await look({ ...config, optimizer: { type: 'SGD', lr: 2e-4 }, epochs: 30_000 })).problems).toEqual([]);
  // Two columns that are nearly one have such a direction too, and no epochs help.
  const twins = inputs.map(([x], i) => [x / 50 - 1, x / 50 - 1 + (i % 2) * 1e-6]);
  const near = { ...config, dataset: { values: { ...dataset.values, inputs: twins } }, epochs: 150 };
  expect((await look({ ...near, optimizer: { type: 'SGD', lr: 0.2 } })).problems).toEqual([]);
});

describe('targets', () => {
  const inputs = [[0.2], [0.9], [1.7], [2.1], [2.8], [3.3]];
  const at = async (values: number[], more: object = {}) => {
    const dataset = { values: { inputs, targets: values.map((value) => [value]) }, ...more };
    return (await look({ dataset, optimizer: { type: 'SGD', lr: 0.05 }, epochs: 2000 })).problems;
  };

  it('of two values are classes, for which there is a loss', async () => {
    const [truth] = await at([0, 0, 1, 0, 1, 1]);
    expect(truth).toMatchObject({ severity: 'information', code: 'classes-as-numbers' });
    expect(truth.message).toMatch(/is 0 or 1 in every row; .*, set loss to "binary_cross_entropy_with_logits"$/);
    const [scaled] = await at([-1, -1, 1, -1, 1, 1], { scale_targets: 'standard' });
    expect(scaled.message).toMatch(
      /is -1 or 1 in every row; .*, set loss to "cross_entropy" and dataset.scale_targets to "none"$/,
    );
    // One row apart is no class of its own, and a third value is none of two.
    expect(await at([0, 0, 0, 0, 0, 1])).toEqual([]);
    expect(await at([0, 0, 1, 2, 1, 2])).toEqual([]);
  });

  it('that no linear model predicts are said to be that, whatever the loss', async () => {
    const corners = [0, 1, 2, 3].map((i) => [i >> 1, i & 1]);
    const either = corners.map(([a, b]) => [a ^ b]);
    for (const loss of ['mse_loss', 'binary_cross_entropy_with_logits', 'cross_entropy']) {
      const dataset = { values: { inputs: corners, targets: either } };
      const config = { dataset, loss, loader: { batch_size: 4 }, optimizer: { type: 'SGD', lr: 0.2 }, epochs: 1000 };
      expect(
        (await look(config)).problems.map(({ code }) => code),
        loss,
      ).toContain('nothing-linear');
      const one = { ...config, dataset: { values: { inputs: corners, targets: corners.map(([a]) => [a]) } } };
      expect(
        (await look(one)).problems.map(({ code }) => code),
        loss,
      ).not.toContain('nothing-linear');
    }
  });
});
