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

/** What a curve is reduced for. */
export interface SeriesRequest {
  range: EpochRange;
  /** Spans that there are at most, but for one at either end that is cut short by the range. */
  columns: number;
  log: boolean;
}

/**
 * Reduces losses to the lowest and the highest of spans of epochs, in their order, so that no peak is lost.
 * Losses that are not finite, or not positive on a log scale, break the line and leave a mark.
 * A span begins at the same epoch however long the curve has become, so that only what is new is gone through.
 */
export class LossSeries {
  private curve: object | undefined;
  private length = 0;
  private log = false;
  private spans = new Map<number, Series>();

  /** @param curve what the losses belong to: with the same one they are those of the last call, and perhaps more. */
  reduce(curve: object, losses: Float64Array, { range, columns, log }: SeriesRequest): Series {
    const end = Math.min(range.end, losses.length);
    const length = spanLength((end - range.first) / columns);
    if (curve !== this.curve || length !== this.length || log !== this.log) this.spans.clear();
    Object.assign(this, { curve, length, log });
    const series: Series = { points: [], marks: [], min: Infinity, max: -Infinity };
    for (let from = range.first; from < end;) {
      const to = Math.min(end, from - (from % length) + length);
      append(series, to - from === length ? this.wholeSpan(losses, from) : spanOf(losses, from, to, log));
      from = to;
    }
    return series;
  }

  private wholeSpan(losses: Float64Array, from: number): Series {
    let span = this.spans.get(from);
    if (!span) this.spans.set(from, (span = spanOf(losses, from, from + this.length, this.log)));
    return span;
  }
}

/** At least so many epochs: 1, 2, 3, 4, 6, 8, 12 … */
function spanLength(least: number): number {
  let power = 1;
  while (2 * power < least) power *= 2;
  return [power, 1.5 * power].find((length) => Number.isInteger(length) && length >= least) ?? 2 * power;
}

function append(series: Series, { points, marks, min, max }: Series): void {
  series.points.push(...points);
  series.marks.push(...marks);
  series.min = Math.min(series.min, min);
  series.max = Math.max(series.max, max);
}

function spanOf(losses: Float64Array, from: number, to: number, log: boolean): Series {
  const series: Series = { points: [], marks: [], min: Infinity, max: -Infinity };
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
    series.min = losses[low];
    series.max = losses[high];
  }
  if (odd >= 0) addMark(series, odd, losses[odd]);
  return series;
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

/** Watches whether a log scale shows more of a growing curve than a linear one: all of it positive, and over more than two decades. */
export class DecadeWatch {
  private seen = 0;
  private min = Infinity;
  private max = 0;

  /** Takes in what is new among all losses so far. */
  isWide(losses: Float64Array): boolean {
    for (; this.seen < losses.length; this.seen++) {
      const loss = losses[this.seen];
      if (loss > 0 && !Number.isFinite(loss)) continue;
      if (loss < this.min) this.min = loss;
      if (loss > this.max) this.max = loss;
    }
    return this.min > 0 && this.max > 100 * this.min;
  }
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
