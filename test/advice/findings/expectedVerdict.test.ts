import { expect, it } from 'vitest';
import { expectedVerdict } from '../../../src/advice/findings/expectedVerdict';
import { RunChecker } from '../../../src/training/runChecker';

async function expected(optimizer: object, epochs = 5000) {
  const dataset = { values: { inputs: [[3], [4], [7]], targets: [[1], [2], [4]] } };
  const configText = JSON.stringify({ seed: 0, dataset, optimizer, epochs });
  const { data, report } = await new RunChecker().check({ configText, configFile: 'a.gd.json', seed: 0 });
  return expectedVerdict(data!, report);
}

it('what is expected before the first step is the problem that matters most', async () => {
  expect(await expected({ type: 'SGD', lr: 0.01 })).toMatchObject({ code: 'fine', fixes: [], also: [] });
  const over = await expected({ type: 'SGD', lr: 0.1 });
  expect(over).toMatchObject({ code: 'rate_over_limit', numbers: { lr: 0.1 } });
  expect(over.sentence).toMatch(/^lr 0\.1 is 5 times the limit 0\.02 .*\.$/);
  expect(await expected({ type: 'SGD', lr: 1e-6 }, 10)).toMatchObject({ code: 'not_scaled' });
  const rolling = await expected({ type: 'SGD', lr: 0.001, momentum: 1.5 });
  expect(rolling.code).toBe('momentum_too_large');
  expect(rolling.fixes.map(({ title }) => title)).toEqual(['Set momentum to 0.9']);
});
