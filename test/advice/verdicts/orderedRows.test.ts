import { expect, it } from 'vitest';
import { verdictOf } from '../../../src/advice/verdicts/verdict';
import { trainRun } from '../../../src/cli/trainedRun';
import { Generator } from '../../../src/engine/random/random';

const generator = new Generator(3);
/** Rows sorted by their target, of which the inputs explain a half. */
const rows = Array.from({ length: 120 }, () => Array.from(generator.normal(3)))
  .map(([a, b, c]) => ({ inputs: [a, b], target: a - b + 1.4 * c }))
  .sort((one, other) => one.target - other.target);

async function judgedAt(lr: number) {
  const values = { inputs: rows.map(({ inputs }) => inputs), targets: rows.map(({ target }) => [target]) };
  const config = {
    seed: 1,
    dataset: { values, scale: 'standard', scale_targets: 'standard' },
    loader: { batch_size: 4, shuffle: false },
    optimizer: { type: 'SGD', lr },
    epochs: 100,
  };
  const request = { configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0 };
  const { state } = (await trainRun(request, () => undefined))!;
  return { loss: state.trainLoss, ...verdictOf(state) };
}

it('sorted rows are to be shuffled, also where an epoch ends as if nothing had been learned', async () => {
  const rates = Array.from({ length: 60 }, (_, i) => 0.02 * 1.05 ** i);
  const runs = await Promise.all(rates.map(judgedAt));
  const asBefore = runs.filter(({ loss }) => Math.abs(loss - 1) < 0.015);
  expect(asBefore.length).toBeGreaterThan(0);
  expect(new Set(asBefore.map(({ code }) => code))).toEqual(new Set(['ordered_rows']));
  expect(asBefore[0].fixes[0]).toMatchObject({ kind: 'shuffle' });
});
