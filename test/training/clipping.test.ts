import { expect, it } from 'vitest';
import { analyzeRun } from '../../src/training/analyzeRun';
import { openRun } from '../../src/training/openRun';

async function opened(more: object) {
  const config = {
    seed: 1,
    dataset: { generate: 'linear', samples: 30, features: 2, noise: 0.1, seed: 2 },
    loader: { batch_size: 30 },
    optimizer: { type: 'SGD', lr: 0.1 },
    epochs: 50,
  };
  const result = await openRun({
    configText: JSON.stringify({ ...config, ...more }),
    configFile: 'a.gd.json',
    seed: 0,
  });
  if ('problems' in result) throw new Error(result.problems[0].message);
  return result;
}

it('a run with clipped gradients has the same limit and minimum, and no forecast of its curve', async () => {
  const [plain, clipped] = [analyzeRun(await opened({})), analyzeRun(await opened({ clip_grad_norm: 0.01 }))];
  expect(plain.forecast).toBeDefined();
  expect(clipped.forecast).toBeUndefined();
  expect([clipped.limit, clipped.optimum]).toEqual([plain.limit, plain.optimum]);
});

it('no step is longer than lr times the norm', async () => {
  const { trainer } = await opened({ clip_grad_norm: 0.01 });
  for (let i = 0; i < 20; i++) {
    const before = trainer.parts.model.parameters.slice();
    trainer.advance(Infinity);
    const { parameters } = trainer.parts.model;
    const length = Math.hypot(...Array.from(parameters, (value, at) => value - before[at]));
    expect(length).toBeLessThanOrEqual(0.1 * 0.01 * 1.001);
  }
});
