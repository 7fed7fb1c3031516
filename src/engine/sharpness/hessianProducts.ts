import { activationFunction, type ActivationFunction } from '../nn/activations';
import { widthsOf, type Layer } from '../nn/layers';
import { countOf, type Loss } from '../nn/losses';

/** The rows that a mean loss is over, in float64. */
export interface HessianRows {
  count: number;
  /** `count × inFeatures`, row-major. */
  inputs: Float64Array;
  /** `count × targetFeatures`, row-major. */
  targets: Float64Array;
  /** A number a row; absent where all rows count the same. */
  weights?: Float64Array;
}

/** A tensor pair within flat parameters. */
interface Linear {
  inFeatures: number;
  outFeatures: number;
  weightAt: number;
  /** Undefined without a bias. */
  biasAt: number | undefined;
}

type Step = Linear | ActivationFunction;

/** A number and how fast it changes as the parameters move along a vector, for each row and unit. */
interface Moving {
  value: Float64Array;
  change: Float64Array;
}

/** Rows that are passed at a time. */
const tileRows = 64;
/** A change of the outputs by which slopes of the loss are differenced. */
const nudge = 1e-5;

/**
 * Products of the Hessian of a net's mean loss with vectors, without the Hessian: everything that a forward and a backward
 * pass compute is differentiated along the vector (Pearlmutter's R-operator). Second derivatives of kinks count as 0.
 */
export class HessianProducts {
  private readonly steps: Step[];
  private readonly widths: number[];
  private readonly values: Moving[];
  private readonly slopes: [Moving, Moving];
  /** What a row's slopes are multiplied by in the mean. */
  private readonly share: number;

  constructor(
    layers: Layer[],
    private readonly loss: Loss,
    private readonly rows: HessianRows,
  ) {
    this.widths = widthsOf(layers);
    this.steps = stepsOf(layers);
    this.share = 1 / countOf(loss, rows.targets, rows.count, this.widths[this.steps.length], rows.weights);
    const most = Math.min(tileRows, rows.count);
    const moving = (width: number): Moving => ({
      value: new Float64Array(most * width),
      change: new Float64Array(most * width),
    });
    this.values = this.widths.map(moving);
    const widest = Math.max(...this.widths);
    this.slopes = [moving(widest), moving(widest)];
  }

  /** The Hessian at the parameters times a vector laid out as they are. */
  times(parameters: Float64Array, vector: Float64Array): Float64Array {
    const product = new Float64Array(vector.length);
    const { count } = this.rows;
    for (let from = 0; from < count; from += tileRows) {
      const rows = Math.min(tileRows, count - from);
      this.forward(from, rows, parameters, vector);
      this.backward(from, rows, parameters, vector, product);
    }
    return product;
  }

  private forward(from: number, rows: number, parameters: Float64Array, vector: Float64Array): void {
    const { inputs } = this.rows;
    const [width] = this.widths;
    this.values[0].value.set(inputs.subarray(from * width, (from + rows) * width));
    this.steps.forEach((step, i) => {
      const [before, after] = [this.values[i], this.values[i + 1]];
      if ('weightAt' in step) passLinear(step, { parameters, vector }, before, after, rows);
      else passActivation(step, before, after, rows * this.widths[i]);
    });
  }

  private backward(
    from: number,
    rows: number,
    parameters: Float64Array,
    vector: Float64Array,
    product: Float64Array,
  ): void {
    let [slopes, next] = this.slopes;
    this.outputSlopes(from, rows, slopes);
    for (let i = this.steps.length - 1; i >= 0; i--) {
      const step = this.steps[i];
      if ('weightAt' in step) {
        addProduct(step, this.values[i], slopes, rows, product);
        if (i > 0) returnLinear(step, { parameters, vector }, slopes, next, rows);
      } else returnActivation(step, this.values[i], this.values[i + 1].value, slopes, next, rows * this.widths[i]);
      [slopes, next] = [next, slopes];
    }
  }

  /** The derivatives of the mean loss by the outputs, and how they change. */
  private outputSlopes(from: number, rows: number, to: Moving): void {
    const { loss } = this;
    const { count, targets, weights } = this.rows;
    const width = this.widths[this.steps.length];
    const targetWidth = targets.length / count;
    const { value, change } = this.values[this.steps.length];
    const [moved, above, below] = [0, 1, 2].map(() => new Float64Array(width));
    for (let row = 0; row < rows; row++) {
      const at = row * width;
      const aim = (from + row) * targetWidth;
      const share = this.share * (weights?.[from + row] ?? 1);
      const slopesAt = (step: number, slopes: Float64Array) => {
        for (let i = 0; i < width; i++) moved[i] = value[at + i] + step * change[at + i];
        loss.row(moved, targets, aim, slopes);
      };
      const speed = change.subarray(at, at + width).reduce((most, each) => Math.max(most, Math.abs(each)), 0);
      slopesAt(0, above);
      for (let i = 0; i < width; i++) to.value[at + i] = share * above[i];
      // Without a second derivative there is only a kink, which a difference would take for a steep bend.
      const step = speed > 0 && loss.bend ? nudge / speed : 0;
      slopesAt(step, above);
      slopesAt(-step, below);
      for (let i = 0; i < width; i++) to.change[at + i] = step > 0 ? (share * (above[i] - below[i])) / (2 * step) : 0;
    }
  }
}

function stepsOf(layers: Layer[]): Step[] {
  let at = 0;
  return layers.map((layer) => {
    if (layer.type !== 'Linear') return activationFunction(layer);
    const { inFeatures, outFeatures, hasBias } = layer;
    const weightAt = at;
    at += inFeatures * outFeatures;
    const biasAt = hasBias ? at : undefined;
    if (hasBias) at += outFeatures;
    return { inFeatures, outFeatures, weightAt, biasAt };
  });
}

/** Parameters and the vector along which they move. */
interface MovingParameters {
  parameters: Float64Array;
  vector: Float64Array;
}

function passLinear(
  { inFeatures, outFeatures, weightAt, biasAt }: Linear,
  { parameters, vector }: MovingParameters,
  from: Moving,
  to: Moving,
  rows: number,
): void {
  for (let row = 0, out = 0; row < rows; row++) {
    const x = row * inFeatures;
    for (let output = 0; output < outFeatures; output++, out++) {
      const w = weightAt + output * inFeatures;
      let sum = biasAt === undefined ? 0 : parameters[biasAt + output];
      let change = biasAt === undefined ? 0 : vector[biasAt + output];
      for (let i = 0; i < inFeatures; i++) {
        sum += parameters[w + i] * from.value[x + i];
        change += parameters[w + i] * from.change[x + i] + vector[w + i] * from.value[x + i];
      }
      to.value[out] = sum;
      to.change[out] = change;
    }
  }
}

function passActivation({ value, derivative }: ActivationFunction, from: Moving, to: Moving, count: number): void {
  for (let i = 0; i < count; i++) {
    const y = value(from.value[i]);
    to.value[i] = y;
    to.change[i] = derivative(from.value[i], y) * from.change[i];
  }
}

/** Adds how the gradients of a layer change. */
function addProduct(
  { inFeatures, outFeatures, weightAt, biasAt }: Linear,
  from: Moving,
  slopes: Moving,
  rows: number,
  product: Float64Array,
): void {
  for (let row = 0, out = 0; row < rows; row++) {
    const x = row * inFeatures;
    for (let output = 0; output < outFeatures; output++, out++) {
      const w = weightAt + output * inFeatures;
      const [slope, change] = [slopes.value[out], slopes.change[out]];
      for (let i = 0; i < inFeatures; i++) product[w + i] += change * from.value[x + i] + slope * from.change[x + i];
      if (biasAt !== undefined) product[biasAt + output] += change;
    }
  }
}

function returnLinear(
  { inFeatures, outFeatures, weightAt }: Linear,
  { parameters, vector }: MovingParameters,
  slopes: Moving,
  to: Moving,
  rows: number,
): void {
  to.value.fill(0, 0, rows * inFeatures);
  to.change.fill(0, 0, rows * inFeatures);
  for (let row = 0, out = 0; row < rows; row++) {
    const x = row * inFeatures;
    for (let output = 0; output < outFeatures; output++, out++) {
      const w = weightAt + output * inFeatures;
      const [slope, change] = [slopes.value[out], slopes.change[out]];
      for (let i = 0; i < inFeatures; i++) {
        to.value[x + i] += slope * parameters[w + i];
        to.change[x + i] += change * parameters[w + i] + slope * vector[w + i];
      }
    }
  }
}

function returnActivation(
  { derivative, bend }: ActivationFunction,
  from: Moving,
  y: Float64Array,
  slopes: Moving,
  to: Moving,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const x = from.value[i];
    const slope = derivative(x, y[i]);
    to.value[i] = slope * slopes.value[i];
    to.change[i] = slope * slopes.change[i] + bend(x, y[i]) * from.change[i] * slopes.value[i];
  }
}
