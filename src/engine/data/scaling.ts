import type { ExactColumns } from '../dataset';
import type { Numbers } from '../numbers';

/** How columns are scaled: `scaled = (value - offset) / scale`, a number of each per column. */
export interface Scaling {
  offset: Float64Array;
  scale: Float64Array;
}

/** `standard`: to mean 0 and population standard deviation 1. `minmax`: to 0 … 1. */
export type ScalingRule = 'none' | 'standard' | 'minmax';

/** A scaling that changes nothing. */
export function identityScaling(width: number): Scaling {
  return { offset: new Float64Array(width), scale: new Float64Array(width).fill(1) };
}

/**
 * Fits a scaling to some rows of a table, as scikit-learn's StandardScaler and MinMaxScaler do.
 * A column that is constant on these rows is scaled by 1.
 * @param values `… × width`, row-major.
 * @param exact columns to take in double precision instead.
 */
export function fitScaling(
  rule: ScalingRule,
  values: Float32Array,
  width: number,
  rows: Uint32Array,
  exact?: ExactColumns,
): Scaling {
  if (rule === 'none') return identityScaling(width);
  const spread = rule === 'standard' ? meanAndDeviation : minimumAndRange;
  const { offset, scale } = spread(values, width, rows);
  exact?.forEach((numbers, column) => {
    const own = spread(numbers, 1, rows);
    offset[column] = own.offset[0];
    scale[column] = own.scale[0];
  });
  return { offset, scale: scale.map((size) => (size > 0 ? size : 1)) };
}

/**
 * The table scaled, and only then rounded to float32.
 * @param exact as for `fitScaling`.
 * @param scaled where it is put.
 */
export function applyScaling(
  { offset, scale }: Scaling,
  values: Float32Array,
  exact?: ExactColumns,
  scaled: Float32Array = new Float32Array(values.length),
): Float32Array {
  const width = offset.length;
  for (let row = 0; row < values.length; row += width) {
    for (let i = 0; i < width; i++) scaled[row + i] = (values[row + i] - offset[i]) / scale[i];
  }
  exact?.forEach((numbers, column) => {
    for (let row = 0, at = column; row < numbers.length; row++, at += width) {
      scaled[at] = (numbers[row] - offset[column]) / scale[column];
    }
  });
  return scaled;
}

/** Scaled numbers back in the columns' own units, in place. */
export function undoScaling<N extends Numbers>({ offset, scale }: Scaling, scaled: N): N {
  const width = offset.length;
  for (let i = 0; i < scaled.length; i++) scaled[i] = scaled[i] * scale[i % width] + offset[i % width];
  return scaled;
}

/**
 * Parameters of a linear model on scaled inputs and targets, as they would be on the columns' own units: weight
 * `outputs × inputs` row-major, then a bias for each output, also where the model has none.
 */
export function unscaleParameters(parameters: ArrayLike<number>, inputs: Scaling, outputs: Scaling): Float64Array {
  const [inFeatures, outFeatures] = [inputs.scale.length, outputs.scale.length];
  const weights = inFeatures * outFeatures;
  const result = new Float64Array(weights + outFeatures);
  for (let output = 0; output < outFeatures; output++) {
    const bias = weights + output < parameters.length ? parameters[weights + output] : 0;
    let constant = bias * outputs.scale[output] + outputs.offset[output];
    for (let i = 0; i < inFeatures; i++) {
      const at = output * inFeatures + i;
      result[at] = (parameters[at] * outputs.scale[output]) / inputs.scale[i];
      constant -= result[at] * inputs.offset[i];
    }
    result[weights + output] = constant;
  }
  return result;
}

/**
 * In two passes, because the mean of squares minus the square of the mean loses digits; and from the first number on, so
 * that the mean of equal ones is that number. Row by row, as a wide table lies in memory.
 */
function meanAndDeviation(values: Numbers, width: number, rows: Uint32Array): Scaling {
  const first = Float64Array.from({ length: width }, (_, i) => values[rows[0] * width + i]);
  const offset = new Float64Array(width);
  for (const row of rows) {
    for (let i = 0, at = row * width; i < width; i++) offset[i] += values[at++] - first[i];
  }
  for (let i = 0; i < width; i++) offset[i] = first[i] + offset[i] / rows.length;
  const squares = new Float64Array(width);
  for (const row of rows) {
    for (let i = 0, at = row * width; i < width; i++) squares[i] += (values[at++] - offset[i]) ** 2;
  }
  return { offset, scale: squares.map((sum) => Math.sqrt(sum / rows.length)) };
}

function minimumAndRange(values: Numbers, width: number, rows: Uint32Array): Scaling {
  const low = new Float64Array(width).fill(Infinity);
  const high = new Float64Array(width).fill(-Infinity);
  for (const row of rows) {
    for (let i = 0, at = row * width; i < width; i++, at++) {
      low[i] = Math.min(low[i], values[at]);
      high[i] = Math.max(high[i], values[at]);
    }
  }
  return { offset: low, scale: high.map((most, i) => most - low[i]) };
}
