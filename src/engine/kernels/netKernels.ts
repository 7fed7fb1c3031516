import type { Dataset } from '../dataset';
import { LayerPasses } from '../nn/layerPasses';
import { parameterCount, widthsOf, type ModelShape } from '../nn/layers';
import { Generator } from '../random/random';
import { chunkRows, type Kernels } from './kernels';

/** Kernels of several layers: gathers the rows of a batch and passes them through. */
export class NetKernels implements Kernels {
  readonly kind = 'plain';
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
  readonly order: Uint32Array;
  readonly parameters: Float32Array;
  readonly previous: Float32Array;
  readonly gradients: Float32Array;
  readonly outputs: Float32Array;
  readonly outputGradients: Float32Array;
  private readonly passes: LayerPasses;
  private readonly sums: Float64Array;
  private readonly sampler = new Generator(0);
  private readonly inFeatures: number;

  constructor(dataset: Pick<Dataset, 'inputs' | 'targets' | 'rows'>, { layers, parameters: specs }: ModelShape) {
    const count = parameterCount(specs);
    const mostRows = Math.min(dataset.rows, chunkRows);
    const widths = widthsOf(layers);
    this.inFeatures = widths[0];
    this.inputs = dataset.inputs;
    this.targets = dataset.targets;
    this.order = new Uint32Array(dataset.rows);
    this.parameters = new Float32Array(count);
    this.previous = new Float32Array(count);
    this.gradients = new Float32Array(count);
    this.sums = new Float64Array(count);
    this.passes = new LayerPasses(layers, mostRows);
    this.outputs = this.passes.values[layers.length];
    this.outputGradients = new Float32Array(this.outputs.length);
  }

  prepareShuffles(): void {
    // A seed is worked out when it is used.
  }

  shuffle(count: number, seed: number): void {
    this.sampler.manualSeed(seed);
    this.sampler.shuffle(this.order.subarray(0, count));
  }

  forward(start: number, end: number): void {
    const { inFeatures, inputs, order, passes } = this;
    const [gathered] = passes.values;
    for (let position = start, at = 0; position < end; position++) {
      const from = order[position] * inFeatures;
      for (let i = 0; i < inFeatures; i++) gathered[at++] = inputs[from + i];
    }
    passes.forward(end - start, this.parameters);
  }

  begin(): void {
    this.sums.fill(0);
  }

  backward(start: number, end: number): void {
    this.passes.backward(end - start, this.parameters, this.outputGradients, this.sums);
  }

  end(): void {
    this.gradients.set(this.sums);
  }
}
