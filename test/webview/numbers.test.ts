import { describe, expect, test } from 'vitest';
import { logTicks, lossSeries, spansDecades } from '../../webview/views/lossSeries';
import { readWindow } from '../../webview/views/lossWindow';
import { roundTicks } from '../../webview/views/plotAxis';

describe('the loss curve', () => {
  const all = (losses: Float64Array) => ({ first: 0, end: losses.length });

  test('keeps the lowest and the highest of each span', () => {
    const losses = Float64Array.from({ length: 10_000 }, (_, epoch) => Math.sin(epoch) + 2);
    losses[5432] = 50;
    const { points, min, max } = lossSeries(losses, all(losses), 100, false);
    expect(points.length).toBe(200);
    expect(max).toBe(50);
    expect(min).toBe(Math.min(...losses));
    expect(points).toContainEqual({ x: 5432, y: 50 });
    expect(points.every((point, index) => index === 0 || point.x > points[index - 1].x)).toBe(true);
  });

  test('breaks the line and leaves a mark where it cannot draw', () => {
    const losses = Float64Array.of(4, NaN, 2, Infinity, 0, 1);
    const linear = lossSeries(losses, all(losses), 100, false);
    expect(linear.marks.map(({ epoch, word }) => [epoch, word])).toEqual([
      [1, 'NaN'],
      [3, '∞'],
    ]);
    const log = lossSeries(losses, all(losses), 100, true);
    expect(log.marks.at(-1)).toEqual({ epoch: 4, word: '0', edge: 'bottom' });
    expect(log.points.filter((point) => Number.isNaN(point.y)).map((point) => point.x)).toEqual([1, 3, 4]);
  });

  test('a log scale is chosen for a loss that falls by more than two decades', () => {
    expect(spansDecades(Float64Array.of(5e7, 1e5, 3895))).toBe(true);
    expect(spansDecades(Float64Array.of(3, 2, 1))).toBe(false);
    expect(spansDecades(Float64Array.of(1000, 1, 0))).toBe(false);
  });

  test('a log scale has a few ticks at round numbers, below 1 as well', () => {
    expect(logTicks(3000, 2e7)).toEqual([1e4, 1e5, 1e6, 1e7]);
    expect(logTicks(0.004, 0.3)).toEqual([0.005, 0.01, 0.02, 0.05, 0.1, 0.2]);
    expect(logTicks(3890, 3910)).toEqual([3890, 3895, 3900, 3905, 3910]);
    expect(logTicks(1e-30, 1e30).length).toBeLessThan(10);
  });

  test('ticks on either side of zero have zero itself between them', () => {
    // Adding 0.1 up from -0.3 would pass zero at 5.6e-17.
    expect(roundTicks(-0.35, 0.35, 7)).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]);
  });

  test('a window leaves out a share of the epochs or all before one', () => {
    expect(readWindow(undefined, 2000)).toEqual({ first: 0, end: 2000 });
    expect(readWindow('10%', 2000)).toEqual({ first: 200, end: 2000 });
    expect(readWindow('500', 2000)).toEqual({ first: 500, end: 2000 });
    expect(readWindow('9999', 2000)).toEqual({ first: 1999, end: 2000 });
    expect(readWindow('10%', 0)).toEqual({ first: 0, end: 0 });
  });
});
