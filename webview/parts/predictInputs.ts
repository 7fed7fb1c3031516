import { linked } from '../../src/engine/nn/links';
import { losses } from '../../src/engine/nn/losses';
import type { Numbers } from '../../src/engine/numbers';
import { predictRows } from '../../src/engine/nn/predictRows';
import { outputNames, toPredictions } from '../../src/protocol/outputs';
import type { RunShape } from '../../src/protocol/protocol';

/**
 * What a model makes of some inputs: predictions in the targets' own units, or the probability of each class.
 * @param own in the columns' own units, `rows × ownInputs(shape)` row-major: products of inputs are made here.
 * @returns `rows × outputs`, row-major.
 */
export function predictInputs(shape: RunShape, parameters: Float32Array, own: Float64Array): Float64Array {
  const inputs = withProducts(shape, own);
  const { scaling, model, loss } = shape;
  const rows = Uint32Array.from({ length: inputs.length / shape.inputNames.length }, (_, row) => row);
  const outputs = predictRows(model.layers, parameters, scaledInputs(shape, inputs), rows);
  const { link } = losses[loss];
  if (link !== 'identity') return linked(link, outputs, outputs.length / rows.length);
  const numbers = Float64Array.from(outputs);
  return scaling
    ? Float64Array.from(toPredictions(numbers, loss, outputNames(shape).length, scaling.targets))
    : numbers;
}

/** How many inputs of a run are not products of others; they come first. */
export function ownInputs({ inputNames, products = [] }: RunShape): number {
  return inputNames.length - products.length;
}

/** Rows of inputs with the products that a model takes of them, `rows × inputs` row-major. */
export function withProducts(shape: RunShape, own: Float64Array): Float64Array {
  const { products, inputNames } = shape;
  if (!products) return own;
  const [before, width] = [ownInputs(shape), inputNames.length];
  const inputs = new Float64Array((own.length / before) * width);
  for (let from = 0, at = 0; from < own.length; from += before, at += width) {
    inputs.set(own.subarray(from, from + before), at);
    products.forEach((factors, i) => {
      inputs[at + before + i] = factors.reduce((product, place) => product * own[from + place], 1);
    });
  }
  return inputs;
}

/** Inputs in the columns' own units as the model takes them, `rows × inputs` row-major. */
export function scaledInputs({ scaling, inputNames }: RunShape, inputs: Numbers): Float32Array {
  return Float32Array.from(inputs, (value, i) => {
    const column = i % inputNames.length;
    return scaling ? (value - scaling.inputs.offset[column]) / scaling.inputs.scale[column] : value;
  });
}
