import type { ActivationChoice } from './activations';

/** `torch.nn.Linear` with its sizes. */
export interface LinearLayer {
  type: 'Linear';
  inFeatures: number;
  outFeatures: number;
  hasBias: boolean;
}

/** A layer of a model, as plain data that can be posted to another thread. */
export type Layer = LinearLayer | ActivationChoice;

/** One tensor among a model's parameters, as `state_dict()` has it. */
export interface ParameterSpec {
  /** `weight`, `0.bias`, … */
  name: string;
  /** `[outputs, inputs]` of a weight, `[outputs]` of a bias. */
  shape: number[];
  /** Where its numbers begin in the flat parameters. */
  start: number;
}

/** A model as plain data: its layers, and the layout of its parameters, which lie one after the other in this order. */
export interface ModelShape {
  layers: Layer[];
  parameters: ParameterSpec[];
}

/** `nn.Linear(inFeatures, outFeatures)`, whose parameters are called `weight` and `bias`. */
export function linearModel(inFeatures: number, outFeatures: number, hasBias = true): ModelShape {
  const layers: Layer[] = [{ type: 'Linear', inFeatures, outFeatures, hasBias }];
  return { layers, parameters: parameterSpecs(layers, () => '') };
}

/** `nn.Sequential(*layers)`, whose parameters are called `0.weight`, `0.bias`, … */
export function sequentialModel(layers: Layer[]): ModelShape {
  return { layers, parameters: parameterSpecs(layers, (index) => `${index}.`) };
}

function parameterSpecs(layers: Layer[], prefix: (index: number) => string): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  let start = 0;
  layers.forEach((layer, index) => {
    if (layer.type !== 'Linear') return;
    const { inFeatures, outFeatures, hasBias } = layer;
    specs.push({ name: `${prefix(index)}weight`, shape: [outFeatures, inFeatures], start });
    start += outFeatures * inFeatures;
    if (!hasBias) return;
    specs.push({ name: `${prefix(index)}bias`, shape: [outFeatures], start });
    start += outFeatures;
  });
  return specs;
}

/** How many numbers a tensor holds. */
export function sizeOf({ shape }: Pick<ParameterSpec, 'shape'>): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** How many numbers all parameters are. */
export function parameterCount(specs: ParameterSpec[]): number {
  return specs.reduce((sum, spec) => sum + sizeOf(spec), 0);
}

/** The one layer of a model that is `nn.Linear` and nothing else; undefined for a net. */
export function onlyLinear(layers: Layer[]): LinearLayer | undefined {
  const [layer, ...others] = layers.filter(({ type }) => type !== 'Identity');
  return layer?.type === 'Linear' && others.length === 0 ? layer : undefined;
}

/** How many numbers each layer passes on, the model's inputs first. */
export function widthsOf(layers: Layer[]): number[] {
  const first = layers.find((layer) => layer.type === 'Linear');
  const widths = [first?.inFeatures ?? 0];
  for (const layer of layers) widths.push(layer.type === 'Linear' ? layer.outFeatures : widths[widths.length - 1]);
  return widths;
}

/** Parameters by name, nested as their shapes. */
export function nestedParameters(
  specs: ParameterSpec[],
  parameters: Float32Array | Float64Array,
): Record<string, number[] | number[][]> {
  return Object.fromEntries(
    specs.map((spec) => {
      const numbers = [...parameters.subarray(spec.start, spec.start + sizeOf(spec))];
      const [rows, columns] = spec.shape;
      const isMatrix = columns !== undefined;
      const row = (i: number) => numbers.slice(i * columns, (i + 1) * columns);
      return [spec.name, isMatrix ? Array.from({ length: rows }, (_, i) => row(i)) : numbers];
    }),
  );
}

/** Flat parameters of a linear layer: weight as one row of inputs per output, and bias, which is empty without one. */
export function shapedParameters(
  parameters: Float32Array | Float64Array,
  inFeatures: number,
  outFeatures: number,
): { weight: number[][]; bias: number[] } {
  const weight = Array.from({ length: outFeatures }, (_, row) => [
    ...parameters.subarray(row * inFeatures, (row + 1) * inFeatures),
  ]);
  return { weight, bias: [...parameters.subarray(inFeatures * outFeatures)] };
}
