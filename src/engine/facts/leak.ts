import type { Leak } from '../report/dataReport';
import { hasSpareRows, rawR2, type StandardRows } from './explained';

/** R² from which on a column gives the target by itself. */
const given = 0.9999;
/** What all others together explain at most. */
const mostByOthers = 0.995;
/** Other inputs that vary, at least: two columns alone may be a law and its noise. */
const leastOthers = 2;
const leastRows = 20;

/**
 * An input that gives the target by itself while all others together do not. A sum in which one term is far larger
 * than the others does not count: there the others explain what that input leaves.
 */
export function leakOf(data: StandardRows): Leak | undefined {
  const { rows, inputs, width } = data;
  // Where the others are many enough to explain anything, no column stands out.
  if (rows < leastRows || !hasSpareRows(data)) return undefined;
  const columns = Array.from({ length: width }, (_, column) => column);
  const alones = columns.map((column) => r2Alone(data, column));
  if (alones.filter((alone) => alone !== undefined).length <= leastOthers) return undefined;
  for (const column of columns) {
    const alone = alones[column];
    if (alone === undefined || alone < given) continue;
    const rest = withoutColumn(inputs, width, rows, column);
    const others = rawR2(data, rest, width - 1);
    const left = 1 - rawR2(data, inputs, width);
    const isLaw = 1 - alone > 1e-9 && left < 0.1 * (1 - alone);
    if (others < mostByOthers && !isLaw) return { column, alone, others };
  }
  return undefined;
}

/** R² of one input; undefined of a constant. Inputs and targets have mean 0. */
function r2Alone({ inputs, targets, rows, width, outputs }: StandardRows, column: number): number | undefined {
  const [products, sizes] = [new Float64Array(outputs), new Float64Array(outputs)];
  let size = 0;
  for (let row = 0; row < rows; row++) {
    const x = inputs[row * width + column];
    size += x * x;
    for (let k = 0; k < outputs; k++) {
      const y = targets[row * outputs + k];
      products[k] += x * y;
      sizes[k] += y * y;
    }
  }
  if (size === 0) return undefined;
  const total = sizes.reduce((sum, one) => sum + one, 0);
  return total > 0 ? products.reduce((sum, product) => sum + product ** 2, 0) / (size * total) : 0;
}

function withoutColumn(inputs: Float64Array, width: number, rows: number, left: number): Float64Array {
  const result = new Float64Array(rows * (width - 1));
  for (let row = 0; row < rows; row++) {
    const [at, to] = [row * width, row * (width - 1)];
    result.set(inputs.subarray(at, at + left), to);
    result.set(inputs.subarray(at + left + 1, at + width), to + left);
  }
  return result;
}
