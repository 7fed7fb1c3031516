import { expect, it } from 'vitest';
import { judgedRun } from '../../helpers/judgedRun';
import { Generator } from '../../../src/engine/random/random';

it('a rate that keeps a model worse than the mean comes before a column that gives the target away', async () => {
  const generator = new Generator(4);
  const random = () => generator.uint32() / 2 ** 32;
  const rows = Array.from({ length: 120 }, () => {
    const [a, b] = [1000 * random(), 1000 * random()];
    const stays = a + 700 * random() > 900;
    return `${a.toFixed(1)},${b.toFixed(1)},${stays ? 1 : 0},${stays ? 'stays' : 'goes'}`;
  });
  const config = (lr: number) => ({
    ...{ seed: 0, dataset: { file: 'a.csv', inputs: ['a', 'b', 'after'], targets: ['state'] } },
    ...{ loss: 'cross_entropy', loader: { batch_size: 8 }, optimizer: { type: 'SGD', lr }, epochs: 20 },
  });
  const text = ['a,b,after,state', ...rows].join('\n');
  const { verdict } = await judgedRun({ config: config(0.1), text });
  expect(verdict).toMatchObject({ code: 'rate_over_limit', kind: 'diverging' });
  expect(verdict.also).toContain('leaking_column');
  expect((await judgedRun({ config: config(1e-6), text })).verdict.code).toBe('leaking_column');
});
