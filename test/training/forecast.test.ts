import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecastLoss, lossAtEnd } from '../../src/engine/report/forecast';
import { createScheduler, type SchedulerChoice } from '../../src/engine/optim/schedulers';
import { Generator } from '../../src/engine/random/random';
import { analyzeRun } from '../../src/training/analyzeRun';
import { expectClose } from '../helpers/expectClose';
import { openConfig } from '../helpers/openRun';

/** A line through drawn rows, and how it is trained. */
interface Drawn {
  seed: number;
  momentum: number;
  dampening: number;
  nesterov: boolean;
  weight_decay: number;
  lr: number;
  scheduler: SchedulerChoice | undefined;
}

const rows = 20;
const width = 3;

function tableOf(seed: number) {
  const draws = new Generator(seed).normal(rows * (width + 1));
  const inputs = Array.from({ length: rows }, (_, row) => [...draws.slice(row * width, (row + 1) * width)]);
  const targets = inputs.map(([a, b], row) => [3 * a - b + 2 + 0.3 * draws[rows * width + row]]);
  // As the engine has them.
  const rounded = (table: number[][]) => table.map((values) => values.map(Math.fround));
  return { inputs: rounded(inputs), targets: rounded(targets) };
}

/** `torch.optim.SGD` in float64 on full batches, from zeros: the loss before each epoch. */
function simulated({ seed, momentum, dampening, nesterov, weight_decay, lr, scheduler }: Drawn, epochs: number) {
  const { inputs, targets } = tableOf(seed);
  const schedule = scheduler && createScheduler(scheduler, lr, 1);
  const [point, buffer] = [new Float64Array(width + 1), new Float64Array(width + 1)];
  const losses: number[] = [];
  let rate = lr;
  for (let epoch = 0; epoch <= epochs; epoch++) {
    const gradient = point.map((value) => weight_decay * value);
    let loss = 0;
    inputs.forEach((values, row) => {
      const error = values.reduce((sum, x, i) => sum + x * point[i], point[width]) - targets[row][0];
      loss += error ** 2 / rows;
      [...values, 1].forEach((x, i) => (gradient[i] += (2 * error * x) / rows));
    });
    losses.push(loss);
    for (let i = 0; i <= width; i++) {
      buffer[i] = epoch === 0 ? gradient[i] : momentum * buffer[i] + (1 - dampening) * gradient[i];
      point[i] -= rate * (momentum === 0 ? gradient[i] : nesterov ? gradient[i] + momentum * buffer[i] : buffer[i]);
    }
    if (schedule) rate = schedule.next(epoch + 1, rate, loss);
  }
  return losses;
}

const drawn = fc
  .record<Drawn>({
    seed: fc.integer({ min: 0, max: 1e6 }),
    momentum: fc.constantFrom(0, 0.3, 0.9, 0.99),
    dampening: fc.constantFrom(0, 0, 0.5, 0.9),
    nesterov: fc.boolean(),
    weight_decay: fc.constantFrom(0, 0, 0.1, 3),
    lr: fc.constantFrom(1e-5, 1e-3, 0.05, 0.3),
    scheduler: fc.constantFrom<SchedulerChoice | undefined>(
      undefined,
      undefined,
      { type: 'StepLR', step_size: 7, gamma: 0.5 },
      { type: 'ExponentialLR', gamma: 0.98 },
      { type: 'CosineAnnealingLR', T_max: 15, eta_min: 1e-4 },
    ),
  })
  .map((one) => {
    const nesterov = one.nesterov && one.momentum > 0;
    return { ...one, nesterov, dampening: nesterov || one.momentum === 0 ? 0 : one.dampening };
  });

async function forecastOf({ seed, scheduler, ...sgd }: Drawn, batch = rows) {
  const opened = await openConfig({
    seed: 0,
    dataset: { values: tableOf(seed) },
    loader: { batch_size: batch, shuffle: false },
    model: { init: 'zeros' },
    optimizer: { type: 'SGD', ...sgd },
    epochs: 100,
    ...(scheduler && { scheduler }),
  });
  return analyzeRun(opened);
}

describe('the forecast of full batches', () => {
  it('is the run: with momentum, dampening, nesterov, weight decay and schedulers', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (one) => {
        const { forecast, variance } = await forecastOf(one);
        expect(forecast!.isExact).toBe(true);
        const losses = simulated(one, 100);
        for (const epoch of [0, 1, 2, 3, 7, 8, 20, 50, 100]) {
          if (losses[epoch] > 1e30 * variance!) break;
          expectClose(forecastLoss(forecast!, epoch), losses[epoch], 1e-6);
        }
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  it('grows beyond all numbers only where the run does', async () => {
    const one = { seed: 1, dampening: 0, nesterov: false, weight_decay: 0, scheduler: undefined };
    const { limit } = await forecastOf({ ...one, momentum: 0.9, lr: 1 });
    const near = await forecastOf({ ...one, momentum: 0.9, lr: 0.98 * limit.rate! });
    expectClose(forecastLoss(near.forecast!, 1e5), near.optimum!.loss, 1e-9);
    const over = await forecastOf({ ...one, momentum: 0.9, lr: 1.02 * limit.rate! });
    expect(forecastLoss(over.forecast!, 1e6)).toBe(Infinity);
  });

  it('ends where weight decay and gradient hold each other', async () => {
    const one = {
      seed: 4,
      momentum: 0.9,
      dampening: 0,
      nesterov: false,
      weight_decay: 3,
      lr: 0.02,
      scheduler: undefined,
    };
    const { forecast, optimum } = await forecastOf(one);
    const last = simulated(one, 3000).at(-1)!;
    expectClose(lossAtEnd(forecast!), last, 1e-9);
    expectClose(optimum!.decayed!.loss, last, 1e-9);
    expect(optimum!.loss).toBeLessThan(last / 2);
  });
});

it('is none of a batch that is not all rows, even where an epoch has no other', async () => {
  const one = { seed: 1, momentum: 0, dampening: 0, nesterov: false, weight_decay: 0, lr: 0.01, scheduler: undefined };
  expect((await forecastOf(one, 6)).forecast!.isExact).toBe(false);
});
