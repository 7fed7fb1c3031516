import { describe, expect, it } from 'vitest';
import { monitor, withBest, unmonitored, type EarlyStoppingOptions } from '../../../src/engine/train/earlyStopping';
import curves from '../../fixtures/earlyStopping.json';

describe('the stop rule', () => {
  it('stops where Lightning’s EarlyStopping does, with the best epoch of ModelCheckpoint, on 40 curves', () => {
    expect(curves).toHaveLength(40);
    const stopped = curves.filter(({ values, trained }) => trained < values.length);
    expect(stopped.length).toBeGreaterThan(15);
  });

  it.each(curves.map((curve, i) => ({ i, ...curve })))('$i', ({ values, rule, trained, best, wait_count: waited }) => {
    const { stopping_threshold: threshold, ...rest } = rule;
    const options = {
      ...(rest as EarlyStoppingOptions),
      ...(threshold !== null && { stopping_threshold: threshold }),
      restore_best: true,
    };
    let state = unmonitored(options.mode);
    let epochs = 0;
    for (const value of values) {
      const { after, stops } = monitor(state, epochs, value ?? NaN, options);
      state = after;
      epochs++;
      if (stops) break;
    }
    expect([epochs, state.bestEpoch, state.waited]).toEqual([trained, best, waited]);
  });

  it('remembers the best epoch, the first of several, where nothing stops', () => {
    let state = unmonitored('min');
    for (const [epoch, value] of [3, NaN, 1, 2, 1].entries()) state = withBest(state, epoch, value);
    expect(state).toMatchObject({ bestEpoch: 2, best: 1 });
  });
});
