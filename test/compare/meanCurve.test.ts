import { describe, expect, it } from 'vitest';
import type { Curve } from '../../src/protocol/history';
import { meanCurve } from '../../webview/compare/meanCurve';

function curve(...losses: number[]): Curve {
  const values = Float64Array.from(losses);
  return { first: 0, end: losses.length, stride: 1, lowest: values, highest: values, last: values };
}

describe('the mean over seeds', () => {
  it('is that of all of them, with their deviation around it', () => {
    const { mean, band } = meanCurve([curve(1, 2), curve(3, 6)]);
    expect([...mean.last]).toEqual([2, 4]);
    expect([...band.highest]).toEqual([2 + Math.SQRT2, 4 + 2 * Math.SQRT2]);
  });

  it('ends where the first of them ends, instead of a jump to the mean of the others', () => {
    expect([...meanCurve([curve(9, 8, 7), curve(1, 1, 1, 1, 1)]).mean.last]).toEqual([5, 4.5, 4]);
  });

  it('is NaN where one of the losses is not finite', () => {
    expect([...meanCurve([curve(9, Infinity), curve(1, 1)]).mean.last]).toEqual([5, NaN]);
  });

  it('leaves out those that have not begun', () => {
    expect([...meanCurve([curve(9, 8), curve(), curve(1, 2)]).mean.last]).toEqual([5, 5]);
  });
});
