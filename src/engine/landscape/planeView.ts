import type { PlaneView } from '../report/lossPlane';

/** Share of the points' width that is free to either side of them. */
const margin = 0.15;
/** Relative to its distance from zero, a view is no narrower: float32 has no finer numbers to show. */
const narrowest = 1e-5;

/**
 * The part of a plane that holds all points, with a margin.
 * @param steps how far to reach at least, along an axis along which all points are the same.
 */
export function viewAround(points: readonly { a: number; b: number }[], steps: readonly number[]): PlaneView {
  const [a, halfA] = span(
    points.map((point) => point.a),
    steps[0],
  );
  const [b, halfB] =
    steps.length > 1
      ? span(
          points.map((point) => point.b),
          steps[1],
        )
      : [0, 0];
  return { a, b, halfA, halfB };
}

function span(places: number[], step: number): [centre: number, half: number] {
  const [low, high] = [Math.min(...places), Math.max(...places)];
  const half = (0.5 + margin) * (high - low);
  const least = narrowest * Math.max(Math.abs(low), Math.abs(high));
  return [(low + high) / 2, half > least ? half : Math.max(least, step)];
}
