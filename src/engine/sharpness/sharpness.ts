import type { Dataset } from '../dataset';
import type { Layer } from '../nn/layers';
import type { Loss } from '../nn/losses';
import type { Penalty } from '../nn/penalty';
import { HessianProducts, type HessianRows } from './hessianProducts';
import { largestEigenvalue } from './largestEigenvalue';

/** The loss of a net over its training rows. */
export interface SharpnessParts {
  dataset: Pick<Dataset, 'inputs' | 'targets' | 'inputNames' | 'targetNames' | 'sampleWeight'>;
  trainRows: Uint32Array;
  layers: Layer[];
  loss: Loss;
  /** Part of the loss. */
  penalty?: Penalty;
}

/** Where to measure, and what to measure of the Hessian there. */
export interface MeasuredPoint {
  parameters: Float32Array;
  /** What an optimizer divides each parameter's step by: the Hessian is divided in the same way. */
  divisors?: Float64Array;
  /** Weight decay that is part of what is divided. */
  decay?: number;
}

/** Products of rows and parameters that one look at the rows may take. */
const mostWork = 2e6;
/** Rows that are looked at, where there are as many. */
const leastRows = 64;

/** Parameters that a net may have: the search keeps some vectors of them. */
export const mostParameters = 200_000;

/** Measures the sharpness of a net's loss: the largest eigenvalue of its Hessian. */
export class Sharpness {
  /** How many training rows it is measured over, taken evenly. */
  readonly rows: number;
  private readonly products: HessianProducts;
  /** What a penalty adds to each parameter's curvature. */
  private readonly held: Float64Array | undefined;
  /** The steepest direction of the last measurement. */
  private steepest: Float64Array | undefined;

  /** @param parameters how many the net has. */
  constructor({ dataset, trainRows, layers, loss, penalty }: SharpnessParts, parameters: number) {
    const rows = evenRows(trainRows, Math.max(leastRows, Math.floor(mostWork / parameters)));
    this.rows = rows.length;
    const taken: HessianRows = {
      count: rows.length,
      inputs: takeRows(dataset.inputs, dataset.inputNames.length, rows),
      targets: takeRows(dataset.targets, dataset.targetNames.length, rows),
      ...(dataset.sampleWeight && { weights: takeRows(dataset.sampleWeight.values, 1, rows) }),
    };
    this.products = new HessianProducts(layers, loss, taken);
    this.held = penalty?.curvature();
  }

  /**
   * @param turn called between two looks at the rows.
   * @returns NaN where parameters are too large for float64.
   */
  async measure({ parameters, divisors, decay = 0 }: MeasuredPoint, turn?: () => Promise<void>): Promise<number> {
    const point = Float64Array.from(parameters);
    // D^-1 H and D^-1/2 H D^-1/2 have the same eigenvalues, and the latter is symmetric.
    const scale = divisors?.map((divisor) => 1 / Math.sqrt(divisor));
    const times = (vector: Float64Array) => {
      const scaled = scale ? vector.map((value, i) => value * scale[i]) : vector;
      const product = this.products.times(point, scaled);
      this.held?.forEach((bend, i) => (product[i] += bend * scaled[i]));
      if (decay > 0) for (let i = 0; i < product.length; i++) product[i] += decay * scaled[i];
      return scale ? product.map((value, i) => value * scale[i]) : product;
    };
    if (!times(Float64Array.from(point, () => 1)).every(Number.isFinite)) return NaN;
    const { value, vector } = await largestEigenvalue({
      size: point.length,
      times,
      near: this.steepest,
      ...(turn && { turn }),
    });
    this.steepest = vector;
    return value;
  }
}

/** At most `most` rows, taken evenly. */
function evenRows(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows;
  return Uint32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]);
}

function takeRows(numbers: Float32Array, width: number, rows: Uint32Array): Float64Array {
  const taken = new Float64Array(rows.length * width);
  rows.forEach((row, i) => taken.set(numbers.subarray(row * width, (row + 1) * width), i * width));
  return taken;
}
