import type { Dataset } from '../dataset';
import type { Numbers } from '../numbers';
import { Generator } from '../random/random';
import {
  chunkRows,
  linearParameterCount,
  wholeChunks,
  type LinearKernels,
  type KernelSizes,
  type SpanResult,
} from './kernels';

/** One output for one row of the inputs: `x @ weight.T + bias`, summed in float64. */
export function linearOutput(
  inputs: Float32Array,
  { inFeatures, outFeatures, hasBias }: Pick<KernelSizes, 'inFeatures' | 'outFeatures' | 'hasBias'>,
  parameters: Numbers,
  row: number,
  output: number,
): number {
  const weight = output * inFeatures;
  const x = row * inFeatures;
  let sum = hasBias ? parameters[inFeatures * outFeatures + output] : 0;
  for (let i = 0; i < inFeatures; i++) sum += inputs[x + i] * parameters[weight + i];
  return sum;
}

/** The kernels in TypeScript: their readable definition, and what runs where WebAssembly is refused. Sums are float64. */
export class PlainKernels implements LinearKernels {
  readonly kind = 'plain';
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
  readonly order: Uint32Array;
  readonly parameters: Float32Array;
  readonly previous: Float32Array;
  readonly gradients: Float32Array;
  readonly outputs: Float32Array;
  readonly outputGradients: Float32Array;
  private readonly sums: Float64Array;
  private readonly sampler = new Generator(0);
  private squares = 0;
  /** The batch of mse_loss under way: where it begins in the order, its rows, and how many of them are passed. */
  private batch = { start: 0, rows: 0, passed: 0 };

  constructor(
    dataset: Pick<Dataset, 'inputs' | 'targets'>,
    readonly sizes: KernelSizes,
  ) {
    const count = linearParameterCount(sizes);
    const outputs = Math.min(sizes.rows, chunkRows) * sizes.outFeatures;
    this.inputs = dataset.inputs;
    this.targets = dataset.targets;
    this.order = new Uint32Array(sizes.rows);
    this.parameters = new Float32Array(count);
    this.previous = new Float32Array(count);
    this.gradients = new Float32Array(count);
    this.outputs = new Float32Array(outputs);
    this.outputGradients = new Float32Array(outputs);
    this.sums = new Float64Array(count);
  }

  prepareShuffles(): void {
    // A seed is worked out when it is used.
  }

  shuffle(count: number, seed: number): void {
    this.sampler.manualSeed(seed);
    this.sampler.shuffle(this.order.subarray(0, count));
  }

  forward(start: number, end: number): void {
    const { order, outputs, sizes } = this;
    let at = 0;
    for (let position = start; position < end; position++) {
      for (let output = 0; output < sizes.outFeatures; output++) {
        outputs[at++] = linearOutput(this.inputs, sizes, this.parameters, order[position], output);
      }
    }
  }

  begin(): void {
    this.sums.fill(0);
  }

  backward(start: number, end: number): void {
    const { order, outputGradients, sizes } = this;
    let at = 0;
    for (let position = start; position < end; position++) {
      for (let output = 0; output < sizes.outFeatures; output++) {
        this.addGradient(order[position], output, outputGradients[at++]);
      }
    }
  }

  end(): void {
    this.gradients.set(this.sums);
  }

  beginMse(start: number, end: number): void {
    this.begin();
    this.squares = 0;
    this.batch = { start, rows: end - start, passed: 0 };
  }

  addMse(rows: number): number {
    const { batch } = this;
    const from = batch.start + batch.passed;
    batch.passed = Math.min(batch.rows, batch.passed + wholeChunks(rows) * chunkRows);
    this.addMseRows(from, batch.start + batch.passed);
    return batch.passed;
  }

  stepMse(lr: number, lossSum: number): SpanResult {
    const { gradients, parameters, previous, sums } = this;
    const { rows } = this.batch;
    const lastLoss = Math.fround(this.squares / rows);
    const result = { batches: 1, lossSum: lossSum + lastLoss * rows, lastLoss };
    previous.set(parameters);
    if (!Number.isFinite(lastLoss)) return { ...result, notFinite: 'loss' };
    const rate = Math.fround(lr);
    for (let i = 0; i < sums.length; i++) {
      gradients[i] = (2 / rows) * sums[i];
      parameters[i] -= rate * gradients[i];
    }
    if (parameters.every(Number.isFinite)) return result;
    parameters.set(previous);
    return { ...result, notFinite: 'parameter' };
  }

  sgdMse(start: number, end: number, batchSize: number, lr: number, lossSum: number): SpanResult {
    let result: SpanResult = { batches: 0, lossSum, lastLoss: NaN };
    let batches = 0;
    for (let at = start; at < end && !result.notFinite; at += batchSize) {
      const rows = Math.min(batchSize, end - at);
      this.beginMse(at, at + rows);
      this.addMse(rows);
      result = this.stepMse(lr, result.lossSum);
      batches++;
    }
    return { ...result, batches };
  }

  private addMseRows(start: number, end: number): void {
    const { inputs, order, parameters, sizes, targets } = this;
    for (let position = start; position < end; position++) {
      const row = order[position];
      const residual = Math.fround(linearOutput(inputs, sizes, parameters, row, 0)) - targets[row];
      this.squares += residual * residual;
      this.addGradient(row, 0, residual);
    }
  }

  private addGradient(row: number, output: number, outputGradient: number): void {
    const { inputs, sizes, sums } = this;
    const { inFeatures, outFeatures, hasBias } = sizes;
    const weight = output * inFeatures;
    const x = row * inFeatures;
    for (let i = 0; i < inFeatures; i++) sums[weight + i] += outputGradient * inputs[x + i];
    if (hasBias) sums[inFeatures * outFeatures + output] += outputGradient;
  }
}
