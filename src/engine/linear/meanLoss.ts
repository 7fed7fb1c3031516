import { losses, type LossName } from '../nn/losses';
import { forBlocks, type RowSource } from './rowSource';

/** Rows with their targets and the loss between them, in float64. */
export interface LossRows {
  source: RowSource;
  /** One column per target; of classes the one column with their numbers. */
  targets: RowSource;
  loss: LossName;
  outputs: number;
}

/** The mean of a loss over all rows, and its derivative by the parameters. */
export interface LossSlope {
  value: number;
  /** For each output, a number for each column. */
  gradient: Float64Array[];
}

/** @param parameters for each output, a number for each column. */
export function meanLoss({ source, targets, loss, outputs }: LossRows, parameters: Float64Array[]): LossSlope {
  const { columns } = source;
  const gradient = parameters.map(() => new Float64Array(columns));
  const together = Math.floor(outputs / 4) * 4;
  const width = targets.columns;
  const given = new Float64Array(outputs);
  const slopes = new Float64Array(outputs);
  const record = losses[loss];
  let sum = 0;
  forBlocks(source, (block, rows, start) => {
    const aims = new Float64Array(rows * width);
    targets.read(start, start + rows, aims, width, 1);
    for (let row = 0; row < rows; row++) {
      const at = row * columns;
      for (let output = 0; output < together; output += 4) fourProducts(block, at, parameters, output, given);
      for (let output = together; output < outputs; output++) given[output] = product(block, at, parameters[output]);
      sum += record.row(given, aims, row * width, slopes);
      for (let output = 0; output < together; output += 4) addFourRows(gradient, slopes, output, block, at);
      for (let output = together; output < outputs; output++) addRow(gradient[output], slopes[output], block, at);
    }
  });
  const count = record.count(source.rows, outputs);
  for (const values of gradient) values.forEach((value, i) => (values[i] = value / count));
  return { value: sum / count, gradient };
}

/**
 * Whether every row is on the right side, which needs targets of 0 and 1 or classes: the loss then falls towards 0 as the
 * parameters grow, and has no minimum.
 */
export function separates(rows: LossRows, parameters: Float64Array[]): boolean {
  return smallestMargin(rows, parameters) > 0;
}

/** Whether a change of the parameters changes outputs by more than 1. */
export function grows(rows: LossRows, change: Float64Array[]): boolean {
  let most = 0;
  forMargins(rows, change, (margin) => (most = Math.max(most, Number.isFinite(margin) ? Math.abs(margin) : 0)));
  return most > 1;
}

/**
 * Whether the loss keeps falling along a change of the parameters, however far they go on: some rows' outputs get better by
 * more than 1, and none gets worse but for a trace of the rest of the search.
 */
export function fallsForever(rows: LossRows, direction: Float64Array[]): boolean {
  let [least, most] = [Infinity, 0];
  forMargins(rows, direction, (margin) => {
    least = Math.min(least, margin);
    most = Math.max(most, margin);
  });
  return most > 1 && least >= -1e-2 * most;
}

function smallestMargin(rows: LossRows, parameters: Float64Array[]): number {
  let least = Infinity;
  forMargins(rows, parameters, (margin) => (least = Math.min(least, margin)));
  return least;
}

/** How far each row is on the right side; -Infinity for targets between the sides. */
function forMargins(rows: LossRows, parameters: Float64Array[], visit: (margin: number) => void): void {
  const { source, targets, loss, outputs } = rows;
  const width = targets.columns;
  const given = new Float64Array(outputs);
  const isClass = losses[loss].targets === 'classes';
  forBlocks(source, (block, count, start) => {
    const aims = new Float64Array(count * width);
    targets.read(start, start + count, aims, width, 1);
    for (let row = 0; row < count; row++) {
      const [at, aim] = [row * source.columns, aims[row * width]];
      for (let output = 0; output < outputs; output++) given[output] = product(block, at, parameters[output]);
      if (isClass) {
        const rival = given.reduce((best, value, i) => (i === aim ? best : Math.max(best, value)), -Infinity);
        visit(given[aim] - rival);
      } else {
        const sides = aims.subarray(row * width);
        given.forEach((value, i) => visit(sides[i] === 1 ? value : sides[i] === 0 ? -value : -Infinity));
      }
    }
  });
}

function product(block: Float64Array, at: number, parameters: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < parameters.length; i++) sum += block[at + i] * parameters[i];
  return sum;
}

function addRow(to: Float64Array, factor: number, block: Float64Array, at: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * block[at + i];
}

/** Four products at once: sums that do not wait for each other, and a number of the row that is read serves all of them. */
function fourProducts(
  block: Float64Array,
  at: number,
  parameters: Float64Array[],
  output: number,
  given: Float64Array,
): void {
  const a = parameters[output];
  const b = parameters[output + 1];
  const c = parameters[output + 2];
  const d = parameters[output + 3];
  let p = 0;
  let q = 0;
  let r = 0;
  let s = 0;
  for (let i = 0; i < a.length; i++) {
    const value = block[at + i];
    p += value * a[i];
    q += value * b[i];
    r += value * c[i];
    s += value * d[i];
  }
  given[output] = p;
  given[output + 1] = q;
  given[output + 2] = r;
  given[output + 3] = s;
}

function addFourRows(to: Float64Array[], factors: Float64Array, output: number, block: Float64Array, at: number): void {
  const a = to[output];
  const b = to[output + 1];
  const c = to[output + 2];
  const d = to[output + 3];
  const p = factors[output];
  const q = factors[output + 1];
  const r = factors[output + 2];
  const s = factors[output + 3];
  for (let i = 0; i < a.length; i++) {
    const value = block[at + i];
    a[i] += p * value;
    b[i] += q * value;
    c[i] += r * value;
    d[i] += s * value;
  }
}
