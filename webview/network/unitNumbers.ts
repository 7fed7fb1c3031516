import { LayerPasses } from '../../src/engine/nn/layerPasses';
import { parameterCount, widthsOf, type Layer, type ModelShape } from '../../src/engine/nn/layers';
import { unitState, type UnitState } from '../../src/engine/nn/unitState';

/** What a unit gives over some rows. */
export interface UnitNumbers {
  mean: number;
  least: number;
  most: number;
  /** Share of the rows for which it is above 0. */
  active: number;
  /** Of hidden units only. */
  state?: UnitState;
}

/** A linear layer with the activations after it. */
export interface NetworkLayer {
  /** Number of the linear layer among the model's layers: `0` of `0.weight`. */
  index: number;
  inFeatures: number;
  outFeatures: number;
  /** Where weight and bias begin in the flat parameters; no bias, no number. */
  weightAt: number;
  biasAt?: number;
  /** `torch.nn` names of the activations. */
  activations: string[];
  isOutput: boolean;
}

/** Numbers that a look at the units may multiply, and rows that it has at least. */
const mostWork = 4e6;
const leastRows = 32;

/** The linear layers of a model, first to last. */
export function networkLayers({ layers, parameters }: ModelShape): NetworkLayer[] {
  const found: NetworkLayer[] = [];
  layers.forEach((layer, index) => {
    if (layer.type !== 'Linear') return void found[found.length - 1]?.activations.push(layer.type);
    const { inFeatures, outFeatures } = layer;
    const start = (name: string) => parameters.find((spec) => spec.name === `${index}.${name}`)?.start;
    const biasAt = start('bias');
    const place = { weightAt: start('weight')!, ...(biasAt !== undefined && { biasAt }) };
    found.push({ index, inFeatures, outFeatures, ...place, activations: [], isOutput: false });
  });
  found[found.length - 1].isOutput = true;
  return found;
}

/** How many of some rows a look at the units takes. */
export function lookedAt(shape: ModelShape, rows: number): number {
  return Math.min(rows, Math.max(leastRows, Math.floor(mostWork / parameterCount(shape.parameters))));
}

/**
 * What the units of each linear layer give, `rows × outFeatures` row-major, after the activations that follow it.
 * @param inputs as the model takes them, `rows × inFeatures`.
 */
export function unitOutputs(shape: ModelShape, parameters: Float32Array, inputs: Float32Array): Float32Array[] {
  const { layers } = shape;
  const widths = widthsOf(layers);
  const rows = inputs.length / widths[0];
  const passes = new LayerPasses(layers, rows);
  passes.values[0].set(inputs);
  passes.forward(rows, parameters);
  return networkLayers(shape).map(({ index, activations }) => passes.values[index + activations.length + 1]);
}

/** The numbers of each unit of each layer, from what `unitOutputs` gives. */
export function unitNumbers(shape: ModelShape, outputs: readonly Float32Array[]): UnitNumbers[][] {
  return networkLayers(shape).map(({ index, activations, outFeatures, isOutput }, i) => {
    const last = activations.length > 0 && !isOutput ? shape.layers[index + activations.length] : undefined;
    return Array.from({ length: outFeatures }, (_, unit) => numbersOf(outputs[i], unit, outFeatures, last));
  });
}

function numbersOf(outputs: Float32Array, unit: number, width: number, activation: Layer | undefined): UnitNumbers {
  const rows = outputs.length / width;
  let [sum, least, most, active] = [0, Infinity, -Infinity, 0];
  for (let at = unit; at < outputs.length; at += width) {
    const value = outputs[at];
    sum += value;
    if (value < least) least = value;
    if (value > most) most = value;
    if (value > 0) active++;
  }
  const state = unitState(activation?.type, outputs, unit, width);
  return { mean: sum / rows, least, most, active: active / rows, ...(state && { state }) };
}
