const { fround, max, min, abs } = Math;

/** The loss at a distance along a direction. */
export interface LinePoint {
  /** The distance, in lengths of the direction. */
  t: number;
  loss: number;
  gradients: Float32Array;
  /** How the loss changes along the direction. */
  slope: number;
}

/** Works out the loss at a distance. */
export type Probe = (t: number) => Generator<void, LinePoint, number>;

const mostProbes = 25;
/** Shares of the first slope by which the loss has to fall, and below which the slope has to come. */
const [falls, flattens] = [1e-4, 0.9];

/**
 * The line search of PyTorch's LBFGS, in its order of operations: a distance where the loss has fallen and the slope has
 * flattened enough (the strong Wolfe conditions).
 * @param start the point at distance 0.
 * @param first the first distance to try.
 * @param longest the largest size of the direction's numbers.
 * @returns the point, and how often the loss was worked out.
 */
export function* strongWolfe(
  probe: Probe,
  start: LinePoint,
  first: number,
  longest: number,
  tolerance: number,
): Generator<void, { point: LinePoint; probes: number }, number> {
  const isTooHigh = ({ loss, t }: LinePoint) => loss > fround(start.loss + fround(falls * t * start.slope));
  const isFlat = ({ slope }: LinePoint) => abs(slope) <= -flattens * start.slope;
  let before = start;
  let point = yield* probe(first);
  let probes = 0;
  for (; probes < mostProbes; probes++) {
    if (isTooHigh(point) || (probes > 1 && point.loss >= before.loss)) break;
    if (isFlat(point)) return { point, probes: probes + 1 };
    if (point.slope >= 0) break;
    const range = [point.t + 0.01 * (point.t - before.t), point.t * 10] as const;
    const next = interpolate(before, point, range);
    before = point;
    point = yield* probe(next);
  }
  const bracket: [LinePoint, LinePoint] = [probes === mostProbes ? start : before, point];
  // One probe more than there were turns.
  let evaluations = probes + 1;
  let isStuck = false;
  let low = lowerOf(bracket);
  for (; probes < mostProbes; probes++) {
    if (abs(bracket[1].t - bracket[0].t) * longest < tolerance) break;
    const ends = [bracket[0].t, bracket[1].t];
    const [least, most] = [min(...ends), max(...ends)];
    let t = interpolate(bracket[0], bracket[1], [least, most]);
    const margin = 0.1 * (most - least);
    if (min(most - t, t - least) < margin) {
      // Close to an end for the second time, or at it.
      const isMoved: boolean = isStuck || t >= most || t <= least;
      if (isMoved) t = abs(t - most) < abs(t - least) ? most - margin : least + margin;
      isStuck = !isMoved;
    } else isStuck = false;
    point = yield* probe(t);
    evaluations++;
    if (isTooHigh(point) || point.loss >= bracket[low].loss) {
      bracket[1 - low] = point;
      low = lowerOf(bracket);
      continue;
    }
    const isDone = isFlat(point);
    if (!isDone && point.slope * (bracket[1 - low].t - bracket[low].t) >= 0) bracket[1 - low] = bracket[low];
    bracket[low] = point;
    if (isDone) break;
  }
  return { point: bracket[low], probes: evaluations };
}

function lowerOf([first, second]: [LinePoint, LinePoint]): 0 | 1 {
  return first.loss <= second.loss ? 0 : 1;
}

/** Where the cubic through two points has its minimum, within a range. */
function interpolate(a: LinePoint, b: LinePoint, [from, to]: readonly [number, number]): number {
  const [first, second] = a.t <= b.t ? [a, b] : [b, a];
  const bend = fround(fround(a.slope + b.slope) - fround((3 * (a.loss - b.loss)) / (a.t - b.t)));
  const square = fround(fround(bend * bend) - fround(a.slope * b.slope));
  if (!(square >= 0)) return (from + to) / 2;
  const root = fround(Math.sqrt(square));
  const share = fround(
    fround(fround(second.slope + root) - bend) / fround(fround(second.slope - first.slope) + 2 * root),
  );
  const t = fround(second.t - fround((second.t - first.t) * share));
  return min(max(t, from), to);
}
