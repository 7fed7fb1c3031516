import { dot } from '../linear/lanczos';
import type { PlaneAxis } from '../report/lossPlane';

/** A point of the parameters and one or two directions from there. */
export interface PlaneFrame {
  origin: Float64Array;
  directions: Float64Array[];
}

/**
 * The plane through a point. In a plane of parameters the coordinates are the parameters themselves; else they are counted
 * from `zero`.
 */
export function frameThrough(axes: PlaneAxis[], point: ArrayLike<number>, zero: ArrayLike<number>): PlaneFrame {
  const origin = Float64Array.from(point);
  for (const { kind, direction } of axes) {
    const from = kind === 'parameter' ? origin : origin.map((value, i) => value - zero[i]);
    const along = dot(direction, from);
    direction.forEach((value, i) => (origin[i] -= along * value));
  }
  return { origin, directions: axes.map(({ direction }) => direction) };
}

/** The coordinates in which parameters fall in a plane; `b` is 0 where it has a single direction. */
export function placeOf({ origin, directions }: PlaneFrame, parameters: ArrayLike<number>): { a: number; b: number } {
  const offset = origin.map((value, i) => parameters[i] - value);
  const [a, b = 0] = directions.map((direction) => dot(direction, offset));
  return { a, b };
}

/** The direction in which a single parameter changes, `count` parameters in all. */
export function unitDirection(index: number, count: number): Float64Array {
  const direction = new Float64Array(count);
  direction[index] = 1;
  return direction;
}
