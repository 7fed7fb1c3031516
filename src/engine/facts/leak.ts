import type { Leak } from '../report/dataReport';
import { rawR2, type StandardRows } from './explained';

/** R² from which on a column gives the target by itself. */
const given = 0.9999;
/** What all others together explain at most. */
const mostByOthers = 0.98;
/** Other inputs that vary, at least: two columns alone may be a law and its noise. */
const leastOthers = 2;
const leastRows = 20;

/**
 * An input that gives the target by itself while all others together do not. A sum in which one term is far larger
 * than the others does not count: there the others explain what that input leaves.
 */
export function leakOf(data: StandardRows): Leak | undefined {
  const { rows, inputs, width } = data;
  if (rows < leastRows) return undefined;
  const varies = Array.from({ length: width }, (_, column) => isVaried(data, column));
  for (let column = 0; column < width; column++) {
    const own = onlyColumns(inputs, width, rows, (i) => i === column);
    if (!varies[column] || varies.filter(Boolean).length <= leastOthers) continue;
    const alone = rawR2(data, own, 1);
    if (!(alone >= given)) continue;
    const rest = onlyColumns(inputs, width, rows, (i) => i !== column);
    const others = rawR2(data, rest, width - 1);
    const left = 1 - rawR2(data, inputs, width);
    const isLaw = 1 - alone > 1e-9 && left < 0.1 * (1 - alone);
    if (others < mostByOthers && !isLaw) return { column, alone, others };
  }
  return undefined;
}

function isVaried({ inputs, rows, width }: StandardRows, column: number): boolean {
  for (let row = 0; row < rows; row++) if (inputs[row * width + column] !== 0) return true;
  return false;
}

function onlyColumns(inputs: Float64Array, width: number, rows: number, keep: (column: number) => boolean) {
  const kept = Array.from({ length: width }, (_, column) => column).filter(keep);
  const result = new Float64Array(rows * kept.length);
  for (let row = 0; row < rows; row++) {
    kept.forEach((column, i) => (result[row * kept.length + i] = inputs[row * width + column]));
  }
  return result;
}
