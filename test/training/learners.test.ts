import { describe, expect, it } from 'vitest';
import { forecastLoss } from '../../src/engine/report/forecast';
import type { CurvatureReport } from '../../src/engine/report/report';
import { analyzeRun } from '../../src/training/analyzeRun';
import { expectClose } from '../helpers/expectClose';
import { openConfig } from '../helpers/openRun';

interface Case {
  inputs: number[][];
  targets: number[];
  lr: number;
  batchSize?: number;
  model?: object;
  scale?: string;
}

async function analyze({ inputs, targets, lr, batchSize, model, scale }: Case): Promise<CurvatureReport> {
  const opened = await openConfig({
    dataset: { values: { inputs, targets: targets.map((target) => [target]) }, ...(scale && { scale }) },
    loader: { batch_size: batchSize ?? inputs.length, shuffle: true },
    model: model ?? { init: 'zeros' },
    optimizer: { type: 'SGD', lr },
  });
  return analyzeRun(opened);
}

const column = (values: number[]) => values.map((value) => [value]);

describe('two unknowns that take forever, discuss.pytorch.org 208572', () => {
  const inputs = [
    [-249.69, -4.1511],
    [-4.1511, -0.20755],
  ];
  // The thread takes the sum of two squares, twice the mean, so its rates and losses are half of these.
  const analyzeAt = (lr: number) =>
    analyze({ inputs, targets: [0, 10], lr: 2 * lr, model: { bias: false, init: 'zeros' } });

  it('has its limit between 1.603e-5, which learns, and 1.604e-5, which does not', async () => {
    const { limit, hessian } = await analyzeAt(1e-5);
    expect(limit.accuracy).toBe('exact');
    expectClose(limit.rate! / 2, 1.60309e-5, 1e-5);
    expectClose(hessian!.condition, 3.25e6, 5e-3);
  });

  it.each([
    { lr: 1e-7, reached: 99.202827454 },
    { lr: 1e-6, reached: 92.601043701 },
    { lr: 1e-5, reached: 46.446086884 },
    { lr: 1.603e-5, reached: 29.044937134 },
  ])('is forecast to reach $reached in a million steps at lr $lr', async ({ lr, reached }) => {
    const { forecast } = await analyzeAt(lr);
    expect(forecast!.isExact).toBe(true);
    expectClose(2 * forecastLoss(forecast!, 1_000_000), reached, 1e-2);
    expectClose(2 * forecastLoss(forecast!, 0), 100, 1e-9);
  });

  it('is forecast to explode at lr 1.61e-5', async () => {
    expect(forecastLoss((await analyzeAt(1.61e-5)).forecast!, 1_000_000)).toBe(Infinity);
  });
});

describe('a slope that changes its sign, stats.stackexchange.com 432707', () => {
  const inputs = column([20, 43, 63, 26, 53, 31, 58, 46, 58, 70, 46, 53, 60, 20, 63, 43, 26, 19, 31, 23]);
  const targets = [120, 128, 141, 126, 134, 128, 136, 132, 140, 144, 128, 136, 146, 124, 143, 130, 124, 121, 126, 123];

  it('has the limit 4.797e-4, and grows by 1.0848 a step at 5e-4', async () => {
    const { limit, hessian } = await analyze({ inputs, targets, lr: 5e-4 });
    expectClose(limit.rate!, 4.797e-4, 1e-4);
    expectClose(5e-4 * hessian!.lambdaMax - 1, 5.51284188929 / 5.08203333969, 1e-5);
  });

  it('has the limit 1 and the condition 1 once the input is standardized', async () => {
    const { scaled } = await analyze({ inputs, targets, lr: 5e-4 });
    expectClose(scaled!.limit.rate!, 1, 1e-6);
    expectClose(scaled!.condition!, 1, 1e-6);
    const { limit } = await analyze({ inputs, targets, lr: 5e-4, scale: 'standard' });
    expectClose(limit.rate!, 1, 1e-6);
  });
});

describe('thermometers, "Deep Learning with PyTorch", chapter 5', () => {
  const unknown = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4];
  const targets = [0.5, 14, 15, 28, 11, 8, 3, -4, 6, 13, 21];
  const model = { init: { weight: [[1]], bias: [0] } };

  it('has the limit 3.40e-4, of which lr 1e-2 is 29 times; condition 33,600', async () => {
    const { limit, hessian } = await analyze({ inputs: column(unknown), targets, lr: 1e-2, model });
    expectClose(limit.rate!, 3.4e-4, 2e-3);
    expectClose(1e-2 / limit.rate!, 29.4, 2e-3);
    expectClose(hessian!.condition, 33_600, 5e-3);
  });

  it('is forecast to have the published losses at lr 1e-4', async () => {
    const { forecast } = await analyze({ inputs: column(unknown), targets, lr: 1e-4, model });
    const published = [1763.884644, 323.090546, 78.929634];
    published.forEach((loss, epoch) => expectClose(forecastLoss(forecast!, epoch), loss, 1e-6));
    expectClose(forecastLoss(forecast!, 9), 29.105242, 1e-6);
    expectClose(forecastLoss(forecast!, 99), 29.022669, 1e-6);
  });

  it('has the limit 3.3e-2 and condition 357 with inputs divided by ten, and the published end', async () => {
    const inputs = column(unknown.map((value) => value * 0.1));
    const { limit, hessian, forecast, optimum } = await analyze({ inputs, targets, lr: 1e-2, model });
    expectClose(limit.rate!, 3.3e-2, 1e-2);
    expectClose(hessian!.condition, 357, 3e-3);
    expectClose(forecastLoss(forecast!, 4999), 2.927648, 1e-5);
    expect(optimum!.loss).toBeLessThan(2.927648);
  });
});

describe('200 iterations that were promised, 42-AI/bootcamp_machine-learning 119', () => {
  const inputs = column(Array.from({ length: 100 }, (_, i) => i + 1));
  const targets = inputs.map(([x]) => 0.75 * x + 5);
  // The exercise's gradient is without the 2 of the square, so its rates are twice these.
  const analyzeAt = (lr: number) =>
    analyze({ inputs, targets, lr: lr / 2, model: { init: { weight: [[1]], bias: [1] } } });

  it('needs 406,151 iterations for each factor e at lr 1e-5, for the bias', async () => {
    const { hessian, limit, slowest, inputs: bias } = await analyzeAt(1e-5);
    expectClose(hessian!.condition, 13_745, 1e-4);
    expectClose(2 * limit.rate!, 5.91e-4, 1e-3);
    expectClose(slowest!.epochs, 406_151, 1e-5);
    expect(slowest!.parameter).toBe(bias);
  });

  it('has its optimum at 5 and 0.75', async () => {
    const { optimum } = await analyzeAt(1e-5);
    expectClose(optimum!.weight![0][0], 0.75, 1e-12);
    expectClose(optimum!.bias![0], 5, 1e-12);
    expectClose(optimum!.r2!, 1, 1e-12);
  });
});

it('allows 2.5e-5, and no more, for x = 0 … 199 one row at a time (keras 3040)', async () => {
  const inputs = column(Array.from({ length: 200 }, (_, x) => x));
  const targets = inputs.map(([x]) => 2 * x);
  const { limit } = await analyze({ inputs, targets, lr: 1e-3, batchSize: 1 });
  expectClose(limit.rate!, 2.525e-5, 1e-3);
  expect(limit).toMatchObject({ accuracy: 'exact', batchRows: 1, worstRow: 199 });
  expect(limit.fullBatch).toBeGreaterThan(2 * limit.rate!);
});

it('allows 7.5e-5 for a sum over five rows, where the mean allows 3.8e-4 (llSourcell/linear_regression_live 4)', async () => {
  const targets = [31, 68, 62, 71, 87];
  const { limit } = await analyze({ inputs: column([32, 53, 61, 47, 59]), targets, lr: 0.01 });
  expectClose(limit.rate!, 3.8e-4, 2e-2);
  expectClose(limit.rate! / 5, 7.5e-5, 1e-2);
});

it('moves the bias 0.995 % of its way in 5,000 epochs at lr 1e-6, whatever the width of x (forums.fast.ai 18783)', async () => {
  const inputs = column(Array.from({ length: 1001 }, (_, i) => i - 500));
  const targets = inputs.map(([x]) => 1.8 * x + 32);
  const model = { init: { weight: [[0.5]], bias: [-0.5949] } };
  const { slowest, hessian, limit, forecast } = await analyze({ inputs, targets, lr: 1e-6, model });
  expectClose(slowest!.epochs, 500_000, 1e-5);
  expectClose(1 - Math.exp(-5000 / slowest!.epochs), 0.00995, 1e-3);
  expectClose(hessian!.lambdaMin, 2, 1e-6);
  expect(limit.rate).toBeLessThan(2.4e-5);
  // What is left of the loss is the bias's.
  expectClose(Math.sqrt(forecastLoss(forecast!, 5000)), 32.5949 * (1 - 0.00995), 1e-5);
});

describe('a column that is the same in every row (ml5-library 1245, ml5-website-archive 154)', () => {
  const inputs = [255, 254, 253, 0, 1, 2].map((red) => [red, 0]);
  const targets = [1, 1, 1, 0, 0, 0];

  it.each(['none', 'standard', 'minmax'])('is named as dependent and leaves no NaN with scale %s', async (scale) => {
    const { hessian, limit, optimum } = await analyze({ inputs, targets, lr: 1e-6, scale });
    expect(hessian).toMatchObject({ rank: 2, dependent: [1] });
    expect(limit.rate).toBeGreaterThan(0);
    expect(optimum!.weight![0][1]).toBe(0);
    expect(optimum!.loss).toBeLessThan(1e-4);
  });
});
