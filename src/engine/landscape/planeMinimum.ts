import type { PlanePoint } from '../report/lossPlane';
import type { PlaneLoss } from './planeLoss';

const mostSteps = 200;
/** Relative to the first steps, a triangle of this size is a point. */
const smallest = 1e-5;

/**
 * The lowest point of a convex loss over a plane, by the simplex method of Nelder and Mead. Undefined where it lies
 * further than `reach` times the first steps away, as it does for classes that a line divides.
 * @param steps lengths of the first steps along the axes; one for a line.
 */
export function planeMinimum({ at }: PlaneLoss, steps: readonly number[], reach: number): PlanePoint | undefined {
  const loss = ([a, b = 0]: number[]): number => at(a * steps[0], b * (steps[1] ?? 0));
  const point = (place: number[]) => ({ place, loss: loss(place) });
  const corners = [
    point(steps.map(() => 0)),
    ...steps.map((_, axis) => point(steps.map((_, i) => (i === axis ? 1 : 0)))),
  ];
  for (let step = 0; step < mostSteps; step++) {
    corners.sort((one, other) => one.loss - other.loss);
    const best = corners[0].place;
    const worst = corners[corners.length - 1];
    if (best.some((value) => Math.abs(value) > reach)) return undefined;
    if (corners.every(({ place }) => place.every((value, i) => Math.abs(value - best[i]) < smallest))) break;
    const middle = best.map(
      (_, i) => corners.slice(0, -1).reduce((sum, { place }) => sum + place[i], 0) / steps.length,
    );
    const away = (factor: number) => point(middle.map((value, i) => value + factor * (value - worst.place[i])));
    corners[corners.length - 1] = improved(corners, away);
    if (corners[corners.length - 1] === worst) {
      corners.forEach(({ place }, i) => {
        if (i > 0) corners[i] = point(place.map((value, axis) => (value + best[axis]) / 2));
      });
    }
  }
  const { place, loss: lowest } = corners.sort((one, other) => one.loss - other.loss)[0];
  return { a: place[0] * steps[0], b: (place[1] ?? 0) * (steps[1] ?? 0), loss: lowest };
}

interface Corner {
  place: number[];
  loss: number;
}

/** What takes the place of the worst corner, which is the last; that corner itself where nothing is better. */
function improved(corners: readonly Corner[], away: (factor: number) => Corner): Corner {
  const worst = corners[corners.length - 1];
  const reflected = away(1);
  if (reflected.loss < corners[0].loss) {
    const further = away(2);
    return further.loss < reflected.loss ? further : reflected;
  }
  if (reflected.loss < corners[corners.length - 2].loss) return reflected;
  const nearer = away(reflected.loss < worst.loss ? 0.5 : -0.5);
  return nearer.loss < Math.min(worst.loss, reflected.loss) ? nearer : worst;
}
