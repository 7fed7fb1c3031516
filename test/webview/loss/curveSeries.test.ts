import { expect, test } from 'vitest';
import { curveOf, emptyColumns, History, type EpochColumns } from '../../../src/protocol/history';
import { CurveSeries } from '../../../webview/loss/curveSeries';

const epochs = 100_000;

/** A loss that falls in its first epoch, and then no more. */
function columns(): EpochColumns {
  const all = emptyColumns(epochs);
  all.loss.fill(1);
  all.loss[0] = 1000;
  return all;
}

function historyOf(buckets: number): History {
  const history = new History({ buckets, records: 0, numbers: 0 });
  history.append(columns());
  return history;
}

const request = { range: { first: 0, end: epochs }, columns: 200, log: false, logX: true };
const peaks = (points: { y: number }[]) => points.filter(({ y }) => y === 1000).length;

test('on a logarithmic axis an epoch is drawn once, whatever bucket it is in', () => {
  const history = historyOf(2 ** 10);
  expect(history.stride).toBe(128);
  const { points } = new CurveSeries().reduce(history, history.curve('loss'), undefined, request);
  expect(peaks(points)).toBe(1);
  expect(points.every(({ x }, i) => i === 0 || x > points[i - 1].x)).toBe(true);
});

test('where smaller buckets are known of the first epochs, these are drawn, and the rest once', () => {
  const history = historyOf(2 ** 10);
  const detail = curveOf(historyOf(2 ** 14).slice(0, undefined, 2000), 'loss');
  expect(detail.stride).toBeLessThan(history.stride);
  const { points } = new CurveSeries().reduce(history, history.curve('loss'), detail, request);
  expect(peaks(points)).toBe(1);
  expect(points[0].x).toBeLessThan(8);
  expect(points.every(({ x }, i) => i === 0 || x > points[i - 1].x)).toBe(true);
});
