import type { Config } from '../config/schema';
import { losses, type LossName } from '../engine/nn/losses';
import {
  linearModel,
  onlyLinear,
  parameterCount,
  sequentialModel,
  sizeOf,
  widthsOf,
  type ModelShape,
} from '../engine/nn/layers';
import type { Link } from '../engine/nn/links';
import type { InputColumn } from '../engine/dataset';
import type { Scaling } from '../engine/data/scaling';
import { rowsAt } from '../training/exactRows';
import { isWriting } from '../data/table/columnWriting';
import type { ExportedRun } from './exportedRun';
import { describeLayers, layersOfDescription, type LayerDescription } from './layerDescription';
import { readSafetensors, writeSafetensors } from './safetensors';
import { originalTensors, parameterTensors } from './tensors';

/** An input of a model, and the numbers that it was trained on. */
export interface ModelInput extends InputColumn {
  /** What the input is called. */
  name: string;
  /** Lowest and highest number among the training rows, in the column's own units. */
  min: number;
  max: number;
  /** Of a product of inputs: the places of its factors, none of which is a product. It is no column of a file. */
  factors?: number[];
  /** Numbers that float32 would round by this or more stay in double precision; absent where all become float32. */
  exactFrom?: number;
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
  /** One `Linear`, or the layers of a `Sequential`; the names of the tensors tell which. */
  layers: LayerDescription[];
  loss: LossName;
  link: Link;
  /** With scaling, the parameters in the columns' own units. */
  original?: { weight: number[]; bias: number[] };
  config: Config;
}

/** A model that was saved. */
export interface SavedModel extends ModelDescription {
  model: ModelShape;
  /** Laid out as `model` says. */
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

/** What a run's model needs besides its parameters. */
export function describeModel(exported: ModelOf): ModelDescription {
  const { run, name } = exported;
  const { config, dataset, scaling, shape } = run;
  const ranges = inputRanges(exported);
  const { products = [], inputNames } = dataset;
  const own = inputNames.length - products.length;
  const [weight, bias] = originalTensors(exported).map(({ data }) => [...data]);
  return {
    version: 1,
    name,
    inputs: shape.inputNames.map((input, i) => ({
      ...(dataset.source?.inputs[i] ?? { column: input }),
      ...(i >= own && { factors: products[i - own] }),
      ...{ name: input, ...ranges[i], ...exactness(dataset.exact?.inputs.get(i)) },
    })),
    targets: shape.targetNames,
    exactTargets: (dataset.exact?.targets.size ?? 0) > 0,
    ...(shape.classNames && { classNames: shape.classNames }),
    inputScaling: plainScaling(scaling.inputs),
    targetScaling: plainScaling(scaling.targets),
    layers: describeLayers(shape.model.layers),
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

/** What tells the numbers of a column that were left in double precision from those that became float32. */
function exactness(numbers: Float64Array | undefined): Pick<ModelInput, 'exactFrom'> {
  let least = Infinity;
  for (const value of numbers ?? []) {
    const rounding = Math.abs(value - Math.fround(value));
    if (rounding > 0 && rounding < least) least = rounding;
  }
  return least < Infinity ? { exactFrom: least } : {};
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
  const layers = layersOfDescription(description.layers)!;
  const isAlone = tensors.some(({ name }) => name === 'weight');
  const linear = isAlone ? onlyLinear(layers) : undefined;
  const model = linear ? linearModel(linear.inFeatures, linear.outFeatures, linear.hasBias) : sequentialModel(layers);
  const parameters = new Float32Array(parameterCount(model.parameters));
  for (const spec of model.parameters) {
    const data = tensors.find((tensor) => tensor.name === spec.name)?.data;
    if (data?.length !== sizeOf(spec)) throw new Error('its parameters do not have the sizes that it describes');
    parameters.set(data, spec.start);
  }
  return { ...description, model, parameters };
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
  const known = layersOfDescription(layers);
  const widths = known && widthsOf(known);
  const outputs = (classNames ?? targets)?.length;
  const isScaling = (one: ModelDescription['inputScaling'] | undefined, width: number) =>
    [one?.offset, one?.scale].every((list) => list?.length === width && list.every(Number.isFinite));
  const isSound =
    Array.isArray(inputs) &&
    inputs.every(
      ({ name, column, writing, factors = [] }) =>
        typeof name === 'string' &&
        typeof column === 'string' &&
        (writing === undefined || isWriting(writing)) &&
        areFactors(factors, inputs),
    ) &&
    Array.isArray(targets) &&
    widths !== undefined &&
    widths[0] === inputs.length &&
    widths[widths.length - 1] === outputs &&
    isScaling(inputScaling, inputs.length) &&
    isScaling(targetScaling, outputs) &&
    typeof loss === 'string' &&
    Object.hasOwn(losses, loss);
  if (!isSound) throw new Error('what it says about its inputs and outputs does not fit together');
  return { ...(found as ModelDescription), link: losses[loss].link };
}

/** Whether these are places of inputs that are read from columns. */
function areFactors(factors: readonly unknown[], inputs: readonly ModelInput[]): boolean {
  return (
    Array.isArray(factors) &&
    factors.every((place) => {
      const input = Number.isInteger(place) ? inputs[place as number] : undefined;
      return input !== undefined && input.factors === undefined;
    })
  );
}
