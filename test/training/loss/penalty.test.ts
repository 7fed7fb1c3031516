import { describe, expect, it } from 'vitest';
import { analyzeRun } from '../../../src/training/analyzeRun';
import { parseConfig } from '../../../src/config/parseConfig';
import { landscapeOf } from '../../../src/answers/landscapeOf';
import { forecastLoss } from '../../../src/engine/report/forecast';
import { startSharpness } from '../../../src/training/measuredSharpness';
import { openConfig } from '../../helpers/openRun';
import { expectClose } from '../../helpers/expectClose';

const inputs = Array.from({ length: 24 }, (_, row) => [
  row / 12 - 1,
  ((row * 5 + 1) % 13) / 6 - 1,
  (row % 4) / 2 - 0.7,
]);
const targets = (of: (row: number) => number[]) => ({ values: { inputs, targets: inputs.map((_, row) => of(row)) } });
const plain = targets((row) => [2 * inputs[row][0] - 0.3 * inputs[row][1] + ((row * 7) % 5) / 10 + 1]);
const wide = targets((row) => [inputs[row][0] + ((row * 3) % 7) / 5, 2 - inputs[row][2]]);
const classes = targets((row) => [(row * row) % 3]);
const config = (more: object) => ({
  seed: 3,
  loader: { batch_size: 24, shuffle: false },
  optimizer: { type: 'SGD', lr: 0.2 },
  epochs: 5000,
  ...more,
});
const runs = [
  { dataset: plain, penalty: { l2: 0.3 } },
  { dataset: plain, penalty: { l2: 0.3, bias: true } },
  { dataset: plain, penalty: { l2: 0.3 }, model: { bias: false } },
  { dataset: wide, penalty: { l2: 0.05 }, optimizer: { type: 'SGD', lr: 0.2, weight_decay: 0.1 } },
  { dataset: plain, penalty: { l1: 0.2 } },
  { dataset: wide, loss: 'huber_loss', penalty: { l1: 0.05, l2: 0.1 } },
  { dataset: wide, loss: 'smooth_l1_loss', penalty: { l2: 0.1 } },
  { dataset: classes, loss: 'cross_entropy', penalty: { l2: 0.02 } },
  { dataset: classes, loss: 'cross_entropy', penalty: { l1: 0.01 } },
  {
    dataset: plain,
    loss: { type: 'mse_loss', reduction: 'sum' },
    penalty: { l2: 4 },
    optimizer: { type: 'SGD', lr: 0.01 },
  },
];

describe.each(runs.map((run) => ({ name: JSON.stringify({ ...run, dataset: undefined }), run })))(
  '$name',
  ({ run }) => {
    it('ends at the minimum', async () => {
      const opened = await openConfig(config({ ...run, scheduler: { type: 'CosineAnnealingLR', T_max: 5000 } }));
      const { optimum } = analyzeRun(opened);
      const { trainer } = opened;
      while (trainer.epoch < 5000) trainer.advance(Infinity);
      const least = optimum!.decayed?.loss ?? optimum!.loss;
      expectClose(trainer.fullTrainLoss(), least, 2e-5);
      expect(trainer.fullTrainLoss()).toBeGreaterThan(least * (1 - 1e-6));
      // Of classes, weights that are far apart give nearly the same loss.
      const { weight } = optimum!.decayed ?? optimum!;
      if (run.loss !== 'cross_entropy')
        weight!.flat().forEach((value, i) => expectClose(trainer.parts.model.parameters[i], value, 2e-3, 1));
    });
  },
);

it('l1 leaves weights at exactly 0', async () => {
  const { optimum } = analyzeRun(await openConfig(config({ dataset: plain, penalty: { l1: 0.3 } })));
  expect(optimum!.weight![0].map((value) => value === 0)).toEqual([false, true, true]);
  expect(optimum!.penalty!.without).toBeLessThan(optimum!.loss - optimum!.penalty!.share);
});

it.each([{ l2: 0.5 }, { l2: 0.5, bias: true }, { l2: 2 }])('%j is in the limit', async (penalty) => {
  const more = { dataset: plain, penalty };
  const { limit } = analyzeRun(await openConfig(config(more)));
  expect(limit.accuracy).toBe('exact');
  const [below, above] = await Promise.all(
    [0.98, 1.02].map(async (share) => {
      const lr = share * limit.rate!;
      const { trainer } = await openConfig(config({ ...more, optimizer: { type: 'SGD', lr } }));
      const start = trainer.fullTrainLoss();
      while (trainer.epoch < 1500 && !trainer.divergence) trainer.advance(Infinity);
      return trainer.divergence ? Infinity : trainer.fullTrainLoss() / start;
    }),
  );
  expect(below).toBeLessThan(1);
  expect(above).toBeGreaterThan(1);
});

it('the curve of squares with l2 is known before it is trained', async () => {
  const opened = await openConfig(config({ dataset: plain, penalty: { l2: 0.3 } }));
  const { forecast } = analyzeRun(opened);
  for (let epoch = 0; epoch < 30; epoch++) {
    expectClose(opened.trainer.advance(Infinity)!.loss, forecastLoss(forecast!, epoch), 1e-4);
  }
  expect(analyzeRun(await openConfig(config({ dataset: plain, penalty: { l1: 0.3 } }))).forecast).toBeUndefined();
});

it('is in the training loss and not in the validation loss', async () => {
  const split = { lengths: [20, 4], shuffle: false };
  const [without, penalized] = await Promise.all(
    [{}, { penalty: { l1: 0.5, l2: 0.25 } }].map((more) => openConfig(config({ dataset: plain, split, ...more }))),
  );
  const [first, , third] = without.initial;
  const sizes = Math.abs(first) + Math.abs(without.initial[1]) + Math.abs(third);
  const squares = first ** 2 + without.initial[1] ** 2 + third ** 2;
  const added = 0.5 * sizes + 0.25 * squares;
  expectClose(penalized.trainer.fullTrainLoss(), without.trainer.fullTrainLoss() + added, 1e-6);
  expect(penalized.trainer.fullValidationLoss()).toBe(without.trainer.fullValidationLoss());
});

it('is in the landscape', async () => {
  const opened = await openConfig(config({ dataset: plain, penalty: { l1: 0.5, l2: 0.25 } }));
  const { initial, trainer } = opened;
  const query = { plane: { first: 0, second: 1 }, view: { a: initial[0], b: initial[1], halfA: 1, halfB: 1 } };
  const { losses, size } = landscapeOf(opened)(query, [initial]);
  expectClose(losses[(losses.length - 1) / 2], trainer.fullTrainLoss(), 1e-5);
  expect(losses.length).toBe(size * size);
});

it('adds twice l2 to the sharpness of a net', async () => {
  const model = { type: 'Sequential', layers: [{ type: 'Linear', out_features: 3 }, 'Tanh', 'Linear'] };
  const of = async (more: object) =>
    (await startSharpness(await openConfig(config({ dataset: plain, model, ...more }))))!.value;
  expectClose(await of({ penalty: { l2: 0.4, bias: true } }), (await of({})) + 0.8, 1e-4);
});

it('l1_loss with a penalty trains without a minimum, and says so', async () => {
  const { noOptimum } = analyzeRun(await openConfig(config({ dataset: plain, loss: 'l1_loss', penalty: { l2: 1 } })));
  expect(noOptimum).toBe('the minimum of l1_loss with a penalty is not looked for');
});

it('can be swept', () => {
  const sweep = { 'penalty.l2': [0.01, 0.1] };
  const text = JSON.stringify(config({ dataset: plain, penalty: { l2: 1 }, sweep }));
  expect(parseConfig(text).problems).toEqual([]);
});
