import { describe, expect, it } from 'vitest';
import type { TrainerPosition } from '../../src/engine/train/trainer';
import { Waypoints } from '../../src/worker/waypoints';

const at = (epoch: number, batch = 0): TrainerPosition => ({
  epoch,
  batch,
  lossSum: 0,
  parameters: new Float32Array(),
  lr: 1,
  optimizer: { steps: 0, buffers: [] },
  scheduler: [],
});

/** Passes the ends of epochs `first` to `last`; says at which of them the position was asked for. */
function pass(waypoints: Waypoints, first: number, last: number): number[] {
  const kept: number[] = [];
  for (let epoch = first; epoch <= last; epoch++) {
    waypoints.pass(epoch, () => {
      kept.push(epoch);
      return at(epoch);
    });
  }
  return kept;
}

describe('positions that a run has passed', () => {
  it('are all kept while they are few; the last one before a batch is found', () => {
    const start = at(0);
    const waypoints = new Waypoints(start);
    expect(waypoints.before(5, 0)).toBe(start);
    expect(pass(waypoints, 1, 63)).toHaveLength(63);
    expect(waypoints.before(40, 1).epoch).toBe(40);
    expect(waypoints.before(40, 0).epoch).toBe(39);
    expect(waypoints.before(1, 0)).toBe(start);
    expect(waypoints.before(1000, 0).epoch).toBe(63);
  });

  it('are thinned to every second one when they are 64, and every second one is kept from then on', () => {
    const waypoints = new Waypoints(at(0));
    pass(waypoints, 1, 64);
    expect(waypoints.before(64, 1).epoch).toBe(64);
    expect(waypoints.before(64, 0).epoch).toBe(62);
    expect(waypoints.before(2, 1).epoch).toBe(2);
    expect(waypoints.before(2, 0).epoch).toBe(0);
    expect(pass(waypoints, 65, 70)).toEqual([66, 68, 70]);
  });

  it('are thinned again and again: at most 64, evenly spread', () => {
    const waypoints = new Waypoints(at(0));
    pass(waypoints, 1, 10_000);
    const found = new Set<number>();
    for (let epoch = 1; epoch <= 10_001; epoch++) found.add(waypoints.before(epoch, 0).epoch);
    const epochs = [...found];
    expect(epochs.length).toBeLessThanOrEqual(65);
    expect(epochs.length).toBeGreaterThan(32);
    expect(new Set(epochs.slice(1).map((epoch, i) => epoch - epochs[i]))).toEqual(new Set([256]));
  });

  it('are thinned when they have more than 64 MiB', () => {
    const waypoints = new Waypoints(at(0));
    const buffer = new Float32Array(2 ** 20);
    const large = (epoch: number) => ({ ...at(epoch), optimizer: { steps: 0, buffers: [buffer, buffer] } });
    const kept: number[] = [];
    for (let epoch = 1; epoch <= 40; epoch++) {
      waypoints.pass(epoch, () => {
        kept.push(epoch);
        return large(epoch);
      });
    }
    // Eight of 8 MiB fit.
    expect(kept).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40]);
    expect([8, 9, 24, 41].map((epoch) => waypoints.before(epoch, 0).epoch)).toEqual([0, 8, 16, 40]);
  });

  it.each(['parameters', 'buffers'])('are none where each has more than 64 MiB of %s', (of) => {
    const waypoints = new Waypoints(at(0));
    const large = new Float32Array(2 ** 24 + 1);
    const more = of === 'parameters' ? { parameters: large } : { optimizer: { steps: 0, buffers: [large] } };
    for (let epoch = 1; epoch <= 100; epoch++) waypoints.pass(epoch, () => ({ ...at(epoch), ...more }));
    expect(waypoints.before(101, 0).epoch).toBe(0);
  });

  it('start where the run began, in the middle of an epoch too', () => {
    const start = at(7, 3);
    const waypoints = new Waypoints(start);
    expect(pass(waypoints, 7, 9)).toEqual([8, 9]);
    expect(waypoints.before(7, 1)).toBe(start);
    expect(waypoints.before(8, 2).epoch).toBe(8);
  });

  it('are not passed again where they are known', () => {
    const waypoints = new Waypoints(at(0));
    pass(waypoints, 1, 10);
    expect(pass(waypoints, 4, 12)).toEqual([11, 12]);
  });

  it('within an epoch lie before a later batch, and not before an earlier one', () => {
    const waypoints = new Waypoints(at(0));
    waypoints.pass(2, () => at(2, 3));
    expect(waypoints.before(2, 4).batch).toBe(3);
    expect(waypoints.before(2, 3).epoch).toBe(0);
  });
});
