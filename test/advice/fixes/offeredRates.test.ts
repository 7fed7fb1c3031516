import { expect, it } from 'vitest';
import { offeredRates } from '../../../src/advice/fixes/offeredRates';
import { analyzeRun } from '../../../src/training/analyzeRun';
import { openConfig } from '../../helpers/openRun';

const config = (more: object) => ({
  seed: 1,
  dataset: { generate: 'linear', samples: 60, features: 3, noise: 0.1, seed: 4 },
  loader: { batch_size: 60 },
  epochs: 300,
  ...more,
});

/** What is left of what was to learn after a run with the first rate that is offered. */
async function left(more: { optimizer: object }): Promise<number> {
  const [{ lr }] = offeredRates(analyzeRun(await openConfig(config(more))));
  const { trainer, ...run } = await openConfig(config({ ...more, optimizer: { ...more.optimizer, lr } }));
  const floor = analyzeRun({ trainer, ...run }).optimum!.loss;
  const first = trainer.fullTrainLoss();
  while (trainer.epoch < 300) trainer.advance(Infinity);
  return (trainer.fullTrainLoss() - floor) / (first - floor);
}

it.each([
  { optimizer: { type: 'SGD', lr: 1e-9 } },
  { optimizer: { type: 'SGD', lr: 50, momentum: 0.9 } },
  { optimizer: { type: 'SGD', lr: 1 }, penalty: { l2: 0.5 } },
  { optimizer: { type: 'Adam', lr: 1e-6 } },
  { optimizer: { type: 'RMSprop', lr: 1e-6 } },
])('the first one trains, whatever rate stands in the config: %j', async (more) => {
  expect(await left(more)).toBeLessThan(0.01);
});

it('is none where nothing speaks for one', async () => {
  const l1 = { loss: 'l1_loss', optimizer: { type: 'SGD', lr: 0.1 } };
  expect(offeredRates(analyzeRun(await openConfig(config(l1))))).toEqual([]);
});
