import type { Loss } from '../nn/losses';
import { totalCount } from './lossCurvature';
import { RowPasses } from './rowPasses';
import { columnMaxima, forBlocks, type RowSource } from './rowSource';

/** Rows with their targets and the loss between them, in float64. */
export interface LossRows {
  source: RowSource;
  /** One column per target; of classes the one column with their numbers. */
  targets: RowSource;
  loss: Loss;
  outputs: number;
  /** Of the rows, by their place; absent where all count the same. */
  weights?: Float64Array;
  /** Over the source, where many are made. */
  passes?: RowPasses;
}

/** A loss over all rows, their mean unless it sums, and its derivative by the parameters. */
export interface LossSlope {
  value: number;
  /** For each output, a number for each column. */
  gradient: Float64Array[];
}

/** @param parameters for each output, a number for each column. */
export function meanLoss(
  { source, targets, loss, outputs, weights, passes = new RowPasses(source, outputs) }: LossRows,
  parameters: Float64Array[],
): LossSlope {
  const { together } = passes;
  const width = targets.columns;
  const targetValues = new Float64Array(together * width);
  const rowsOf = (all: Float64Array) =>
    Array.from({ length: together }, (_, i) => all.subarray(i * outputs, (i + 1) * outputs));
  const [givenRows, slopeRows] = [rowsOf(passes.outputs), rowsOf(passes.slopes)];
  let sum = 0;
  const gradient = passes.pass(parameters, (start, rows) => {
    targets.read(start, start + rows, targetValues, width, 1);
    for (let row = 0; row < rows; row++) {
      const own = loss.row(givenRows[row], targetValues, row * width, slopeRows[row]);
      sum += weights ? weights[start + row] * own : own;
      if (weights) for (let i = 0; i < outputs; i++) slopeRows[row][i] *= weights[start + row];
    }
  });
  const count = totalCount(loss, outputs, targets, weights);
  for (const values of gradient) values.forEach((value, i) => (values[i] = value / count));
  return { value: sum / count, gradient };
}

/**
 * Whether every row is on the right side, which needs targets of 0 and 1 or classes: the loss then falls towards 0 as the
 * parameters grow, and has no minimum.
 */
export function separates(rows: LossRows, parameters: Float64Array[]): boolean {
  let isApart = true;
  forMargins(rows, parameters, (margin) => (isApart = margin > 0));
  return isApart;
}

/** Whether a change of the parameters changes outputs by more than 1. */
export function grows(rows: LossRows, change: Float64Array[]): boolean {
  // A margin is an output, or the difference of two.
  const most = columnMaxima(rows.source);
  if (change.every((values) => values.reduce((sum, value, i) => sum + Math.abs(value) * most[i], 0) <= 0.5))
    return false;
  let isLarge = false;
  forMargins(rows, change, (margin) => {
    isLarge = Number.isFinite(margin) && Math.abs(margin) > 1;
    return !isLarge;
  });
  return isLarge;
}

/**
 * Whether the loss keeps falling along a change of the parameters, however far they go on: some rows' outputs get better by
 * more than 1, and none gets worse except for a trace of the rest of the search.
 */
export function fallsForever(rows: LossRows, direction: Float64Array[]): boolean {
  let [least, most] = [Infinity, 0];
  forMargins(rows, direction, (margin) => {
    least = Math.min(least, margin);
    most = Math.max(most, margin);
    return true;
  });
  return most > 1 && least >= -1e-2 * most;
}

/** How far each row is on the right side, until a visit returns false; -Infinity for targets between the sides. */
function forMargins(rows: LossRows, parameters: Float64Array[], visit: (margin: number) => boolean): void {
  const { source, targets, loss, outputs } = rows;
  const width = targets.columns;
  const given = new Float64Array(outputs);
  const isClass = loss.targets === 'classes';
  forBlocks(source, (block, count, start) => {
    const targetValues = new Float64Array(count * width);
    targets.read(start, start + count, targetValues, width, 1);
    for (let row = 0; row < count; row++) {
      const [at, aim] = [row * source.columns, targetValues[row * width]];
      products(block, at, parameters, given);
      if (isClass) {
        if (!visit(given[aim] - bestRival(given, aim))) return false;
      } else {
        for (let i = 0; i < outputs; i++) {
          const side = targetValues[row * width + i];
          if (!visit(side === 1 ? given[i] : side === 0 ? -given[i] : -Infinity)) return false;
        }
      }
    }
    return true;
  });
}

function bestRival(given: Float64Array, aim: number): number {
  let best = -Infinity;
  for (let i = 0; i < given.length; i++) if (i !== aim && given[i] > best) best = given[i];
  return best;
}

function product(block: Float64Array, at: number, parameters: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < parameters.length; i++) sum += block[at + i] * parameters[i];
  return sum;
}

function products(block: Float64Array, at: number, parameters: Float64Array[], given: Float64Array): void {
  for (let output = 0; output < parameters.length; output++) given[output] = product(block, at, parameters[output]);
}
