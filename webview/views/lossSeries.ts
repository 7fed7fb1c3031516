import { formatRounded } from '../../src/format';
import type { EpochRange } from './lossWindow';
import { roundTicks } from './plotAxis';

/** A point of a line; `y` is NaN where the line is broken. */
export interface Point {
  x: number;
  y: number;
}

/** An epoch whose loss cannot be drawn at its place. */
export interface Mark {
  epoch: number;
  word: string;
  edge: 'top' | 'bottom';
}

/** A curve fit to be drawn, and what it could not show. */
export interface Series {
  points: Point[];
  marks: Mark[];
  min: number;
  max: number;
}

/**
 * Reduces losses to the lowest and the highest of each of `columns` spans of epochs, in their order, so that no peak is lost.
 * Losses that are not finite, or not positive on a log scale, break the line and leave a mark.
 */
export function lossSeries(losses: Float64Array, range: EpochRange, columns: number, log: boolean): Series {
  const series: Series = { points: [], marks: [], min: Infinity, max: -Infinity };
  const count = Math.min(range.end, losses.length) - range.first;
  const spans = Math.min(count, columns);
  for (let span = 0; span < spans; span++) {
    const from = range.first + Math.floor((span * count) / spans);
    const to = range.first + Math.floor(((span + 1) * count) / spans);
    addSpan(series, losses, from, to, log);
  }
  return series;
}

function addSpan(series: Series, losses: Float64Array, from: number, to: number, log: boolean): void {
  let low = -1;
  let high = -1;
  let odd = -1;
  for (let epoch = from; epoch < to; epoch++) {
    const loss = losses[epoch];
    if (!canDraw(loss, log)) {
      if (odd < 0) odd = epoch;
    } else {
      if (low < 0 || loss < losses[low]) low = epoch;
      if (high < 0 || loss > losses[high]) high = epoch;
    }
  }
  if (low >= 0) {
    for (const epoch of low < high ? [low, high] : low > high ? [high, low] : [low]) {
      series.points.push({ x: epoch, y: losses[epoch] });
    }
    series.min = Math.min(series.min, losses[low]);
    series.max = Math.max(series.max, losses[high]);
  }
  if (odd >= 0) addMark(series, odd, losses[odd]);
}

function addMark(series: Series, epoch: number, loss: number): void {
  series.points.push({ x: epoch, y: NaN });
  const down = Number.isFinite(loss) || loss === -Infinity;
  series.marks.push({
    epoch,
    word: formatRounded(loss),
    edge: down ? 'bottom' : 'top',
  });
}

function canDraw(loss: number, log: boolean): boolean {
  return Number.isFinite(loss) && (!log || loss > 0);
}

/** Whether a log scale shows more of a curve than a linear one: all of it positive, and over more than two decades. */
export function spansDecades(losses: Float64Array): boolean {
  let min = Infinity;
  let max = 0;
  for (const loss of losses) {
    if (loss <= 0) return false;
    if (!Number.isFinite(loss)) continue;
    if (loss < min) min = loss;
    if (loss > max) max = loss;
  }
  return max > 100 * min;
}

/** Where ticks stand on a log scale: at powers of ten where there are several, else at 1, 2 and 5, else evenly. */
export function logTicks(min: number, max: number): number[] {
  const decades = Math.log10(max / min);
  if (decades < 0.7) return roundTicks(min, max, 4);
  const step = Math.max(1, Math.ceil(decades / 6));
  const factors = decades < 2.5 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    if (power % step !== 0) continue;
    for (const factor of factors) ticks.push(Number(`${factor}e${power}`));
  }
  return ticks.filter((tick) => tick >= min && tick <= max);
}
