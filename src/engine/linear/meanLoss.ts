import type { Loss } from '../nn/losses';
import { totalCount } from './lossCurvature';
import { forBlocks, type RowSource } from './rowSource';

/** Rows with their targets and the loss between them, in float64. */
export interface LossRows {
  source: RowSource;
  /** One column per target; of classes the one column with their numbers. */
  targets: RowSource;
  loss: Loss;
  outputs: number;
}

/** A loss over all rows, their mean unless it sums, and its derivative by the parameters. */
export interface LossSlope {
  value: number;
  /** For each output, a number for each column. */
  gradient: Float64Array[];
}

/** Rows that are looked at together: sums that do not wait for each other. */
const together = 4;

/** @param parameters for each output, a number for each column. */
export function meanLoss({ source, targets, loss, outputs }: LossRows, parameters: Float64Array[]): LossSlope {
  const { columns } = source;
  const gradient = parameters.map(() => new Float64Array(columns));
  const width = targets.columns;
  const given = new Float64Array(together * outputs);
  const slopes = new Float64Array(together * outputs);
  const rowsOf = (all: Float64Array) =>
    Array.from({ length: together }, (_, i) => all.subarray(i * outputs, (i + 1) * outputs));
  const [givenRows, slopeRows] = [rowsOf(given), rowsOf(slopes)];
  let sum = 0;
  forBlocks(source, (block, rows, start) => {
    const aims = new Float64Array(rows * width);
    targets.read(start, start + rows, aims, width, 1);
    for (let row = 0; row < rows; row += together) {
      const at = row * columns;
      const count = Math.min(together, rows - row);
      if (count === together) fourRowsProducts(block, at, parameters, given);
      else for (let i = 0; i < count; i++) products(block, at + i * columns, parameters, givenRows[i]);
      for (let i = 0; i < count; i++) sum += loss.row(givenRows[i], aims, (row + i) * width, slopeRows[i]);
      for (let output = 0; output < outputs; output++) {
        if (count === together) addFourRows(gradient[output], slopes, output, outputs, block, at);
        else for (let i = 0; i < count; i++) addRow(gradient[output], slopeRows[i][output], block, at + i * columns);
      }
    }
  });
  const count = totalCount(loss, outputs, targets);
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
  let isLarge = false;
  forMargins(rows, change, (margin) => {
    isLarge = Number.isFinite(margin) && Math.abs(margin) > 1;
    return !isLarge;
  });
  return isLarge;
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
    const aims = new Float64Array(count * width);
    targets.read(start, start + count, aims, width, 1);
    for (let row = 0; row < count; row++) {
      const [at, aim] = [row * source.columns, aims[row * width]];
      products(block, at, parameters, given);
      if (isClass) {
        if (!visit(given[aim] - bestRival(given, aim))) return false;
      } else {
        for (let i = 0; i < outputs; i++) {
          const side = aims[row * width + i];
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

function addRow(to: Float64Array, factor: number, block: Float64Array, at: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * block[at + i];
}

function products(block: Float64Array, at: number, parameters: Float64Array[], given: Float64Array): void {
  for (let output = 0; output < parameters.length; output++) given[output] = product(block, at, parameters[output]);
}

/** Of four rows the products for all outputs, two of these at a time: a number that is read serves all that need it. */
function fourRowsProducts(block: Float64Array, at: number, parameters: Float64Array[], given: Float64Array): void {
  const outputs = parameters.length;
  for (let output = 0; output + 1 < outputs; output += 2) eightProducts(block, at, parameters, output, given);
  if (outputs % 2 === 1) fourProducts(block, at, parameters[outputs - 1], given, outputs);
}

function eightProducts(
  block: Float64Array,
  at: number,
  parameters: Float64Array[],
  output: number,
  given: Float64Array,
): void {
  const v = parameters[output];
  const w = parameters[output + 1];
  const { length } = v;
  const [b, c, d] = [at + length, at + 2 * length, at + 3 * length];
  let [p, q, r, s, t, u, x, y] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const vi = v[i];
    const wi = w[i];
    const a0 = block[at + i];
    const b0 = block[b + i];
    const c0 = block[c + i];
    const d0 = block[d + i];
    p += a0 * vi;
    q += b0 * vi;
    r += c0 * vi;
    s += d0 * vi;
    t += a0 * wi;
    u += b0 * wi;
    x += c0 * wi;
    y += d0 * wi;
  }
  const outputs = parameters.length;
  given[output] = p;
  given[outputs + output] = q;
  given[2 * outputs + output] = r;
  given[3 * outputs + output] = s;
  given[output + 1] = t;
  given[outputs + output + 1] = u;
  given[2 * outputs + output + 1] = x;
  given[3 * outputs + output + 1] = y;
}

/** Of the last output. */
function fourProducts(block: Float64Array, at: number, v: Float64Array, given: Float64Array, outputs: number): void {
  const { length } = v;
  const [b, c, d] = [at + length, at + 2 * length, at + 3 * length];
  let [p, q, r, s] = [0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const vi = v[i];
    p += block[at + i] * vi;
    q += block[b + i] * vi;
    r += block[c + i] * vi;
    s += block[d + i] * vi;
  }
  given[outputs - 1] = p;
  given[2 * outputs - 1] = q;
  given[3 * outputs - 1] = r;
  given[4 * outputs - 1] = s;
}

/** Adds four rows, each times its slope by one output. */
function addFourRows(
  to: Float64Array,
  slopes: Float64Array,
  output: number,
  outputs: number,
  block: Float64Array,
  at: number,
): void {
  const { length } = to;
  const [b, c, d] = [at + length, at + 2 * length, at + 3 * length];
  const p = slopes[output];
  const q = slopes[outputs + output];
  const r = slopes[2 * outputs + output];
  const s = slopes[3 * outputs + output];
  for (let i = 0; i < length; i++) to[i] += p * block[at + i] + q * block[b + i] + r * block[c + i] + s * block[d + i];
}
