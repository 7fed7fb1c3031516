import type { Curve } from '../../src/protocol/history';

/** A stretch of epochs, both ends counted from 1 where the axis is logarithmic. */
export interface Span {
  min: number;
  max: number;
}

/** Of curves whose losses are so much larger than the others' that these would lie flat, the names. */
export interface ValueRange extends Span {
  clipped: string[];
}

/** How many times the median of the curves' largest losses a curve may reach before it is an outlier. */
const outlier = { linear: 10, log: 1e4 };

/** The losses to show of some curves over some epochs: all of them, except for outliers. */
export function valueRange(curves: readonly { name: string; curve: Curve }[], epochs: Span, log: boolean): ValueRange {
  const extremes = curves.map(({ name, curve }) => ({ name, ...extremesOf(curve, epochs, log) }));
  const tops = extremes
    .map(({ max }) => max)
    .filter((max) => max > -Infinity)
    .sort((a, b) => a - b);
  // Curves that lie at 0 say nothing about how large others are.
  const positive = tops.filter((top) => top > 0);
  const most = outlier[log ? 'log' : 'linear'] * (positive[(positive.length - 1) >> 1] ?? Number.MIN_VALUE);
  const isOutlier = ({ max, isInfinite }: { max: number; isInfinite: boolean }) => max > most || isInfinite;
  const clipped = [...new Set(extremes.filter(isOutlier).map(({ name }) => name))];
  if ((log ? positive : tops).length === 0) return { min: log ? 0.1 : 0, max: 1, clipped };
  const max = tops.filter((top) => top <= most).at(-1) ?? tops[0];
  const min = Math.min(max, ...extremes.map((one) => one.min));
  const margin = log ? 1.15 : 0.04 * (max - min || Math.abs(max) || 1);
  return log ? { min: min / margin, max: max * margin, clipped } : { min: min - margin, max: max + margin, clipped };
}

function extremesOf({ lowest, highest, first, stride }: Curve, { min: from, max: to }: Span, log: boolean) {
  let [min, max, isInfinite] = [Infinity, -Infinity, false];
  const begin = Math.max(0, Math.floor((from - first) / stride));
  const end = Math.min(lowest.length, Math.floor((to - first) / stride) + 1);
  for (let i = begin; i < end; i++) {
    const [low, high] = [lowest[i], highest[i]];
    if (!Number.isFinite(high)) isInfinite = true;
    else if (high > max) max = high;
    if (low < min && (!log || low > 0)) min = low;
  }
  return { min, max, isInfinite };
}

/** Part of a span around a place in it; `factor` below 1 shows less. Stays within `whole`. */
export function zoomed({ min, max }: Span, whole: Span, at: number, factor: number): Span {
  const length = Math.min(whole.max - whole.min, Math.max(2, (max - min) * factor));
  const share = (at - min) / (max - min || 1);
  return within({ min: at - share * length, max: at + (1 - share) * length }, whole);
}

/** A span moved into another one that is at least as long. */
export function within({ min, max }: Span, whole: Span): Span {
  const shift = Math.max(0, whole.min - min) - Math.max(0, max - whole.max);
  return { min: Math.max(whole.min, min + shift), max: Math.min(whole.max, max + shift) };
}

/** Places numbers between two pixels, evenly or by their logarithm. */
export class PixelScale {
  constructor(
    private readonly span: Span,
    private readonly from: number,
    private readonly to: number,
    private readonly log: boolean,
  ) {}

  pixelOf(value: number): number {
    const [low, high, at] = [this.span.min, this.span.max, value].map((number) => this.placed(number));
    return this.from + ((at - low) / (high - low || 1)) * (this.to - this.from);
  }

  valueAt(pixel: number): number {
    const [low, high] = [this.placed(this.span.min), this.placed(this.span.max)];
    const at = low + ((pixel - this.from) / (this.to - this.from)) * (high - low);
    return this.log ? Math.exp(at) : at;
  }

  private placed(value: number): number {
    return this.log ? Math.log(value) : value;
  }
}
