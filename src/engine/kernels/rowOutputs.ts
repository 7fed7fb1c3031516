import { onlyLinear, widthsOf, type ModelShape } from '../nn/layers';
import { predictRows } from '../nn/predictRows';
import { hasKernels } from './netLayout';
import { canRunWasm } from './wasmKernels';
import { WasmNetKernels } from './wasmNet';

/** A model's outputs for rows that are written into `inputs`, with the bits that a trainer has for the same rows. */
export interface RowOutputs {
  /** Room for some rows, `… × inFeatures`. */
  readonly inputs: Float32Array;
  /** The outputs of the first `rows` of them, `rows × outFeatures`. */
  of(rows: number, parameters: Float32Array): Float32Array;
}

/** @param mostRows rows that there is room for. */
export function rowOutputs(shape: ModelShape, mostRows: number): RowOutputs {
  const widths = widthsOf(shape.layers);
  const [inFeatures, outFeatures] = [widths[0], widths[widths.length - 1]];
  const inputs = new Float32Array(mostRows * inFeatures);
  const numbers = Uint32Array.from({ length: mostRows }, (_, row) => row);
  if (onlyLinear(shape.layers) || !canRunWasm() || !hasKernels(shape.layers)) {
    return {
      inputs,
      of: (rows, parameters) => predictRows(shape.layers, parameters, inputs, numbers.subarray(0, rows)),
    };
  }
  const targets = new Float32Array(mostRows * outFeatures);
  const kernels = new WasmNetKernels({ rows: mostRows, inputs, targets }, shape);
  return {
    inputs: kernels.inputs,
    of: (rows, parameters) => kernels.predict(numbers.subarray(0, rows), parameters),
  };
}
