import { linearModel, sizeOf, type ParameterSpec } from '../engine/nn/layers';
import { originalParameters } from '../protocol/outputs';
import type { ExportedRun } from './exportedRun';

/** Numbers with a name and a shape, row-major. */
export interface Tensor {
  name: string;
  shape: number[];
  data: Float32Array | Float64Array;
}

/** The parameters by their names in `state_dict()`. */
export function parameterTensors({ run, parameters }: Pick<ExportedRun, 'run' | 'parameters'>): Tensor[] {
  return tensorsOf(run.shape.model.parameters, parameters);
}

/** With scaling, the parameters of a linear layer in the columns' own units: a bias always, in float64. */
export function originalTensors({ run, parameters }: Pick<ExportedRun, 'run' | 'parameters'>): Tensor[] {
  const { inFeatures, outFeatures } = run.trainer.parts.model;
  const originals = originalParameters(parameters, run.shape);
  if (!originals) return [];
  const specs = linearModel(inFeatures, outFeatures).parameters;
  return tensorsOf(specs, originals).map((one) => ({ ...one, name: `${one.name}_original` }));
}

function tensorsOf(specs: ParameterSpec[], numbers: Tensor['data']): Tensor[] {
  return specs.map((spec) => {
    const { name, shape, start } = spec;
    return { name, shape, data: numbers.subarray(start, start + sizeOf(spec)) };
  });
}
