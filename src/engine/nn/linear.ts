import type { Generator } from '../random/random';

/** Where a layer's numbers are to be kept, instead of in arrays of its own. */
export interface LinearMemory {
  parameters: Float32Array;
  gradients: Float32Array;
}

/** `torch.nn.Linear`: parameters and their gradients, flat. */
export class Linear {
  /** Weight, `outFeatures × inFeatures` row-major, then bias. */
  readonly parameters: Float32Array;
  /** Of the last batch, laid out as the parameters. */
  readonly gradients: Float32Array;
  /** The weight's part of the parameters. */
  readonly weight: Float32Array;
  /** The bias's part of the parameters; empty without a bias. */
  readonly bias: Float32Array;

  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    readonly hasBias = true,
    memory?: LinearMemory,
  ) {
    const weights = inFeatures * outFeatures;
    this.parameters = memory?.parameters ?? new Float32Array(weights + (hasBias ? outFeatures : 0));
    this.gradients = memory?.gradients ?? new Float32Array(this.parameters.length);
    this.weight = this.parameters.subarray(0, weights);
    this.bias = this.parameters.subarray(weights);
  }

  /** `reset_parameters()`: the weight by `kaiming_uniform_(a=sqrt(5))`, then the bias uniform in ±1/sqrt(inFeatures). */
  resetParameters(generator: Generator): void {
    const gain = Math.sqrt(2 / (1 + Math.sqrt(5) ** 2));
    const weightBound = Math.sqrt(3) * (gain / Math.sqrt(this.inFeatures));
    const biasBound = 1 / Math.sqrt(this.inFeatures);
    for (let i = 0; i < this.weight.length; i++) this.weight[i] = generator.uniform(-weightBound, weightBound);
    for (let i = 0; i < this.bias.length; i++) this.bias[i] = generator.uniform(-biasBound, biasBound);
  }
}

/** Flat parameters as PyTorch shows them: weight as one row of inputs per output, and bias, empty where there is none. */
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
