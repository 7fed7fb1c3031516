import { plainCoordinates, whitened, type Coordinates } from './coordinates';
import type { SolvedLeastSquares } from './leastSquares';
import { lossCurvature } from './lossCurvature';
import { leastAbsolute } from './leastAbsolute';
import { fallsForever, grows, meanLoss, separates, type LossRows } from './meanLoss';
import { minimize, type Minimum } from './minimize';
import { newtonMetric } from './newtonMetric';
import { RowPasses } from './rowPasses';
import { forBlocks, type RowSource } from './rowSource';

/** The smallest possible training loss. */
export interface Optimum {
  loss: number;
  /** False: the loss falls towards this as parameters grow for ever, so there are no best parameters. */
  isAttained: boolean;
  /** How much of the loss is its penalty; absent without one. */
  penalty?: number;
  /** For each output, a number for each column; the smallest ones where several do. */
  parameters?: Float64Array[];
}

/** Why there is no optimum to show. */
export interface NoOptimum {
  reason: string;
}

const tolerance = 1e-13;
/** Numbers of the rows that are held in memory for a linear program. */
const mostHeld = 2e7;
/** Multiplications that the search may take. */
const mostWork = 6e9;
/** Up to this many of them a look at all margins costs nothing. */
const littleWork = 1e6;
/** Parameters of all outputs for which a Hessian is worked out at most. */
const mostNewton = 600;
/** Two penalties, so small that they move only what nothing else holds. */
const tracePenalties = [1e-7, 1e-8];

/** Of mse_loss, from its least squares. */
export function squaredOptimum({ parameters, squares, scale }: SolvedLeastSquares, rows: number): Optimum {
  const loss = squares.reduce((sum, value) => sum + value, 0) / (rows * squares.length);
  return { loss, isAttained: true, parameters: parameters.map((values) => withoutRounding(values, scale)) };
}

/** The parameters with 0 for those that change outputs by less than the rounding of what others add. `scale`: the columns' sizes. */
function withoutRounding(parameters: Float64Array, scale: Float64Array): Float64Array {
  const shares = parameters.map((value, column) => Math.abs(value) * scale[column]);
  const least = shares.reduce((most, share) => Math.max(most, share), 0) * 2 ** -50;
  return parameters.map((value, column) => (shares[column] < least ? 0 : value));
}

/** Of l1_loss, as a linear program. */
export function absoluteOptimum(
  source: RowSource,
  targets: RowSource,
  solved: SolvedLeastSquares,
): Optimum | NoOptimum {
  const { rows, columns } = source;
  if (rows * columns > mostHeld) return { reason: 'the minimum of l1_loss is not looked for in so many rows' };
  const { size, parameters: unpack, gradient } = whitened(solved, rows);
  const values = new Float64Array(rows * size);
  const targetValues = solved.parameters.map(() => new Float64Array(rows));
  forBlocks(source, (block, count, start) => {
    for (let row = 0; row < count; row++) {
      values.set(gradient(block.subarray(row * columns, (row + 1) * columns)), (start + row) * size);
    }
  });
  forBlocks(targets, (block, count, start) => {
    for (let row = 0; row < count; row++)
      targetValues.forEach((aim, i) => (aim[start + row] = block[row * targetValues.length + i]));
  });
  const found = targetValues.map((aim) => leastAbsolute({ values, rows, size }, aim));
  if (found.some(({ loss, atLeast, scale }) => loss - atLeast > tolerance ** 0.5 * scale))
    return { reason: 'the minimum of l1_loss was not found in the time given' };
  const loss = found.reduce((sum, one) => sum + one.loss, 0) / found.length;
  return { loss, isAttained: true, parameters: found.map(({ point }) => unpack(point)) };
}

/** What helps a search. */
export interface SearchHelp {
  /** The least squares of the same rows. */
  solved?: SolvedLeastSquares;
  /** Some of many rows, which show about where the minimum is and how the loss bends there. */
  sample?: LossRows;
  /** For each column, what weight decay and a penalty of squares add to the second derivative. */
  decay?: Float64Array;
}

/** Of a smooth convex loss, by L-BFGS, in coordinates in which the columns' sizes and correlations do not matter. */
export function convexOptimum(rows: LossRows, help: SearchHelp): Optimum | NoOptimum {
  const { loss, source } = rows;
  const { solved, decay } = help;
  if (!loss.bend) return { reason: `${loss.name} has corners, where this search for its minimum would stop short` };
  const coordinates = solved ? whitened(solved, source.rows) : plainCoordinates(source.columns);
  const search = new Search(coordinates, rows, decay);
  const isClassified = !decay && loss.targets !== 'numbers' && !loss.hasFloor;
  const found = search.run({ ...(isClassified && { stopsApart: true }), ...warmStart(search, help.sample) });
  const parameters = search.unpack(found.point);
  // What is the same in all classes changes no probability; the smallest parameters have none of it.
  if (loss.targets === 'classes') removeMean(parameters);
  if (isClassified && separates(rows, parameters)) return { loss: 0, isAttained: false };
  if (isClassified && isUnbounded(search, found)) return { loss: found.value, isAttained: false };
  if (!found.isFound) return { reason: `the minimum of ${loss.name} was not found in the time given` };
  return { loss: decay ? meanLoss(rows, parameters).value : found.value, isAttained: true, parameters };
}

function removeMean(vectors: Float64Array[]): void {
  const mean = vectors[0].map((_, i) => vectors.reduce((sum, vector) => sum + vector[i], 0) / vectors.length);
  for (const vector of vectors) mean.forEach((value, i) => (vector[i] -= value));
}

/** Where to start a search, and how far to step, by what a few of the rows say. */
function warmStart(search: Search, sample: LossRows | undefined): Start {
  const { coordinates, decay } = search;
  if (!sample || coordinates.size * sample.outputs > mostNewton) return {};
  const found = new Search(coordinates, sample, decay).run({ stopsApart: !decay });
  // Of rows that can be told apart there is no minimum to start from.
  if (!found.isFound) return {};
  return { start: found.point, metric: newtonMetric(sample, coordinates, found.point, decay) };
}

/**
 * Whether a loss falls for ever towards what was found. If so, outputs still grew at the end of the search; and with less and
 * less of a penalty, these alone move.
 */
function isUnbounded(search: Search, { point, midway }: Minimum): boolean {
  const { rows } = search;
  if (!grows(rows, search.unpack(point.map((value, i) => value - midway[i])))) return false;
  const [more, less] = tracePenalties.map((penalty) => search.run({ start: point, penalty }));
  return fallsForever(rows, search.unpack(less.point.map((value, i) => value - more.point[i])));
}

/** How a search begins. */
interface Start {
  start?: Float64Array;
  /** About the inverse of the Hessian. */
  metric?: (vector: Float64Array) => Float64Array;
}

/** The squares of the parameters, each times what holds its column. */
export function heldSquares(parameters: Float64Array[], decay: Float64Array): number {
  return parameters.reduce((sum, values) => sum + values.reduce((all, one, j) => all + decay[j] * one * one, 0), 0);
}

/** Searches for the minimum of a mean loss, and of its weight decay, in some coordinates. */
class Search {
  readonly rows: LossRows;

  constructor(
    readonly coordinates: Coordinates,
    rows: LossRows,
    readonly decay: Float64Array | undefined,
  ) {
    this.rows = { ...rows, passes: rows.passes ?? new RowPasses(rows.source, rows.outputs) };
  }

  /** For each output, its parameters at a point. */
  unpack(point: Float64Array): Float64Array[] {
    const { size, parameters } = this.coordinates;
    return Array.from({ length: this.rows.outputs }, (_, i) => parameters(point.subarray(i * size, (i + 1) * size)));
  }

  /** `penalty`: of the coordinates. `stopsApart`: where all rows are on their right side. */
  run({ penalty = 0, stopsApart = false, ...start }: Start & { penalty?: number; stopsApart?: boolean }): Minimum {
    const { rows, coordinates, decay } = this;
    const { loss, outputs, source, targets, weights } = rows;
    const work = source.rows * source.columns * outputs;
    let asked = 0;
    const isEnough = (point: Float64Array) => {
      asked++;
      const isTurn = work <= littleWork || (asked & (asked - 1)) === 0;
      return isTurn && separates(rows, this.unpack(point));
    };
    return minimize(
      coordinates.size * outputs,
      (point) => {
        const parameters = this.unpack(point);
        const { value, gradient } = meanLoss(rows, parameters);
        const shrunk = decay
          ? gradient.map((slope, i) => slope.map((one, j) => one + decay[j] * parameters[i][j]))
          : gradient;
        const slopes = Float64Array.from(shrunk.flatMap((slope) => [...coordinates.gradient(slope)]));
        const squares = decay ? heldSquares(parameters, decay) : 0;
        const held = penalty * point.reduce((sum, one) => sum + one * one, 0);
        return {
          value: value + 0.5 * (squares + held),
          gradient: penalty > 0 ? slopes.map((one, i) => one + penalty * point[i]) : slopes,
        };
      },
      {
        curvature: lossCurvature(loss, outputs, targets, weights)!.factor,
        tolerance,
        mostEvaluations: Math.max(50, Math.min(500, mostWork / (2 * work))),
        ...(stopsApart && { isEnough }),
        ...start,
      },
    );
  }
}
