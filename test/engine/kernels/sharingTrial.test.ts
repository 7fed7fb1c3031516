import { describe, expect, it } from 'vitest';
import { SharingTrial } from '../../../src/engine/kernels/sharingTrial';

/** Milliseconds for a row in either way. */
interface Pace {
  alone: number;
  shared: number;
}

/** Feeds a trial with spans of ten rows until it has chosen; the ways in their order, and what was chosen. */
function follow(trial: SharingTrial, pace: Pace, helped: (span: number) => boolean = () => true) {
  const ways: string[] = [];
  while (trial.isTrying && ways.length < 1000) {
    const way = trial.shares ? 'shared' : 'alone';
    trial.record(10, 10 * pace[way], helped(ways.length));
    ways.push(way);
  }
  return { ways, chosen: trial.isTrying ? undefined : trial.shares };
}

const made = () => new SharingTrial(() => 0);

describe('a trial of sharing', () => {
  it('measures both ways in turns and keeps the faster one', () => {
    const { ways, chosen } = follow(made(), { alone: 2, shared: 1 });
    expect(ways).toEqual(Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 'alone' : 'shared')));
    expect(chosen).toBe(true);
    expect(follow(made(), { alone: 1, shared: 2 }).chosen).toBe(false);
  });

  it('goes on alone where both are as fast', () => {
    expect(follow(made(), { alone: 1, shared: 1 }).chosen).toBe(false);
  });

  it('is not misled by a span in which the machine did something else', () => {
    const trial = made();
    trial.record(10, 1000, true);
    expect(follow(trial, { alone: 1, shared: 2 }).chosen).toBe(false);
  });

  it('does not count shared spans before the helper has begun', () => {
    const { ways, chosen } = follow(made(), { alone: 2, shared: 1 }, (span) => span > 20);
    expect(ways.length).toBeGreaterThan(20);
    expect(chosen).toBe(true);
  });

  it('gives a helper up that never takes part', () => {
    expect(follow(made(), { alone: 2, shared: 1 }, () => false).chosen).toBe(false);
  });

  it('looks again after some seconds of training', () => {
    const trial = made();
    follow(trial, { alone: 2, shared: 1 });
    for (let spans = 0; spans < 100 && !trial.isTrying; spans++) trial.record(10, 100, true);
    expect(trial.isTrying).toBe(true);
    expect(follow(trial, { alone: 1, shared: 2 }).chosen).toBe(false);
  });

  it('looks again at once where two threads have become slower than one was', () => {
    const trial = made();
    follow(trial, { alone: 2, shared: 1 });
    trial.record(10, 19, true);
    expect(trial.isTrying).toBe(false);
    trial.record(10, 21, true);
    expect(trial.isTrying).toBe(true);
    follow(trial, { alone: 2, shared: 3 });
    trial.record(10, 50, false);
    expect(trial.isTrying).toBe(false);
  });

  it('tries two threads again soon where one was faster, then each time after twice as long', () => {
    const trial = made();
    const trusted = Array.from({ length: 7 }, () => {
      follow(trial, { alone: 1, shared: 2 });
      let milliseconds = 0;
      for (; !trial.isTrying; milliseconds += 50) trial.record(10, 50, false);
      return milliseconds - 50;
    });
    expect(trusted).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  });
});
