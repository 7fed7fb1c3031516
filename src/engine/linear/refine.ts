import { independentColumns, type IndependentColumns } from './independentColumns';
import { TableRows, type RowSource } from './rowSource';
import { triangularFactor } from './triangularFactor';

/** A least squares problem with its decomposition. */
interface Decomposed {
  source: RowSource;
  targets: RowSource;
  scale: Float64Array;
  independent: IndependentColumns;
  order: number[];
  tolerance: number;
}

const mostRounds = 6;

/**
 * Björck's iterative refinement, in place: solves for what is missing in `r + A x = y` and `Aᵀ r = 0` together, with both
 * residuals in twice the precision. It takes the rounding errors of the decomposition off the parameters, which are those
 * of the basis columns, the others 0.
 */
export function refine(problem: Decomposed, parameters: Float64Array[]): void {
  const matrix = readAll(problem.source);
  const targetValues = readAll(problem.targets);
  const { columns, rows } = problem.source;
  const left = parameters.map((x, target) => residual(matrix, columns, targetValues, parameters.length, target, x));
  let lastSize = Infinity;
  for (let round = 0; round < mostRounds; round++) {
    const gaps = parameters.map((x, target) => {
      return residual(matrix, columns, targetValues, parameters.length, target, x, left[target]);
    });
    const changes = corrections(
      problem,
      gaps,
      left.map((r) => slopes(matrix, columns, r)),
    );
    const size = relativeSize(changes, parameters);
    // Past this, rounding leads.
    if (!(size < lastSize / 2)) return;
    lastSize = size;
    parameters.forEach((x, target) => {
      const change = changes[target];
      for (let column = 0; column < columns; column++) x[column] += change[column];
      for (let row = 0; row < rows; row++) {
        let moved = 0;
        for (let column = 0; column < columns; column++) moved += matrix[row * columns + column] * change[column];
        left[target][row] += gaps[target][row] - moved;
      }
    });
  }
}

/** The changes of the parameters that both kinds of residuals ask for. */
function corrections(problem: Decomposed, gaps: Float64Array[], wrongSlopes: Float64Array[]): Float64Array[] {
  const { source, scale, order, tolerance } = problem;
  const values = new Float64Array(source.rows * gaps.length);
  gaps.forEach((gap, target) => gap.forEach((value, row) => (values[row * gaps.length + target] = value)));
  const rows = Uint32Array.from({ length: source.rows }, (_, row) => row);
  const factor = triangularFactor(source, new TableRows({ values, width: gaps.length, rows }), scale);
  const { basis, rotated, solve, solveTransposed } = independentColumns(factor, order, tolerance);
  return rotated.map((turned, target) => {
    const slope = Float64Array.from(basis, (column) => -wrongSlopes[target][column] / scale[column]);
    const shift = solveTransposed(slope);
    const change = new Float64Array(source.columns);
    const right = turned.subarray(0, basis.length).map((value, i) => value - shift[i]);
    solve(right).forEach((value, i) => (change[basis[i]] = value / scale[basis[i]]));
    return change;
  });
}

function relativeSize(changes: Float64Array[], parameters: Float64Array[]): number {
  let size = 0;
  changes.forEach((change, target) =>
    change.forEach((value, i) => {
      if (value !== 0) size = Math.max(size, Math.abs(value / parameters[target][i]));
    }),
  );
  return size;
}

function readAll(source: RowSource): Float64Array {
  const values = new Float64Array(source.rows * source.columns);
  source.read(0, source.rows, values, source.columns, 1);
  return values;
}

/** `y - A x`, or `y - r - A x`, rounded once. */
function residual(
  matrix: Float64Array,
  columns: number,
  targetValues: Float64Array,
  targets: number,
  target: number,
  x: Float64Array,
  left?: Float64Array,
): Float64Array {
  const sum = new DoubledSum();
  return Float64Array.from({ length: matrix.length / columns }, (_, row) => {
    sum.start(targetValues[row * targets + target]);
    if (left) sum.add(-left[row], 1);
    for (let column = 0; column < columns; column++) sum.add(-matrix[row * columns + column], x[column]);
    return sum.value;
  });
}

/** `Aᵀ r`, rounded once. */
function slopes(matrix: Float64Array, columns: number, left: Float64Array): Float64Array {
  const sum = new DoubledSum();
  return Float64Array.from({ length: columns }, (_, column) => {
    sum.start(0);
    for (let row = 0; row < left.length; row++) sum.add(matrix[row * columns + column], left[row]);
    return sum.value;
  });
}

/** A sum of products as if it were made in twice the precision: the errors of each operation are summed beside it. */
class DoubledSum {
  private sum = 0;
  private error = 0;

  get value(): number {
    return this.sum + this.error;
  }

  start(value: number): void {
    this.sum = value;
    this.error = 0;
  }

  add(a: number, b: number): void {
    const product = a * b;
    const [aHigh, bHigh] = [highHalf(a), highHalf(b)];
    const [aLow, bLow] = [a - aHigh, b - bHigh];
    const productError = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
    const total = this.sum + product;
    const back = total - this.sum;
    this.error += this.sum - (total - back) + (product - back) + productError;
    this.sum = total;
  }
}

/** The first 26 bits, after Veltkamp. */
function highHalf(value: number): number {
  const shifted = 134217729 * value;
  return shifted - (shifted - value);
}
