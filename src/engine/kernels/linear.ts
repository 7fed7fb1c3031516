/**
 * The hot loops of a linear layer. A batch is the span `[start, end)` of `order`, which holds row numbers of `inputs`;
 * rows stay where they are. Sums are kept in float64 and rounded to float32 when they are stored.
 */

/** The arrays that a linear layer works on. */
export interface LinearArrays {
  /** `rows × inFeatures`, row-major. */
  inputs: Float32Array;
  inFeatures: number;
  outFeatures: number;
  hasBias: boolean;
}

/** Writes `x @ weight.T + bias` of a batch to `outputs`, `(end - start) × outFeatures`. */
export function linearForward(
  { inputs, inFeatures, outFeatures, hasBias }: LinearArrays,
  parameters: Float32Array,
  order: Uint32Array,
  start: number,
  end: number,
  outputs: Float32Array,
): void {
  const biasAt = inFeatures * outFeatures;
  let at = 0;
  for (let position = start; position < end; position++) {
    const row = order[position] * inFeatures;
    for (let output = 0; output < outFeatures; output++) {
      const weight = output * inFeatures;
      let sum = hasBias ? parameters[biasAt + output] : 0;
      for (let i = 0; i < inFeatures; i++) sum += inputs[row + i] * parameters[weight + i];
      outputs[at++] = sum;
    }
  }
}

/**
 * Writes the gradients of a batch, laid out as the parameters.
 * @param outputGradients derivative of the loss by each output, `(end - start) × outFeatures`.
 * @param sums room for as many float64 as there are parameters.
 */
export function linearBackward(
  { inputs, inFeatures, outFeatures, hasBias }: LinearArrays,
  order: Uint32Array,
  start: number,
  end: number,
  outputGradients: Float32Array,
  sums: Float64Array,
  gradients: Float32Array,
): void {
  const biasAt = inFeatures * outFeatures;
  sums.fill(0);
  let at = 0;
  for (let position = start; position < end; position++) {
    const row = order[position] * inFeatures;
    for (let output = 0; output < outFeatures; output++) {
      const weight = output * inFeatures;
      const gradient = outputGradients[at++];
      for (let i = 0; i < inFeatures; i++) sums[weight + i] += gradient * inputs[row + i];
      if (hasBias) sums[biasAt + output] += gradient;
    }
  }
  gradients.set(sums);
}
