import type { Mark, Series } from './lossSeries';

/** Another curve on the loss chart, for comparison. */
export interface Overlay {
  /** What the legend calls it. */
  name: string;
  /** Which colour of the theme it has: one of `Theme`'s. */
  key: 'mistake';
  /** A loss an epoch, as far as they are known now. */
  losses: () => Float64Array;
  /** Pixels. */
  dash: number[];
  marker: 'triangle' | 'rect' | 'crossRot';
}

/** Markers on a curve, about. */
const markers = 8;

/** Sizes of the points of a curve: a marker here and there, so that it is told apart without its colour. */
export function markerSizes(points: number, size: number): number[] {
  const every = Math.max(1, Math.ceil(points / markers));
  return Array.from({ length: points }, (_, i) => (i % every === 0 ? size : 0));
}

/**
 * How far up a chart goes for an overlay: as high as the run's own curve and half as much again, on a log scale by two
 * decades more. A curve that goes beyond leaves the chart with a mark, so that the run's own stays legible.
 */
export function highest(own: Pick<Series, 'min' | 'max'>, overlays: readonly Series[], log: boolean): number {
  const limit = log ? own.max * 100 : own.max + 0.5 * (own.max - own.min || Math.abs(own.max) || 1);
  const wanted = Math.max(own.max, ...overlays.map((series) => series.max));
  return Number.isFinite(own.max) ? Math.min(limit, wanted) : wanted;
}

/** Where a curve first leaves a chart that ends at `top`. */
export function leavingMark({ points }: Series, top: number, name: string): Mark[] {
  const point = points.find(({ y }) => y > top);
  return point ? [{ epoch: point.x, word: name, edge: 'top' }] : [];
}
