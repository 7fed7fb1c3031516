import type { LossPlane, PlaneView } from '../../src/engine/report/lossPlane';

/**
 * The loss at a point of a plane, from the nine points of the grid around it; exact for mse_loss, which is a quadratic form.
 * Outside the grid the nearest nine go on.
 */
export function lossAt({ axes, losses, size, view }: LossPlane, a: number, b: number): number {
  const [column, across] = nearest(a, view.a, view.halfA, size);
  if (axes.length === 1) return quadratic(losses[column - 1], losses[column], losses[column + 1], across);
  const [row, up] = nearest(b, view.b, view.halfB, size);
  const [low, middle, high] = [row - 1, row, row + 1].map((each) => {
    const at = each * size + column;
    return quadratic(losses[at - 1], losses[at], losses[at + 1], across);
  });
  return quadratic(low, middle, high, up);
}

/** Whether a point is in the part of the plane that the grid covers; elsewhere its losses are a guess. */
export function isInView({ axes, view }: LossPlane, a: number, b: number): boolean {
  return Math.abs(a - view.a) <= view.halfA && (axes.length === 1 || Math.abs(b - view.b) <= view.halfB);
}

/** The grid's point next to a place, but no edge, and how many points further the place is. */
function nearest(place: number, centre: number, half: number, size: number): [index: number, rest: number] {
  const position = ((place - centre + half) / (2 * half)) * (size - 1);
  const index = Math.max(1, Math.min(size - 2, Math.round(position) || 0));
  return [index, position - index];
}

/** The parabola through values at -1, 0 and 1. */
function quadratic(before: number, here: number, after: number, at: number): number {
  return here + at * ((after - before) / 2 + at * ((after + before) / 2 - here));
}

/** The lowest and the highest loss of a plane's grid that are finite. */
export function lossRange({ losses, minimum }: LossPlane): { min: number; max: number } {
  let [min, max] = [Infinity, -Infinity];
  for (const loss of losses) {
    if (!Number.isFinite(loss)) continue;
    min = Math.min(min, loss);
    max = Math.max(max, loss);
  }
  return { min: minimum ? Math.min(min, minimum.loss) : min, max };
}

/** The part of the plane on screen; with a single axis, upwards is the loss. */
export function shownView(plane: LossPlane): PlaneView {
  if (plane.axes.length > 1) return plane.view;
  const { min, max } = lossRange(plane);
  const half = (max - min) / 2 || 1;
  return { ...plane.view, b: min + half, halfB: 1.08 * half };
}
