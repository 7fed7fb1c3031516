import type { Curve } from '../../src/protocol/history';
import type { ComparedCurve } from '../../src/protocol/protocol';
import type { Mark, Series } from './lossSeries';

/** Another curve on the loss chart, for comparison. */
export interface Overlay {
  /** What the legend calls it. */
  name: string;
  /** Which colour of the theme it has: one of `Theme`'s. */
  key: 'mistake' | 'compared';
  /** A loss an epoch, as far as they are known now; of a `curve`, one a bucket. */
  losses: () => Float64Array;
  /** Absent where `losses` has one for each epoch. */
  curve?: Curve;
  /** Pixels. */
  dash: number[];
  marker: 'triangle' | 'rect' | 'crossRot' | 'star';
}

/** The curves of another run. */
export function comparedOverlays({ name, training, validation }: ComparedCurve): Overlay[] {
  const overlay = { key: 'compared' as const };
  return [
    { ...overlay, name, curve: training, losses: () => training.last, dash: [], marker: 'rect' },
    ...(validation
      ? [
          {
            ...overlay,
            name: `${name}, validation`,
            curve: validation,
            losses: () => validation.last,
            dash: validationDash,
            marker: 'star' as const,
          },
        ]
      : []),
  ];
}

/** The loss of an overlay in an epoch, counted from 0; undefined where it has none. */
export function overlaidLoss({ curve, losses }: Overlay, epoch: number): number | undefined {
  if (epoch < 0) return undefined;
  if (!curve) return losses()[epoch];
  return epoch < curve.end ? curve.last[Math.floor((epoch - curve.first) / curve.stride)] : undefined;
}

/** Dash pattern of a validation curve, in pixels. */
export const validationDash = [5, 3];

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
