import { describe, expect, test } from 'vitest';
import { emptyColumns, History } from '../../src/protocol/history';
import { ShapeWatch } from '../../webview/loss/curveShape';
import { exactCurve, logTicks, LossSeries } from '../../webview/loss/lossSeries';
import { readWindow } from '../../webview/loss/lossWindow';
import { smoothed } from '../../webview/loss/smoothing';
import { roundTicks } from '../../webview/parts/plotAxis';
import { randomNumbers } from './sampleRuns';

describe('the loss curve', () => {
  const reduced = (losses: Float64Array, columns: number, log = false) =>
    new LossSeries().reduce(losses, exactCurve(losses), { range: { first: 0, end: losses.length }, columns, log });

  test('keeps the lowest and the highest of each span', () => {
    const losses = Float64Array.from({ length: 10_000 }, (_, epoch) => Math.sin(epoch) + 2);
    losses[5432] = 50;
    const { points, min, max } = reduced(losses, 100);
    expect(points.length).toBeGreaterThan(100);
    expect(points.length).toBeLessThanOrEqual(200);
    expect(max).toBe(50);
    expect(min).toBe(Math.min(...losses));
    expect(points).toContainEqual({ x: 5432, y: 50 });
    expect(points.every((point, index) => index === 0 || point.x > points[index - 1].x)).toBe(true);
  });

  test('is reduced as it grows to what it is reduced to at once, whatever part of it is shown', () => {
    const random = randomNumbers(3);
    const all = Float64Array.from({ length: 5000 }, () => random() * 4 - 0.1);
    [700, 701, 2900].forEach((epoch) => (all[epoch] = NaN));
    const growing = new LossSeries();
    for (const length of [1, 40, 99, 100, 101, 250, 1111, 1112, 3000, 5000]) {
      for (const [first, log] of [
        [0, false],
        [0, true],
        [Math.floor(length / 3), true],
        [length - 1, true],
      ] as const) {
        const losses = all.subarray(0, length);
        const request = { range: { first, end: length }, columns: 100, log };
        const series = growing.reduce(all, exactCurve(losses), request);
        expect(series).toEqual(new LossSeries().reduce(all, exactCurve(losses), request));
        const drawn = Array.from(losses.subarray(first)).filter((loss) => Number.isFinite(loss) && (!log || loss > 0));
        expect([series.min, series.max]).toEqual([Math.min(...drawn), Math.max(...drawn)]);
      }
    }
  });

  test('goes through what is new, not through all of it', () => {
    const losses = Float64Array.from({ length: 100_000 }, (_, epoch) => 1 / (epoch + 1));
    const series = new LossSeries();
    const request = (end: number) => ({ range: { first: 0, end }, columns: 100, log: true });
    series.reduce(losses, exactCurve(losses.subarray(0, 99_000)), request(99_000));
    // The curve promises to be the same where it was known already, so that nobody looks there again.
    losses.fill(NaN, 0, 90_000);
    const { marks, points } = series.reduce(losses, exactCurve(losses), request(100_000));
    expect(marks).toEqual([]);
    expect(points[0]).toEqual({ x: 0, y: 1 });
    expect(points.at(-1)).toEqual({ x: 99_999, y: 1e-5 });
  });

  test('another curve of the same length is another', () => {
    const series = new LossSeries();
    const request = { range: { first: 0, end: 400 }, columns: 100, log: false };
    const [one, other] = [new Float64Array(400).fill(1), new Float64Array(400).fill(2)];
    series.reduce(one, exactCurve(one), request);
    expect(series.reduce(other, exactCurve(other), request)).toMatchObject({ min: 2, max: 2 });
  });

  test('breaks the line and leaves a mark where it cannot draw', () => {
    const losses = Float64Array.of(4, NaN, 2, Infinity, 0, 1);
    const linear = reduced(losses, 100);
    expect(linear.marks.map(({ epoch, word }) => [epoch, word])).toEqual([
      [1, 'NaN'],
      [3, '∞'],
    ]);
    const log = reduced(losses, 100, true);
    expect(log.marks.at(-1)).toEqual({ epoch: 4, word: '0', edge: 'bottom' });
    expect(log.points.filter((point) => Number.isNaN(point.y)).map((point) => point.x)).toEqual([1, 3, 4]);
  });

  test('has every peak of a history in buckets, whatever part of it is shown', () => {
    const random = randomNumbers(5);
    const exact = Float64Array.from({ length: 5000 }, () => random() + 1);
    exact[2345] = 50;
    exact[4000] = 0.01;
    const history = new History({ buckets: 256, records: 1, numbers: 0 });
    const growing = new LossSeries();
    for (const end of [100, 1000, 3000, 3001, 5000]) {
      history.append({ ...emptyColumns(end), loss: exact.slice(0, end) });
      for (const first of [0, Math.floor(end / 3)]) {
        const request = { range: { first, end }, columns: 100, log: false };
        const series = growing.reduce(history, history.curve('loss'), request);
        expect(series).toEqual(new LossSeries().reduce(history, history.curve('loss'), request));
        const shown = exact.subarray(first - (first % history.stride), end);
        expect([series.min, series.max]).toEqual([Math.min(...shown), Math.max(...shown)]);
        expect(
          series.points.every(({ x }, i) => x >= first && x < end && (i === 0 || x >= series.points[i - 1].x)),
        ).toBe(true);
      }
    }
    expect(history.stride).toBe(32);
  });

  test('breaks a line where a bucket has an epoch that cannot be drawn', () => {
    const history = new History({ buckets: 4, records: 1, numbers: 0 });
    history.append({ ...emptyColumns(8), loss: Float64Array.of(4, 3, 2, Infinity, 3, 0, 1, 1) });
    const request = { range: { first: 0, end: 8 }, columns: 100, log: true };
    const { marks, points } = new LossSeries().reduce(history, history.curve('loss'), request);
    expect(marks.map(({ word, edge }) => [word, edge])).toEqual([
      ['∞', 'top'],
      ['0', 'bottom'],
    ]);
    expect(points.map(({ y }) => y)).toEqual([4, 3, 2, NaN, 3, NaN, 1]);
  });

  test('a log scale is chosen for a loss that falls by more than two decades', () => {
    const isWide = (...losses: number[]): boolean => new ShapeWatch().isWide(exactCurve(Float64Array.from(losses)));
    expect(isWide(5e7, 1e5, 3895)).toBe(true);
    expect(isWide(3, 2, 1)).toBe(false);
    expect(isWide(1000, 1, 0)).toBe(false);
    expect(isWide(1000, NaN, Infinity, 20)).toBe(false);
    const watch = new ShapeWatch();
    const losses = Float64Array.of(1000, 11, 9);
    expect([1, 2, 3].map((length) => watch.isWide(exactCurve(losses.subarray(0, length))))).toEqual([
      false,
      false,
      true,
    ]);
  });

  test('a log axis of epochs is chosen where nearly all of the fall is in the first hundredth', () => {
    const early = (length: number, loss: (epoch: number) => number): boolean =>
      new ShapeWatch().fallsEarly(exactCurve(Float64Array.from({ length }, (_, epoch) => loss(epoch))), false);
    expect(early(2000, (epoch) => 1 + Math.exp(-epoch / 5))).toBe(true);
    expect(early(2000, (epoch) => 1 + Math.exp(-epoch / 500))).toBe(false);
    expect(early(100, (epoch) => 1 + Math.exp(-epoch))).toBe(false);
    expect(early(2000, (epoch) => epoch)).toBe(false);
    expect(early(2000, (epoch) => (epoch === 0 ? NaN : 1))).toBe(false);
  });

  test('smoothing averages what lies within a twentieth of the width, as it is drawn', () => {
    const points = Array.from({ length: 201 }, (_, i) => ({ x: i + 1, y: i % 2 === 0 ? 1 : 100 }));
    const linear = smoothed(points, { logX: false, logY: false });
    // Eleven points around each: five of its kind, six of the other.
    expect(linear[100].y).toBeCloseTo((6 * 100 + 5 * 1) / 11, 10);
    expect(smoothed(points, { logX: false, logY: true })[100].y).toBeCloseTo(100 ** (6 / 11), 8);
    // On a logarithmic axis there is nobody beside the first epochs, and many beside the last ones.
    expect(smoothed(points, { logX: true, logY: false })[0].y).toBe(1);
    const broken = smoothed(
      [
        { x: 1, y: 2 },
        { x: 2, y: NaN },
        { x: 3, y: 4 },
      ],
      { logX: false, logY: false },
    );
    expect(broken.map(({ y }) => y)).toEqual([2, NaN, 4]);
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
    expect(readWindow('500', 2000)).toEqual({ first: 499, end: 2000 });
    expect(readWindow('9999', 2000)).toEqual({ first: 1999, end: 2000 });
    expect(readWindow('10%', 0)).toEqual({ first: 0, end: 0 });
  });
});
