import { formatRounded } from '../../src/base/format';
import type { Curve } from '../../src/protocol/history';
import type { EpochRange } from './lossWindow';
import { roundTicks } from '../parts/plotAxis';

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
  /** Spans that there are at most, except for one at either end that is cut short by the range. */
  columns: number;
  log: boolean;
}

/**
 * Reduces losses to the lowest and the highest of spans of epochs, in their order, so that no peak is lost.
 * Losses that are not finite, or not positive on a log scale, break the line and leave a mark.
 * A span begins at the same epoch however long the curve has become, so that only what is new is gone through.
 */
export class LossSeries {
  private owner: object | undefined;
  private length = 0;
  private log = false;
  private spans = new Map<number, Series>();

  /** @param owner what the losses belong to: with the same one they are those of the last call, and perhaps more. */
  reduce(owner: object, losses: Curve, { range, columns, log }: SeriesRequest): Series {
    const end = Math.min(range.end, losses.end);
    const length = spanLength((end - range.first) / columns, losses.stride);
    if (owner !== this.owner || length !== this.length || log !== this.log) this.spans.clear();
    Object.assign(this, { owner, length, log });
    const spans: Series[] = [];
    for (let from = range.first; from < end;) {
      const to = Math.min(end, from - (from % length) + length);
      spans.push(to - from === length ? this.wholeSpan(losses, from) : spanOf(losses, from, to, log));
      from = to;
    }
    return joined(spans);
  }

  private wholeSpan(losses: Curve, from: number): Series {
    let span = this.spans.get(from);
    if (!span) this.spans.set(from, (span = spanOf(losses, from, from + this.length, this.log)));
    return span;
  }
}

/** Losses of which each is known, as a curve. */
export function exactCurve(losses: Float64Array): Curve {
  return { first: 0, end: losses.length, stride: 1, lowest: losses, highest: losses, last: losses };
}

/** One curve of several, one after the other. */
export function joined(parts: readonly Series[]): Series {
  const series: Series = { points: [], marks: [], min: Infinity, max: -Infinity };
  for (const { points, marks, min, max } of parts) {
    for (const point of points) series.points.push(point);
    series.marks.push(...marks);
    series.min = Math.min(series.min, min);
    series.max = Math.max(series.max, max);
  }
  return series;
}

/** At least this many epochs: 1, 2, 3, 4, 6, 8, 12 …, and whole buckets of `stride`. */
function spanLength(least: number, stride: number): number {
  let power = stride;
  while (2 * power < least) power *= 2;
  return [power, 1.5 * power].find((length) => length % stride === 0 && length >= least) ?? 2 * power;
}

function spanOf(losses: Curve, from: number, to: number, log: boolean): Series {
  const { first, stride, lowest, highest, last } = losses;
  const series: Series = { points: [], marks: [], min: Infinity, max: -Infinity };
  let low = -1;
  let high = -1;
  let odd = -1;
  for (let at = Math.floor((from - first) / stride); first + at * stride < to; at++) {
    const [canDrawLow, canDrawHigh] = [canDraw(lowest[at], log), canDraw(highest[at], log)];
    if (odd < 0 && !(canDrawLow && canDrawHigh)) odd = at;
    if (canDrawLow && (low < 0 || lowest[at] < lowest[low])) low = at;
    if (canDrawHigh && (high < 0 || highest[at] > highest[high])) high = at;
  }
  /** The middle of a bucket, or a quarter before or after it. */
  const x = (at: number, quarter = 0): number =>
    Math.min(Math.max(first + (at + 0.5) * stride - 0.5 + (quarter * stride) / 4, from), to - 1);
  const lowPoint = { at: low, y: lowest[low] };
  const highPoint = { at: high, y: highest[high] };
  const isOne = low === high && lowest[low] === highest[high];
  const points = isOne ? [lowPoint] : [lowPoint, highPoint];
  // Within a bucket nobody knows which came first; it ends with its last.
  const endsHigh = low === high && highest[high] - last[high] < last[high] - lowest[low];
  if (low > high || (low === high && !endsHigh)) points.reverse();
  const drawn = points.filter(({ at }) => at >= 0);
  drawn.forEach(({ at, y }, i) => {
    series.points.push({ x: x(at, low === high && drawn.length > 1 ? 2 * i - 1 : 0), y });
    series.min = Math.min(series.min, y);
    series.max = Math.max(series.max, y);
  });
  if (odd >= 0) addMark(series, Math.round(x(odd)), canDraw(highest[odd], log) ? lowest[odd] : highest[odd]);
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
