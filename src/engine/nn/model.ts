import type { Generator } from '../random/random';
import { activationGain } from './activations';
import { drawBias, drawWeight, type InitName, type InitPlace } from './init';
import {
  onlyLinear,
  parameterCount,
  sizeOf,
  widthsOf,
  type Layer,
  type LinearLayer,
  type ModelShape,
  type ParameterSpec,
} from './layers';

/** Where a model's numbers are to be kept, instead of in arrays of its own. */
export interface ModelMemory {
  parameters: Float32Array;
  gradients: Float32Array;
}

/** Layers one after the other over one flat vector of parameters, with gradients in the same layout. */
export class Model {
  readonly layers: Layer[];
  /** The layout of the parameters. */
  readonly specs: ParameterSpec[];
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly parameters: Float32Array;
  /** Of the last batch. */
  readonly gradients: Float32Array;
  /** The only layer, where the model is `nn.Linear` and nothing else. */
  readonly linear: LinearLayer | undefined;

  constructor(shape: ModelShape, memory?: ModelMemory) {
    this.layers = shape.layers;
    this.specs = shape.parameters;
    this.linear = onlyLinear(shape.layers);
    const widths = widthsOf(shape.layers);
    this.inFeatures = widths[0];
    this.outFeatures = widths[widths.length - 1];
    this.parameters = memory?.parameters ?? new Float32Array(parameterCount(this.specs));
    this.gradients = memory?.gradients ?? new Float32Array(this.parameters.length);
  }

  /** The model as plain data. */
  get shape(): ModelShape {
    return { layers: this.layers, parameters: this.specs };
  }

  /** The numbers of a tensor: a view on the parameters. Undefined if no tensor has that name. */
  tensor(name: string): Float32Array | undefined {
    const spec = this.specs.find((one) => one.name === name);
    return spec && this.parameters.subarray(spec.start, spec.start + sizeOf(spec));
  }

  /** Draws all parameters as the constructors of `nn.Linear` do, layer by layer. */
  resetParameters(generator: Generator): void {
    this.linearLayers().forEach((_, i) => this.initLayer(i, 'default', generator));
  }

  /** Fills the parameters of the `which`-th linear layer. */
  initLayer(which: number, init: InitName, generator: Generator): void {
    const { layer, index, specs } = this.linearLayers()[which];
    const follower = this.layers[index + 1];
    const gain = follower && follower.type !== 'Linear' ? activationGain(follower) : 1;
    const place: InitPlace = { fanIn: layer.inFeatures, fanOut: layer.outFeatures, gain };
    const [weight, bias] = specs.map(({ name }) => this.tensor(name)!);
    drawWeight(weight, init, place, generator);
    if (bias) drawBias(bias, init, place, generator);
  }

  /** The linear layers: where each stands among all layers, and its weight and, where it has one, its bias. */
  linearLayers(): { layer: LinearLayer; index: number; specs: ParameterSpec[] }[] {
    let at = 0;
    return this.layers.flatMap((layer, index) => {
      if (layer.type !== 'Linear') return [];
      const specs = this.specs.slice(at, (at += layer.hasBias ? 2 : 1));
      return [{ layer, index, specs }];
    });
  }
}
