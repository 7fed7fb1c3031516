import type { Config } from '../config/schema';
import { losses, type LossName } from '../engine/nn/losses';
import type { Link } from '../engine/nn/links';
import type { InputColumn } from '../engine/dataset';
import type { Scaling } from '../engine/data/scaling';
import { rowsAt } from '../training/exactRows';
import type { ExportedRun } from './exportedRun';
import { readSafetensors, writeSafetensors } from './safetensors';
import { originalTensors, parameterTensors } from './tensors';

/** An input of a model, and the numbers that it was trained on. */
export interface ModelInput extends InputColumn {
  /** What the input is called. */
  name: string;
  /** Lowest and highest number among the training rows, in the column's own units. */
  min: number;
  max: number;
}

/** All that a prediction needs besides the parameters. */
export interface ModelDescription {
  version: 1;
  name: string;
  inputs: ModelInput[];
  targets: string[];
  /** Whether predictions are worked out in float64, because float32 would round the targets visibly. */
  exactTargets: boolean;
  /** Where the target is a class. */
  classNames?: string[];
  inputScaling: { offset: number[]; scale: number[] };
  targetScaling: { offset: number[]; scale: number[] };
  layers: { type: 'Linear'; in_features: number; out_features: number; bias: boolean }[];
  loss: LossName;
  link: Link;
  /** With scaling, the parameters in the columns' own units. */
  original?: { weight: number[]; bias: number[] };
  config: Config;
}

/** A model that was saved. */
export interface SavedModel extends ModelDescription {
  /** Weight, `out_features × in_features` row-major, then bias. */
  parameters: Float32Array;
}

/** Rows that are looked at at a time. */
const chunk = 4096;
/** A run, and what its model is called and made of. */
type ModelOf = Pick<ExportedRun, 'run' | 'name' | 'parameters'>;

/** The word under which the description is among a file's texts. */
const key = 'gradient_descent';

/** The parameters by their names in `state_dict()`, with everything that a prediction needs as a JSON text beside them. */
export function writeModel(exported: ModelOf): Uint8Array {
  const description = JSON.stringify(describeModel(exported));
  return writeSafetensors(parameterTensors(exported), { format: 'pt', [key]: description });
}

function describeModel(exported: ModelOf): ModelDescription {
  const { run, name } = exported;
  const { config, dataset, scaling, shape, trainer } = run;
  const { inFeatures, outFeatures, hasBias } = trainer.parts.model;
  const ranges = inputRanges(exported);
  const [weight, bias] = originalTensors(exported).map(({ data }) => [...data]);
  return {
    version: 1,
    name,
    inputs: shape.inputNames.map((input, i) => ({
      ...(dataset.source?.inputs[i] ?? { column: input }),
      ...{ name: input, ...ranges[i] },
    })),
    targets: shape.targetNames,
    exactTargets: (dataset.exact?.targets.size ?? 0) > 0,
    ...(shape.classNames && { classNames: shape.classNames }),
    inputScaling: plainScaling(scaling.inputs),
    targetScaling: plainScaling(scaling.targets),
    layers: [{ type: 'Linear', in_features: inFeatures, out_features: outFeatures, bias: hasBias }],
    loss: shape.loss,
    link: losses[shape.loss].link,
    ...(weight && bias && { original: { weight, bias } }),
    config,
  };
}

function inputRanges({ run }: ModelOf): { min: number; max: number }[] {
  const { dataset, trainer } = run;
  const width = dataset.inputNames.length;
  const ranges = dataset.inputNames.map(() => ({ min: Infinity, max: -Infinity }));
  const { trainRows } = trainer.parts;
  for (let start = 0; start < trainRows.length; start += chunk) {
    const values = rowsAt(dataset, 'inputs', width, trainRows.subarray(start, start + chunk));
    for (let i = 0; i < values.length; i++) {
      const range = ranges[i % width];
      if (values[i] < range.min) range.min = values[i];
      if (values[i] > range.max) range.max = values[i];
    }
  }
  return ranges;
}

function plainScaling({ offset, scale }: Scaling) {
  return { offset: [...offset], scale: [...scale] };
}

/** Reads a model file. @throws Error with a sentence that says why it cannot be used */
export function readModel(bytes: Uint8Array): SavedModel {
  const { tensors, metadata } = readSafetensors(bytes);
  const text = metadata[key];
  if (text === undefined) {
    throw new Error('it holds parameters alone; a model that Gradient Descent saved also says how its inputs are made');
  }
  const description = checkedDescription(text);
  const { in_features: inputs, out_features: outputs, bias } = description.layers[0];
  const parameters = new Float32Array(inputs * outputs + (bias ? outputs : 0));
  const [weight, constant] = ['weight', 'bias'].map((name) => tensors.find((tensor) => tensor.name === name)?.data);
  const fits = weight?.length === inputs * outputs && (!bias || constant?.length === outputs);
  if (!fits) throw new Error('its parameters do not have the sizes that it describes');
  parameters.set(weight);
  if (bias) parameters.set(constant!, weight.length);
  return { ...description, parameters };
}

/** Checks the sizes that a prediction relies on; the file may come from anywhere. */
function checkedDescription(text: string): ModelDescription {
  let found: Partial<ModelDescription> | undefined;
  try {
    found = JSON.parse(text) as Partial<ModelDescription>;
  } catch {
    found = undefined;
  }
  if (found?.version !== 1) throw new Error('it was saved by a version that is not known here');
  const { inputs, targets, inputScaling, targetScaling, layers, loss, classNames } = found;
  const layer = layers?.[0];
  const isScaling = (one: ModelDescription['inputScaling'] | undefined, width: number) =>
    [one?.offset, one?.scale].every((list) => list?.length === width && list.every(Number.isFinite));
  const isSound =
    Array.isArray(inputs) &&
    inputs.every(({ name, column }) => typeof name === 'string' && typeof column === 'string') &&
    Array.isArray(targets) &&
    layers?.length === 1 &&
    layer?.in_features === inputs.length &&
    layer.out_features === (classNames ?? targets).length &&
    isScaling(inputScaling, inputs.length) &&
    isScaling(targetScaling, layer.out_features) &&
    typeof loss === 'string' &&
    Object.hasOwn(losses, loss);
  if (!isSound) throw new Error('what it says about its inputs and outputs does not fit together');
  return { ...(found as ModelDescription), link: losses[loss].link };
}
