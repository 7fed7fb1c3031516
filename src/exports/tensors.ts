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
  const { inFeatures, outFeatures, hasBias } = run.trainer.parts.model;
  return shaped(parameters, inFeatures, outFeatures, hasBias);
}

/** With scaling, the parameters in the columns' own units: a bias always, in float64. */
export function originalTensors({ run, parameters }: Pick<ExportedRun, 'run' | 'parameters'>): Tensor[] {
  const { inFeatures, outFeatures } = run.trainer.parts.model;
  const originals = originalParameters(parameters, run.shape);
  if (!originals) return [];
  return shaped(originals, inFeatures, outFeatures, true).map((one) => ({ ...one, name: `${one.name}_original` }));
}

function shaped(numbers: Tensor['data'], inFeatures: number, outFeatures: number, hasBias: boolean): Tensor[] {
  const weights = inFeatures * outFeatures;
  const weight = { name: 'weight', shape: [outFeatures, inFeatures], data: numbers.subarray(0, weights) };
  return hasBias ? [weight, { name: 'bias', shape: [outFeatures], data: numbers.subarray(weights) }] : [weight];
}
