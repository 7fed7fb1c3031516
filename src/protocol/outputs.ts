export { activationRange } from '../engine/nn/activations';
import { onlyLinear, type LinearLayer, type ParameterSpec } from '../engine/nn/layers';
import { sigmoid } from '../engine/nn/links';
import { losses, type LossName } from '../engine/nn/losses';
import type { Numbers } from '../engine/numbers';
import { undoScaling, unscaleParameters, type Scaling } from '../engine/data/scaling';
import type { CurvatureReport, RunShape } from './protocol';

/** What the model's outputs are called: the classes, or the targets. */
export function outputNames({ classNames, targetNames }: Pick<RunShape, 'classNames' | 'targetNames'>): string[] {
  return classNames ?? targetNames;
}

/** The layer of a run whose model is `nn.Linear` and nothing else; undefined for a net. */
export function linearOf({ model }: Pick<RunShape, 'model'>): LinearLayer | undefined {
  return onlyLinear(model.layers);
}

/**
 * A name for each parameter, in the order of `Checkpoint.parameters`. Of a linear layer its input, or `output ← input` where
 * there are several outputs; of a net `0.weight: unit 3 ← hours`.
 */
export function parameterNames(shape: RunShape): string[] {
  const groups = parameterGroups(shape);
  return groups.flatMap(({ title, names }) => (groups.length === 1 ? names : names.map((name) => `${title}: ${name}`)));
}

/** Parameters that belong together: all of a linear layer, or a tensor of a net. */
export interface ParameterGroup {
  title: string;
  /** Where its numbers begin among all parameters. */
  start: number;
  names: string[];
}

/** The parameters in groups, in their order. */
export function parameterGroups(shape: RunShape): ParameterGroup[] {
  if (linearOf(shape)) return [{ title: 'weight and bias', start: 0, names: linearNames(shape) }];
  return shape.model.parameters.map((spec) => ({
    title: spec.name,
    start: spec.start,
    names: tensorNames(shape, spec),
  }));
}

function linearNames(shape: RunShape): string[] {
  const outputs = outputNames(shape);
  const nameOf = (output: string, input: string) => (outputs.length === 1 ? input : `${output} ← ${input}`);
  const weights = outputs.flatMap((output) => shape.inputNames.map((input) => nameOf(output, input)));
  return linearOf(shape)!.hasBias ? [...weights, ...outputs.map((output) => nameOf(output, 'bias'))] : weights;
}

function tensorNames(shape: RunShape, { name, shape: [rows, columns] }: ParameterSpec): string[] {
  const weights = shape.model.parameters.filter(({ shape: { length } }) => length === 2);
  const layer = name.replace(/bias$/, 'weight');
  const isLast = weights[weights.length - 1].name === layer;
  const isFirst = weights[0].name === layer;
  const to = isLast ? outputNames(shape) : unitNames(rows);
  if (columns === undefined) return to;
  const from = isFirst ? shape.inputNames : unitNames(columns);
  return to.flatMap((output) => from.map((input) => `${output} ← ${input}`));
}

function unitNames(count: number): string[] {
  return Array.from({ length: count }, (_, unit) => `unit ${unit + 1}`);
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

/**
 * Parameters of a linear layer in the columns' own units: weight row-major, then a bias for each output. Undefined where
 * nothing was scaled, and for a net, whose parameters have no units.
 */
export function originalParameters(parameters: Float32Array, shape: RunShape): Float64Array | undefined {
  const { scaling } = shape;
  return scaling && linearOf(shape) && unscaleParameters(parameters, scaling.inputs, scaling.targets);
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
