import { describe, expect, it } from 'vitest';
import { judgedRun } from '../../helpers/judgedRun';

const x = Array.from({ length: 120 }, (_, i) => 2 * Math.sin(i * 1.7 + (i % 7)));
const values = {
  inputs: x.map((value) => [value]),
  targets: x.map((value, i) => [Math.cos(3 * value) + 0.1 * Math.sin(5 * i + 1)]),
};

/** A net of 16 units a layer that learns a wave. */
function wave({
  seed = 3,
  hidden = 1,
  ...keys
}: {
  seed?: number;
  hidden?: number;
  optimizer: object;
  epochs: number;
}) {
  const layers = Array.from({ length: hidden }, () => [{ type: 'Linear', out_features: 16 }, 'ReLU']).flat();
  const dataset = { values, scale: 'standard', scale_targets: 'standard' };
  const model = { type: 'Sequential', layers: [...layers, 'Linear'] };
  return judgedRun({ config: { seed, dataset, model, loader: { batch_size: 120 }, ...keys } });
}

describe('dead units', () => {
  it('are no fault where they are a quarter, in a net that has learned most of what there is', async () => {
    const { state, verdict } = await wave({ optimizer: { type: 'Adamax', lr: 0.01 }, epochs: 800 });
    expect(state.signs?.net).toMatchObject({ rectified: 16, dead: 4 });
    expect(verdict).toMatchObject({ code: 'improving', fixes: [] });
  });

  it('are where they are so many and little is learned', async () => {
    const { state, verdict } = await wave({ seed: 6, optimizer: { type: 'Adamax', lr: 0.01 }, epochs: 600 });
    expect(state.signs?.net).toMatchObject({ rectified: 16, dead: 6 });
    expect(verdict.code).toBe('dead_units');
  });

  it('are not to blame after a few steps: it is given as many as nets need', async () => {
    const { state, verdict } = await wave({ hidden: 2, optimizer: { type: 'Adam', lr: 0.01 }, epochs: 9 });
    expect(state.signs?.net?.dead).toBeGreaterThan(0.2 * 32);
    expect(verdict).toMatchObject({ code: 'too_few_epochs', fixes: [{ title: 'Train for 2,300 epochs' }] });
  });

  it('are not to blame where the rate is so small that nothing moves', async () => {
    const { state, verdict } = await wave({ seed: 6, hidden: 2, optimizer: { type: 'Adam', lr: 1e-6 }, epochs: 600 });
    expect(state.signs?.net?.dead).toBeGreaterThan(0.2 * 32);
    expect(verdict).toMatchObject({ code: 'rate_too_small', fixes: [{ title: 'Set lr to 0.01' }] });
  });
});
