import { contours } from 'd3-contour';
import type { LossPlane } from '../../src/engine/report/lossPlane';
import { lossRange } from './landscapeGrid';

/** Lines that a picture has. */
const lineCount = 12;
/** Share of the picture that lies within the lowest line. */
const innermost = 0.015;

/** A set of rings, each a list of points in 0…1 of the grid's width and height, counted from the lowest corner. */
export interface Contour {
  /** The loss along the line. */
  loss: number;
  rings: [x: number, y: number][][];
}

/** Losses at which lines are drawn: in even ratios above the lowest one, so that both valley and slopes have some. */
function contourLosses(plane: LossPlane): number[] {
  const { min, max } = lossRange(plane);
  const above = plane.losses.filter(Number.isFinite).map((loss) => loss - min);
  const first = above.sort()[Math.floor(innermost * above.length)];
  const last = max - min;
  if (!(first > 0) || !(last > first)) return [];
  return Array.from({ length: lineCount }, (_, i) => min + first * (last / first) ** (i / lineCount));
}

/** The lines of equal loss. Those of a loss lie around what is higher. */
export function contoursOf(plane: LossPlane): Contour[] {
  const { size, losses } = plane;
  const { min } = lossRange(plane);
  // The root of what a quadratic form is above its minimum grows evenly, which is what lines are drawn between points by.
  const height = (loss: number): number => Math.sqrt(Math.max(0, loss - min));
  const heights = Array.from(losses, (loss) => (Number.isNaN(loss) ? Infinity : height(loss)));
  const lines = contours().size([size, size]);
  // d3 has a point of the grid in the middle of a cell.
  const place = (value: number): number => (value - 0.5) / (size - 1);
  return contourLosses(plane).map((loss) => ({
    loss,
    rings: lines
      .contour(heights, height(loss))
      .coordinates.flat()
      .map((ring) => ring.map(([x, y]) => [place(x), place(y)])),
  }));
}
