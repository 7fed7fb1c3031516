import { optimizers, type OptimizerChoice } from '../optim/optimizers';
import type { PlannedRates } from '../report/plannedRates';
import type { AdaptiveReach } from '../report/report';
import { removeDirections } from './leastSquares';
import { dot } from './lanczos';
import { largestEntry } from '../report/forecast';
import type { LossSlope } from './meanLoss';

/** What is known of a run before it starts; parameters are, for each output, a number for each column. */
export interface ReachParts {
  /** The loss at the start, and its slope. */
  atStart: LossSlope;
  optimizer: OptimizerChoice;
  rates: PlannedRates;
  stepsPerEpoch: number;
  initial: Float64Array[];
  /** A minimum, and the smallest loss. */
  optimum: Float64Array[];
  floor: number;
  /** Directions in which no output changes, of length 1 and at right angles. */
  kernel: Float64Array[];
}

/**
 * How far the parameters can go with an optimizer that divides its steps by the size of gradients, and how far they have to.
 * Undefined for other optimizers, and where a run starts at the minimum.
 */
export function adaptiveReach(parts: ReachParts): AdaptiveReach | undefined {
  const { initial, optimum, floor, kernel, rates, stepsPerEpoch, atStart } = parts;
  const travel = travelOf(parts);
  if (travel === undefined) return undefined;
  const { value, gradient } = atStart;
  if (!(value > floor)) return undefined;
  // The loss is convex: nowhere does it fall more steeply than at the start.
  const slope = gradient.reduce((sum, slopes) => sum + slopes.reduce((total, one) => total + Math.abs(one), 0), 0);
  const ways = optimum.map((end, output) => {
    const way = end.map((value, column) => value - initial[output][column]);
    removeDirections(way, kernel);
    return way;
  });
  const distances = ways.map((way) => farthest(way, kernel.length > 0));
  const output = largestEntry(Float64Array.from(distances));
  const epochs = rates.spans.reduce((sum, span) => sum + span.epochs, 0);
  return {
    travel,
    steps: epochs * stepsPerEpoch,
    distance: distances[output],
    parameter: largestEntry(ways[output]),
    left: 1 - (travel * slope) / (value - floor),
  };
}

/** How far a parameter goes in all steps; undefined for an optimizer whose steps may be of any length. */
function travelOf({ optimizer, rates, stepsPerEpoch, atStart }: ReachParts): number | undefined {
  // Of a union of choices the compiler does not see that name and arguments go together.
  const record = optimizers[optimizer.type] as {
    travel?(options: OptimizerChoice, steps: number, gradient: number): number;
  };
  if (!record.travel) return undefined;
  const sizes = atStart.gradient.map((slopes) => slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0));
  const gradient = Math.max(...sizes);
  let [steps, before, sum] = [0, 0, 0];
  for (const { lr, epochs } of rates.spans) {
    steps += epochs * stepsPerEpoch;
    const reached = record.travel(optimizer, steps, gradient);
    if (reached === Infinity) return undefined;
    sum += lr * (reached - before);
    before = reached;
  }
  return sum;
}

/** The least that the parameter with the longest way has to go. `isFree`: to any of many minima, at right angles to the way. */
function farthest(way: Float64Array, isFree: boolean): number {
  if (!isFree) return Math.abs(way[largestEntry(way)]);
  const sum = way.reduce((total, value) => total + Math.abs(value), 0);
  return sum === 0 ? 0 : dot(way, way) / sum;
}
