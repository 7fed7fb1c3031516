import { describe, expect, it } from 'vitest';
import {
  checkControls,
  controlsSet,
  initialControls,
  soundControls,
  takeControls,
  type ControlTakers,
} from '../../src/protocol/runControls';
import { applyRunEvent, openingRun } from '../../src/protocol/state';

describe('what is set of a run', () => {
  it('is taken from a message only where all of it can be set', () => {
    expect(checkControls({ batchesPerSecond: 2.5 })).toEqual({ batchesPerSecond: 2.5 });
    expect(checkControls({ batchesPerSecond: null })).toEqual({ batchesPerSecond: null });
    const others: unknown[] = [{}, [], [1], { speed: 1 }, { batchesPerSecond: 1, status: 'failed' }, { toString: 1 }];
    for (const message of [undefined, null, 1, 'batchesPerSecond', ...others]) {
      expect(checkControls(message)).toBeUndefined();
    }
    for (const speed of [0, -1, NaN, Infinity, '1', [1], {}, true, undefined]) {
      expect(checkControls({ batchesPerSecond: speed })).toBeUndefined();
    }
  });

  it('is read from a record as far as it can be set here', () => {
    const recorded = { batchesPerSecond: 3, status: 'failed', toString: () => '' };
    expect(soundControls(recorded)).toEqual({ batchesPerSecond: 3 });
    const run = openingRun({ id: 'a', name: 'a', startedAt: 0 });
    const after = applyRunEvent(run, { type: 'controlled', runId: 'a', controls: recorded });
    expect(after).toEqual({ ...run, batchesPerSecond: 3 });
  });

  it('is known of the run, where it is not as it was at first', () => {
    expect(controlsSet(initialControls)).toBeUndefined();
    expect(controlsSet({ batchesPerSecond: 4 })).toEqual({ batchesPerSecond: 4 });
  });

  it('reaches what does it, and nothing else is touched', () => {
    const speeds: (number | null)[] = [];
    const takers = { batchesPerSecond: (speed: number | null) => void speeds.push(speed) } as ControlTakers;
    takeControls({ batchesPerSecond: null }, takers);
    takeControls({}, takers);
    expect(speeds).toEqual([null]);
  });
});
