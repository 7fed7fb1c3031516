import { leastSquares } from '../linear/leastSquares';
import type { Explained } from '../report/dataReport';

/** Inputs of which all squares and products are tried. */
const mostSquared = 12;
/** Rows that are left for each parameter, at least, where a fit is to say something. */
const leastRowsEach = 3;
/** Rows whose neighbours are looked for, and how many neighbours. */
const mostNeighboured = 500;
const neighbours = 5;
const leastNeighboured = 40;
/** What their distances may cost. */
const mostSubtractions = 1e8;

/** Rows as `standardRows` makes them. */
export interface StandardRows {
  rows: number;
  inputs: Float64Array;
  width: number;
  targets: Float64Array;
  outputs: number;
}

/** How much of the targets' variance linear models, squares and neighbours explain. */
export function explainedBy(data: StandardRows): Explained {
  const { rows, inputs, width } = data;
  const linear = hasSpareRows(data) ? adjusted(data, inputs, width) : undefined;
  const wide = width + (width * (width + 1)) / 2;
  const canSquare = width <= mostSquared && rows >= leastRowsEach * (wide + 1);
  return {
    ...(linear !== undefined && { linear }),
    ...(canSquare && { squares: adjusted(data, withSquares(inputs, width, rows), wide) }),
    ...(rows >= leastNeighboured && { neighbours: byNeighbours(data) }),
  };
}

/** R² of the best linear model of some columns, as it is. */
export function rawR2({ rows, targets, outputs }: StandardRows, inputs: Float64Array, width: number): number {
  return 1 - fit(inputs, width, targets, outputs).squares / sumOfSquares(targets, rows, outputs);
}

/** Whether rows suffice for a linear model of all inputs to leave anything unexplained. */
export function hasSpareRows({ rows, inputs, width }: StandardRows): boolean {
  let varied = 0;
  for (let column = 0; column < width; column++) {
    let at = column;
    while (at < inputs.length && inputs[at] === 0) at += width;
    if (at < inputs.length) varied++;
  }
  return rows > varied + 1;
}

function adjusted({ rows, targets, outputs }: StandardRows, inputs: Float64Array, width: number): number {
  const { squares, rank } = fit(inputs, width, targets, outputs);
  const free = rows - rank;
  if (free <= 0) return 0;
  return 1 - ((squares / sumOfSquares(targets, rows, outputs)) * (rows - 1)) / free;
}

function fit(inputs: Float64Array, width: number, targets: Float64Array, outputs: number) {
  const { squares, rank } = leastSquares(inputs, targets, {
    columns: width,
    targets: outputs,
    tolerance: 1e-9,
    isRough: true,
  });
  return { squares: squares.reduce((sum, value) => sum + value, 0), rank };
}

/** About the means. */
function sumOfSquares(targets: Float64Array, rows: number, outputs: number): number {
  let sum = 0;
  for (let output = 0; output < outputs; output++) {
    let mean = 0;
    for (let row = 0; row < rows; row++) mean += targets[row * outputs + output] / rows;
    for (let row = 0; row < rows; row++) sum += (targets[row * outputs + output] - mean) ** 2;
  }
  return sum;
}

function withSquares(inputs: Float64Array, width: number, rows: number): Float64Array {
  const wide = width + (width * (width + 1)) / 2;
  const result = new Float64Array(rows * wide);
  for (let row = 0; row < rows; row++) {
    const own = inputs.subarray(row * width, (row + 1) * width);
    result.set(own, row * wide);
    let at = row * wide + width;
    for (let a = 0; a < width; a++) for (let b = a; b < width; b++) result[at++] = own[a] * own[b];
  }
  return result;
}

/** R² of predicting each row by the mean of the rows nearest to it. */
function byNeighbours({ rows, inputs, width, targets, outputs }: StandardRows): number {
  const most = Math.max(leastNeighboured, Math.floor(Math.sqrt(mostSubtractions / width)));
  const count = Math.min(rows, mostNeighboured, most);
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
  const distances = distancesOf(inputs, width, chosen);
  let squares = 0;
  let total = 0;
  const means = Array.from(
    { length: outputs },
    (_, output) => chosen.reduce((sum, row) => sum + targets[row * outputs + output], 0) / count,
  );
  chosen.forEach((row, at) => {
    const own = distances.subarray(at * count, (at + 1) * count);
    const limit = own.slice().sort()[neighbours - 1];
    const near = chosen.filter((_, i) => own[i] <= limit);
    for (let output = 0; output < outputs; output++) {
      const mean = near.reduce((sum, other) => sum + targets[other * outputs + output], 0) / near.length;
      squares += (targets[row * outputs + output] - mean) ** 2;
      total += (targets[row * outputs + output] - means[output]) ** 2;
    }
  });
  return 1 - squares / total;
}

/** Squares of the distances of some rows from each other, row-major; infinite from a row to itself. */
function distancesOf(inputs: Float64Array, width: number, chosen: number[]): Float64Array {
  const count = chosen.length;
  const result = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    result[a * count + a] = Infinity;
    for (let b = a + 1; b < count; b++) {
      const [ownAt, otherAt] = [chosen[a] * width, chosen[b] * width];
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (inputs[ownAt + i] - inputs[otherAt + i]) ** 2;
      result[a * count + b] = result[b * count + a] = sum;
    }
  }
  return result;
}
