import { linked } from '../../src/engine/nn/links';
import { losses } from '../../src/engine/nn/losses';
import type { Numbers } from '../../src/engine/numbers';
import { predictRows } from '../../src/engine/nn/predictRows';
import { outputNames, toPredictions } from '../../src/protocol/outputs';
import type { RunShape } from '../../src/protocol/protocol';

/**
 * What a model makes of some inputs: predictions in the targets' own units, or the probability of each class.
 * @param inputs in the columns' own units, `rows × inputs` row-major.
 * @returns `rows × outputs`, row-major.
 */
export function predictInputs(shape: RunShape, parameters: Float32Array, inputs: Float64Array): Float64Array {
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

/** Inputs in the columns' own units as the model takes them, `rows × inputs` row-major. */
export function scaledInputs({ scaling, inputNames }: RunShape, inputs: Numbers): Float32Array {
  return Float32Array.from(inputs, (value, i) => {
    const column = i % inputNames.length;
    return scaling ? (value - scaling.inputs.offset[column]) / scaling.inputs.scale[column] : value;
  });
}
