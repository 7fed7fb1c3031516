import { activationFunction, type ActivationFunction } from './activations';
import { widthsOf, type Layer } from './layers';

/** A linear layer within the flat parameters. */
interface Linear {
  inFeatures: number;
  outFeatures: number;
  weightAt: number;
  /** Undefined without a bias. */
  biasAt: number | undefined;
}

type Step = { linear: Linear } | { activation: ActivationFunction };

/**
 * Forward and backward through layers for a few rows at a time: sums in float64, what passes from layer to layer in float32.
 * The readable definition of what a net computes.
 */
export class LayerPasses {
  /** What each layer passed on in the last `forward`, `rows × width` row-major, the inputs first. Fill `values[0]` before it. */
  readonly values: Float32Array[];
  private readonly steps: Step[];
  private readonly widths: number[];
  /** The loss's derivatives by what two neighbouring layers pass on. */
  private readonly slopes: [Float32Array, Float32Array];

  /** @param mostRows rows that are passed at a time at most. */
  constructor(layers: Layer[], mostRows: number) {
    this.widths = widthsOf(layers);
    this.values = this.widths.map((width) => new Float32Array(mostRows * width));
    const most = mostRows * Math.max(...this.widths);
    this.slopes = [new Float32Array(most), new Float32Array(most)];
    let at = 0;
    this.steps = layers.map((layer) => {
      if (layer.type !== 'Linear') return { activation: activationFunction(layer) };
      const { inFeatures, outFeatures, hasBias } = layer;
      const weightAt = at;
      const biasAt = hasBias ? at + inFeatures * outFeatures : undefined;
      at += inFeatures * outFeatures + (hasBias ? outFeatures : 0);
      return { linear: { inFeatures, outFeatures, weightAt, biasAt } };
    });
  }

  /** Passes the rows in `values[0]` through all layers and returns the outputs, `rows × outFeatures`. */
  forward(rows: number, parameters: Float32Array): Float32Array {
    this.steps.forEach((step, i) => {
      const [from, to] = [this.values[i], this.values[i + 1]];
      if ('linear' in step) forwardLinear(step.linear, parameters, from, to, rows);
      else forwardActivation(step.activation, from, to, rows * this.widths[i]);
    });
    return this.values[this.steps.length];
  }

  /**
   * Adds the gradients that the rows of the last `forward` give.
   * @param outputSlopes derivative of the loss by each output.
   * @param sums laid out as the parameters.
   * @param kept where given, is filled with the derivative of the loss by what each layer passed on, laid out as `values`.
   */
  backward(
    rows: number,
    parameters: Float32Array,
    outputSlopes: Float32Array,
    sums: Float64Array,
    kept?: readonly Float32Array[],
  ): void {
    let [current, next] = this.slopes;
    current.set(outputSlopes.subarray(0, rows * this.widths[this.steps.length]));
    for (let i = this.steps.length - 1; i >= 0; i--) {
      const step = this.steps[i];
      const [from, to] = [this.values[i], this.values[i + 1]];
      kept?.[i + 1].set(current.subarray(0, rows * this.widths[i + 1]));
      if ('linear' in step) {
        addGradients(step.linear, from, current, rows, sums);
        if (i > 0) backwardLinear(step.linear, parameters, current, next, rows);
      } else {
        backwardActivation(step.activation, { from, to }, current, next, rows * this.widths[i]);
      }
      [current, next] = [next, current];
    }
  }
}

function forwardLinear(
  { inFeatures, outFeatures, weightAt, biasAt }: Linear,
  parameters: Float32Array,
  from: Float32Array,
  to: Float32Array,
  rows: number,
): void {
  for (let row = 0, out = 0; row < rows; row++) {
    const x = row * inFeatures;
    for (let output = 0; output < outFeatures; output++, out++) {
      const w = weightAt + output * inFeatures;
      let sum = biasAt === undefined ? 0 : parameters[biasAt + output];
      for (let i = 0; i < inFeatures; i++) sum += from[x + i] * parameters[w + i];
      to[out] = sum;
    }
  }
}

function forwardActivation({ value }: ActivationFunction, from: Float32Array, to: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) to[i] = value(from[i]);
}

function addGradients(
  { inFeatures, outFeatures, weightAt, biasAt }: Linear,
  from: Float32Array,
  slopes: Float32Array,
  rows: number,
  sums: Float64Array,
): void {
  for (let row = 0, out = 0; row < rows; row++) {
    const x = row * inFeatures;
    for (let output = 0; output < outFeatures; output++, out++) {
      const slope = slopes[out];
      // Dead and satisfied units; what they would be multiplied by is finite, or the loss would not be.
      if (slope === 0) continue;
      const w = weightAt + output * inFeatures;
      for (let i = 0; i < inFeatures; i++) sums[w + i] += slope * from[x + i];
      if (biasAt !== undefined) sums[biasAt + output] += slope;
    }
  }
}

function backwardLinear(
  { inFeatures, outFeatures, weightAt }: Linear,
  parameters: Float32Array,
  slopes: Float32Array,
  result: Float32Array,
  rows: number,
): void {
  const sums = new Float64Array(inFeatures);
  for (let row = 0, out = 0; row < rows; row++) {
    sums.fill(0);
    for (let output = 0; output < outFeatures; output++, out++) {
      const slope = slopes[out];
      if (slope === 0) continue;
      const w = weightAt + output * inFeatures;
      for (let i = 0; i < inFeatures; i++) sums[i] += slope * parameters[w + i];
    }
    result.set(sums, row * inFeatures);
  }
}

function backwardActivation(
  { derivative }: ActivationFunction,
  { from, to }: { from: Float32Array; to: Float32Array },
  slopes: Float32Array,
  result: Float32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) result[i] = slopes[i] === 0 ? 0 : slopes[i] * derivative(from[i], to[i]);
}
