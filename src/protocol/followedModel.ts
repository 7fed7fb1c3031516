import { linearModel, sequentialModel, sizeOf, type Layer, type ModelShape } from '../engine/nn/layers';

/** Parameters by their names in `state_dict()`, nested as their shapes. */
export type NestedParameters = Readonly<Record<string, readonly number[] | readonly (readonly number[])[]>>;

/** A layer as a config names it: `Linear`, whose sizes its parameters tell, or an activation with its options. */
export type NamedLayer = { type: 'Linear' } | Exclude<Layer, { type: 'Linear' }>;

/**
 * The model that parameters are of, and the parameters flat, as `ModelShape` lays them out. Throws an Error that says which
 * parameter does not fit.
 * @param layers those of a `Sequential`; absent for one `nn.Linear`, whose parameters are called `weight` and `bias`.
 */
export function modelOf(
  parameters: NestedParameters,
  layers?: readonly NamedLayer[],
): { model: ModelShape; flat: Float32Array } {
  const sizes = (prefix: string) => {
    const weight = parameters[`${prefix}weight`];
    const [first] = weight ?? [];
    if (!Array.isArray(first)) throw new Error(`${prefix}weight is missing`);
    return { inFeatures: first.length, outFeatures: weight.length, hasBias: `${prefix}bias` in parameters };
  };
  const linear = layers ? undefined : sizes('');
  const model = linear
    ? linearModel(linear.inFeatures, linear.outFeatures, linear.hasBias)
    : sequentialModel(layers!.map((layer, i) => (layer.type === 'Linear' ? { ...layer, ...sizes(`${i}.`) } : layer)));
  return { model, flat: flatParameters(model, parameters) };
}

/** Parameters laid out as a model has them. Throws an Error that says which one does not fit. */
export function flatParameters({ parameters: specs }: ModelShape, parameters: NestedParameters): Float32Array {
  const flat = new Float32Array(specs.reduce((sum, spec) => sum + sizeOf(spec), 0));
  for (const spec of specs) {
    const { name, shape, start } = spec;
    const [rows, columns] = shape;
    const values = parameters[name];
    const fits =
      values?.length === rows &&
      values.every((row) =>
        columns === undefined ? !Array.isArray(row) : Array.isArray(row) && row.length === columns,
      );
    if (!fits) throw new Error(`${name} is not of shape ${shape.join(' × ')}`);
    flat.set(values.flat(), start);
  }
  return flat;
}
