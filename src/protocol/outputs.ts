import { sigmoid } from '../engine/nn/links';
import { losses, type LossName } from '../engine/nn/losses';
import type { Numbers } from '../engine/numbers';
import { undoScaling, unscaleParameters, type Scaling } from '../engine/data/scaling';
import type { CurvatureReport, RunShape } from './protocol';

/** What the model's outputs are called: the classes, or the targets. */
export function outputNames({ classNames, targetNames }: Pick<RunShape, 'classNames' | 'targetNames'>): string[] {
  return classNames ?? targetNames;
}

/** A name for each parameter, in the order of `Checkpoint.parameters`: its input, or `output ← input` where there are several outputs. */
export function parameterNames(shape: RunShape): string[] {
  const outputs = outputNames(shape);
  const nameOf = (output: string, input: string) => (outputs.length === 1 ? input : `${output} ← ${input}`);
  const weights = outputs.flatMap((output) => shape.inputNames.map((input) => nameOf(output, input)));
  return shape.bias ? [...weights, ...outputs.map((output) => nameOf(output, 'bias'))] : weights;
}

/**
 * Parameters at the minimum that training goes to, laid out as `Checkpoint.parameters`; weight decay moves it. Undefined
 * where it is not known, or nowhere.
 */
export function exactParameters(report: Pick<CurvatureReport, 'optimum'> | undefined): Float64Array | undefined {
  const { optimum } = report ?? {};
  const { weight, bias = [] } = optimum?.decayed ?? optimum ?? {};
  if (!weight || !(optimum?.isAttained || optimum?.decayed)) return undefined;
  return Float64Array.from([...weight.flat(), ...bias]);
}

/** Parameters in the columns' own units: weight row-major, then a bias for each output. Undefined where nothing was scaled. */
export function originalParameters(parameters: Float32Array, { scaling }: RunShape): Float64Array | undefined {
  return scaling && unscaleParameters(parameters, scaling.inputs, scaling.targets);
}

/**
 * Turns a model's outputs into predictions in the target's own units: the number of the likeliest class, a probability,
 * or the scaling undone.
 * @param outputs `rows × outputs`, row-major; may be changed in place.
 */
export function toPredictions(outputs: Numbers, loss: LossName, outFeatures: number, targets: Scaling): Numbers {
  switch (losses[loss].link) {
    case 'identity':
      return undoScaling(targets, outputs);
    case 'sigmoid':
      return outputs.map(sigmoid);
    case 'softmax':
      return likeliest(outputs, outFeatures);
  }
}

function likeliest(outputs: Numbers, outFeatures: number): Float32Array {
  const classes = new Float32Array(outputs.length / outFeatures);
  for (let row = 0; row < classes.length; row++) {
    const start = row * outFeatures;
    for (let i = 1; i < outFeatures; i++) if (outputs[start + i] > outputs[start + classes[row]]) classes[row] = i;
  }
  return classes;
}
