import type { LossPlane, PlaneView } from '../../src/engine/report/lossPlane';
import type { Bounds } from './landscapePath';

/** A view grows at most to this many times the first one, which holds start and minimum: beyond it nothing could be told apart. */
const mostGrowth = 10;
/** Share that a view grows further than it has to, because a path that has left it once will go further. */
const foresight = 0.3;

/** The view that holds the path too; undefined where the present one does, or cannot. `home` is the first view of the plane. */
export function grownView({ view, axes }: LossPlane, home: PlaneView, bounds: Bounds): PlaneView | undefined {
  const [a, halfA] = grown([view.a, view.halfA], [home.a, home.halfA], [bounds.minA, bounds.maxA]);
  if (axes.length === 1) return halfA === view.halfA ? undefined : { ...view, a, halfA };
  const [b, halfB] = grown([view.b, view.halfB], [home.b, home.halfB], [bounds.minB, bounds.maxB]);
  return halfA === view.halfA && halfB === view.halfB ? undefined : { a, b, halfA, halfB };
}

type Span = readonly [centre: number, half: number];

function grown([centre, half]: Span, [homeCentre, homeHalf]: Span, [min, max]: readonly [number, number]): Span {
  const [least, most] = [homeCentre - mostGrowth * homeHalf, homeCentre + mostGrowth * homeHalf];
  let [low, high] = [centre - half, centre + half];
  const room = foresight * half;
  if (min < low) low = Math.max(least, min - room);
  if (max > high) high = Math.min(most, max + room);
  // What is at the limit already does not change by rounding.
  const isSame = low >= centre - half - 1e-9 * half && high <= centre + half + 1e-9 * half;
  return isSame ? [centre, half] : [(low + high) / 2, (high - low) / 2];
}
