import { dot } from '../linear/lanczos';
import { countOf, type BatchLoss } from '../nn/losses';
import type { Penalty } from '../nn/penalty';
import type { PlanePoint, PlaneView } from '../report/lossPlane';
import type { PlaneFrame } from './planeFrame';
import { gatherTargets, outputsOf, weightsOf, type TrainingRows } from './trainingRows';

/** The loss over a plane. */
export interface PlaneLoss {
  /** Points along an axis that a grid should have. */
  size: number;
  at(a: number, b: number): number;
}

/** Points along an axis of a grid that costs next to nothing. Odd: the centre is one of them. */
const fineSize = 129;
const leastSize = 33;
/** Losses of one output of one row that a grid may take. */
const mostLosses = 1.1e6;

/** mse_loss over a plane that holds a minimum of it: a quadratic form about that. */
export function quadraticLoss(data: TrainingRows, { directions }: PlaneFrame, minimum: PlanePoint): PlaneLoss {
  const [u, v] = directions.map((direction) => outputsOf(data, direction));
  const scale = 1 / u.length;
  const [uu, uv, vv] = [dot(u, u) * scale, v ? dot(u, v) * scale : 0, v ? dot(v, v) * scale : 0];
  return {
    size: fineSize,
    at: (a, b) => {
      const [da, db] = [a - minimum.a, b - minimum.b];
      // Written as a sum of squares, which rounding does not make negative.
      const lean = uu > 0 ? da + (uv / uu) * db : da;
      return minimum.loss + uu * lean ** 2 + Math.max(0, vv - (uu > 0 ? uv ** 2 / uu : 0)) * db ** 2;
    },
  };
}

/** Any loss over a plane, row by row: the outputs change evenly along each direction. */
export function evaluatedLoss(
  data: TrainingRows,
  { origin, directions }: PlaneFrame,
  loss: BatchLoss,
  penalty?: Penalty,
): PlaneLoss {
  const { outFeatures, rows } = data;
  const targets = gatherTargets(data);
  const start = outputsOf(data, origin);
  const along = directions.map((direction) => outputsOf(data, direction));
  const u = along[0];
  const v = along[1] ?? new Float64Array(u.length);
  const outputs = new Float32Array(start.length);
  const weights = weightsOf(data);
  const count = countOf(loss, targets, rows.length, outFeatures, weights);
  return {
    size: Math.max(leastSize, Math.min(fineSize, Math.floor(Math.sqrt(mostLosses / start.length)))),
    at: (a, b) => {
      for (let i = 0; i < outputs.length; i++) outputs[i] = start[i] + a * u[i] + b * v[i];
      const mean = loss.sum(outputs, targets, rows.length, outFeatures, weights) / count;
      if (!penalty) return mean;
      const [first, second] = directions;
      const point = origin.map((value, i) => value + a * first[i] + b * (second?.[i] ?? 0));
      return mean + penalty.value(point);
    },
  };
}

/** The losses of a grid over a part of a plane, laid out as in `LossPlane.losses`. */
export function lossGrid({ size, at }: PlaneLoss, { a, b, halfA, halfB }: PlaneView, isLine: boolean): Float64Array {
  const rows = isLine ? 1 : size;
  const losses = new Float64Array(rows * size);
  const place = (index: number): number => (2 * index) / (size - 1) - 1;
  for (let row = 0; row < rows; row++) {
    const height = isLine ? b : b + halfB * place(row);
    for (let column = 0; column < size; column++) losses[row * size + column] = at(a + halfA * place(column), height);
  }
  return losses;
}
