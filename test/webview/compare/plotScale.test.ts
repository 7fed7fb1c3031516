import { expect, it } from 'vitest';
import type { Curve } from '../../../src/protocol/history';
import { valueRange } from '../../../webview/compare/plotScale';

/** A named curve with these losses. */
function curve(name: string, ...losses: number[]): { name: string; curve: Curve } {
  const last = Float64Array.from(losses);
  return { name, curve: { first: 0, stride: 1, end: losses.length, lowest: last, highest: last, last } };
}

const epochs = { min: 0, max: 9 };

it('cuts off no curve because others have reached a loss of 0', () => {
  const curves = [curve('a', 0, 0), curve('b', 0, 0), curve('c', 5, 2)];
  expect(valueRange(curves, epochs, true)).toEqual({ min: 2 / 1.15, max: 5 * 1.15, clipped: [] });
  expect(valueRange(curves, epochs, false)).toEqual({ min: -0.2, max: 5.2, clipped: [] });
});

it('names curves that leave the plot where no other is in it', () => {
  for (const log of [true, false]) {
    expect(valueRange([curve('a', Infinity), curve('b', NaN)], epochs, log)).toEqual({
      min: log ? 0.1 : 0,
      max: 1,
      clipped: ['a', 'b'],
    });
  }
});

it('has a logarithmic axis where no loss is above 0', () => {
  const { min, max, clipped } = valueRange([curve('a', 0, 0)], epochs, true);
  expect([min > 0, max > min, clipped]).toEqual([true, true, []]);
});
