import { expect, it } from 'vitest';
import { curvatureFixes } from '../../../src/advice/fixes/curvatureFixes';
import { batchAccount } from '../../../src/answers/batchAccount';
import { parseConfig } from '../../../src/config/parseConfig';
import { analyzeRun } from '../../../src/training/analyzeRun';
import { openConfig } from '../../helpers/openRun';

const oneCycle = { type: 'OneCycleLR', max_lr: 0.1 };
const cyclic = { type: 'CyclicLR', base_lr: 0.01, max_lr: 0.1, step_size_up: 5, base_momentum: 0 };
const config = (more: object) => ({
  seed: 1,
  dataset: { generate: 'linear', samples: 22, features: 3, noise: 0.1, seed: 2 },
  loader: { batch_size: 4 },
  optimizer: { type: 'SGD', lr: 0.5, momentum: 0.3 },
  epochs: 6,
  ...more,
});

it.each([
  { scheduler: oneCycle },
  { scheduler: cyclic },
  { scheduler: oneCycle, optimizer: { type: 'Adam' }, clip_grad_norm: 1 },
])('goes on with the same bits from anywhere: %j', async (more) => {
  const [whole, parted] = await Promise.all([openConfig(config(more)), openConfig(config(more))]);
  while (whole.trainer.epoch < 6) whole.trainer.advance(Infinity);
  const { trainer } = parted;
  for (let batches = 0; batches < 15; batches++) trainer.advance(Infinity, 1);
  const position = trainer.position();
  trainer.advance(Infinity);
  const other = await openConfig(config(more));
  other.trainer.restore(position);
  while (other.trainer.epoch < 6) other.trainer.advance(Infinity);
  expect(other.trainer.parts.model.parameters).toEqual(whole.trainer.parts.model.parameters);
});

it('a batch has its own rate and momentum', async () => {
  const opened = await openConfig(config({ scheduler: cyclic }));
  const settings = Array.from({ length: 11 }, () => {
    opened.trainer.advance(Infinity, 1);
    const { optimizer } = batchAccount(opened, { rows: 1 })!;
    return [optimizer.lr, 'momentum' in optimizer ? optimizer.momentum : NaN].map((value) => Number(value.toFixed(6)));
  });
  expect(settings).toEqual([
    ...[
      [0.01, 0.9],
      [0.028, 0.72],
      [0.046, 0.54],
      [0.064, 0.36],
      [0.082, 0.18],
      [0.1, 0],
    ],
    ...[
      [0.082, 0.18],
      [0.064, 0.36],
      [0.046, 0.54],
      [0.028, 0.72],
      [0.01, 0.9],
    ],
  ]);
});

it('an epoch’s rate is that of its first batch', async () => {
  const { trainer } = await openConfig(config({ scheduler: oneCycle }));
  expect(trainer.advance(Infinity)!.lr).toBeCloseTo(0.1 / 25, 12);
  expect(trainer.advance(Infinity)!.lr).toBeGreaterThan(0.05);
});

it('the largest rate is held against the limit, and the fix lowers max_lr', async () => {
  const high = { ...oneCycle, max_lr: 30 };
  const report = analyzeRun(await openConfig(config({ scheduler: high })));
  expect(report.lr).toBeCloseTo(30 / 25, 12);
  expect(report.peak!.lr).toBeGreaterThan(29);
  expect(report.forecast).toBeUndefined();
  const fixes = curvatureFixes({ ...report, lr: 1e-9 }, { epochs: 6, scheduler: high });
  expect(fixes[0].edits).toEqual([
    { path: ['scheduler', 'max_lr'], value: expect.closeTo(report.limit.rate! / 2, 2) as number },
  ]);
});

it.each([
  [
    { scheduler: oneCycle, optimizer: { type: 'Adagrad' } },
    'OneCycleLR cycles the momentum, which Adagrad does not let it; set scheduler.cycle_momentum to false',
  ],
  [
    { scheduler: oneCycle, optimizer: { type: 'NAdam' } },
    'OneCycleLR cycles the momentum, which NAdam does not let it; set scheduler.cycle_momentum to false',
  ],
  [
    { scheduler: cyclic, optimizer: { type: 'Adam' } },
    'CyclicLR cycles the momentum, which Adam does not let it; set scheduler.cycle_momentum to false',
  ],
  [{ scheduler: { ...cyclic, base_lr: 1 } }, 'scheduler.base_lr is 1, above max_lr 0.1'],
  [{ scheduler: { ...cyclic, base_momentum: 0.95 } }, 'scheduler.base_momentum is 0.95, above max_momentum 0.9'],
])('says what does not go together: %j', (more, message) => {
  expect(parseConfig(JSON.stringify(config(more))).problems.map((problem) => problem.message)).toEqual([message]);
});
