import { describe, expect, test } from 'vitest';
import { formatDuration, formatFloat32, formatNumber, formatShortest, formatTick } from '../../src/format';
import { logTicks, lossSeries, spansDecades } from '../../webview/views/lossSeries';
import { readWindow } from '../../webview/views/lossWindow';

describe('numbers', () => {
  test.each([
    [57900840, '57,900,840'],
    [3895.1373, '3,895.14'],
    [0.21900218725204468, '0.219002'],
    [-0.0030564817134290934, '-0.00305648'],
    [0.000123456789, '0.000123457'],
    [0.0000123456789, '1.23457e-5'],
    [5.79e10, '5.79000e10'],
    [0, '0'],
    [NaN, 'NaN'],
    [Infinity, '∞'],
    [-Infinity, '-∞'],
  ])('%d with six digits is %s', (value, words) => {
    expect(formatNumber(value)).toBe(words);
  });

  test.each([
    [58, '58'],
    [63.5, '63.5'],
    [Math.fround(7603.5009765625), '7,603.501'],
    [Math.fround(0.1), '0.1'],
    [Math.fround(1e-7), '1e-7'],
  ])('the float32 %d needs no more than %s', (value, words) => {
    expect(formatFloat32(value)).toBe(words);
    expect(Math.fround(Number(words.replaceAll(',', '')))).toBe(value);
  });

  test('rates, ticks and durations are short', () => {
    expect(formatShortest(1e-6)).toBe('1e-6');
    expect(formatShortest(0.01)).toBe('0.01');
    expect(formatTick(5e6, 0, 1e7)).toBe('5e6');
    expect(formatTick(0.5, 0, 1)).toBe('0.5');
    const durations = [0, 0.0041, 0.0327, 0.44, 42, 185, 7800].map(formatDuration);
    expect(durations).toEqual(['0 s', '4.1 ms', '33 ms', '0.4 s', '42 s', '3 min 05 s', '2 h 10 min']);
  });
});

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

  test('a window leaves out a share of the epochs or all before one', () => {
    expect(readWindow(undefined, 2000)).toEqual({ first: 0, end: 2000 });
    expect(readWindow('10%', 2000)).toEqual({ first: 200, end: 2000 });
    expect(readWindow('500', 2000)).toEqual({ first: 500, end: 2000 });
    expect(readWindow('9999', 2000)).toEqual({ first: 1999, end: 2000 });
    expect(readWindow('10%', 0)).toEqual({ first: 0, end: 0 });
  });
});
