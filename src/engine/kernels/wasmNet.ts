import type { Dataset } from '../dataset';
import { parameterCount, widthsOf, type ModelShape } from '../nn/layers';
import type { FusedLoss } from '../nn/losses';
import type { Helper } from './helper';
import type { Optimizer, StepRule } from '../optim/optimizer';
import { isShared, Layout, memoryOf, placeDataset } from './kernelMemory';
import { chunkRows, type FusedKernels, type SpanResult } from './kernels';
import { layerRecords, layerWords, packedCount, packedPlaces, padded, splitOf } from './netLayout';
import { mayShare, NetSharing, sharedWordBytes, stageRowsOf } from './netSharing';
import { Shuffler } from './shuffler';
import { assemblyOf, moduleFor, spanResult } from './wasmKernels';

/** Numbers of all layers that a tile of rows has about, so that they stay in the cache. */
const tileNumbers = 12_288;
/** Parameters, previous, gradients, and three that an optimizer may keep. */
const spans = 6;
const firstBuffer = 3;
/** Batches whose step sizes are handed over at a time. */
const stepsAtATime = 512;
/** Numbers that tell an optimizer's step. */
const ruleNumbers = 7;

/** Those of `assembly/netLosses.ts`. */
const lossCodes: Partial<Record<FusedLoss['name'], number>> = {
  mse_loss: 0,
  l1_loss: 1,
  smooth_l1_loss: 2,
  huber_loss: 3,
  binary_cross_entropy_with_logits: 4,
  cross_entropy: 5,
};

/**
 * Kernels of several layers in WebAssembly with SIMD: sums of float32 in a fixed order, so that their bits are the same on
 * every machine. Rows are passed in tiles, and neither the tile's size nor a helper changes a bit.
 */
export class WasmNetKernels implements FusedKernels {
  readonly kind = 'wasm';
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
  readonly order: Uint32Array;
  readonly parameters: Float32Array;
  readonly previous: Float32Array;
  readonly gradients: Float32Array;
  readonly outputs: Float32Array;
  readonly outputGradients: Float32Array;
  private readonly assembly;
  private readonly shuffler: Shuffler;
  private readonly report: Float64Array;
  private readonly rule: Float64Array;
  private readonly steps: Float64Array;
  /** What an optimizer keeps, laid out as the parameters. */
  private readonly buffers: Float32Array[];
  private readonly outFeatures: number;
  private readonly sharing: NetSharing | undefined;

  /**
   * Takes the dataset over, as `WasmKernels` does.
   * @throws OutOfMemory where 4 GB do not suffice; Error where `canRunWasm` says no.
   */
  constructor(
    dataset: Pick<Dataset, 'inputs' | 'targets' | 'rows'>,
    { layers, parameters: specs }: ModelShape,
    helper?: Helper,
  ) {
    const { rows } = dataset;
    const widths = widthsOf(layers);
    const inFeatures = widths[0];
    this.outFeatures = widths[widths.length - 1];
    const count = parameterCount(specs);
    const packed = packedCount(layers);
    const outputs = Math.min(rows, chunkRows) * this.outFeatures;
    const layout = new Layout(0);
    const takeFloats = (length: number) => layout.take(length * 4);
    const takeDoubles = (length: number) => layout.take(length * 8);
    const datasetAt = placeDataset(layout, rows, inFeatures, dataset.targets.length / rows);
    const orderAt = takeFloats(rows);
    const [outputsAt, outputGradientsAt] = [takeFloats(outputs), takeFloats(outputs)];
    const [sumsAt, reportAt, ruleAt] = [takeDoubles(packed), takeDoubles(3), takeDoubles(ruleNumbers)];
    const stepsAt = takeDoubles(2 * stepsAtATime);
    const shufflesAt = Shuffler.take(layout);
    const flat = Array.from({ length: spans }, () => takeFloats(count));
    const [spansAt, placesAt] = [takeFloats(2 * spans), takeFloats(count)];
    const layersAt = takeFloats(layers.length * layerWords);
    const shares = helper !== undefined && mayShare(rows, inFeatures, packed);
    const tile = tileRowsOf(widths, rows);
    const stage = shares ? stageRowsOf(tile, numbersOf(widths), Math.min(rows, chunkRows)) : tile;
    const [sharedAt, tileSumsAt] = [layout.take(shares ? sharedWordBytes : 0), takeDoubles(shares ? stage / tile : 0)];
    // What is read in whole vectors, and is 0 beyond its numbers.
    const clearFrom = layout.take(0);
    const packedAt = Array.from({ length: spans + 1 }, () => takeFloats(packed));
    const values = widths.map((width) => takeFloats(stage * padded(width)));
    const slopes = widths.map((width) => takeFloats(stage * padded(width)));
    const clearTo = layout.take(0);
    // An activation turns slopes in place.
    for (let i = layers.length - 1; i >= 0; i--) if (layers[i].type !== 'Linear') slopes[i] = slopes[i + 1];

    const key = shares ? JSON.stringify([rows, dataset.targets.length, layers]) : undefined;
    const memory = memoryOf(dataset, datasetAt, layout.pages(), key, shares);
    const floats = (at: number, length: number) => new Float32Array(memory.buffer, at, length);
    const doubles = (at: number, length: number) => new Float64Array(memory.buffer, at, length);
    new Uint8Array(memory.buffer, clearFrom, clearTo - clearFrom).fill(0);
    new Uint8Array(memory.buffer, layersAt).set(new Uint8Array(layerRecords(layers, { values, slopes })));
    new Uint32Array(memory.buffer, spansAt, 2 * spans).set(flat.flatMap((at, i) => [at, packedAt[i]]));
    new Uint32Array(memory.buffer, placesAt, count).set(packedPlaces(layers, count));
    this.inputs = dataset.inputs;
    this.targets = dataset.targets;
    this.order = new Uint32Array(memory.buffer, orderAt, rows);
    [this.parameters, this.previous, this.gradients, ...this.buffers] = flat.map((at) => floats(at, count));
    this.outputs = floats(outputsAt, outputs);
    this.outputGradients = floats(outputGradientsAt, outputs);
    this.report = doubles(reportAt, 3);
    this.rule = doubles(ruleAt, ruleNumbers);
    this.steps = doubles(stepsAt, 2 * stepsAtATime);
    this.assembly = assemblyOf(memory);
    const { inputsAt, targetsAt } = datasetAt;
    const [parametersAt, previousAt, gradientsAt] = packedAt;
    const place = [
      ...[inputsAt, targetsAt, orderAt, parametersAt, previousAt, gradientsAt, packedAt[spans], sumsAt],
      ...[outputsAt, outputGradientsAt, reportAt, sharedAt, tileSumsAt],
    ];
    const sizes = [rows, inFeatures, this.outFeatures, packed];
    const placeNet = [layersAt, layers.length, tile, spansAt, placesAt, count, ...sizes] as const;
    const placeStages = [stage, splitOf(layers)] as const;
    this.assembly.place(...place);
    this.assembly.placeNet(...placeNet);
    this.assembly.placeStages?.(...placeStages);
    if (helper && isShared(memory)) {
      const setUp = Object.entries({ place, placeNet: [...placeNet], placeStages: [...placeStages] });
      const task = { module: moduleFor(memory), memory, setUp, help: 'helpNet' } as const;
      this.sharing = new NetSharing(helper, task, sharedAt, packed);
    }
    this.shuffler = new Shuffler(this.assembly, memory, shufflesAt, orderAt);
  }

  prepareShuffles(count: number, seeds: Uint32Array): void {
    this.shuffler.prepare(count, seeds);
  }

  shuffle(count: number, seed: number): void {
    this.shuffler.shuffle(count, seed);
  }

  forward(start: number, end: number): void {
    this.assembly.forwardNet(start, end);
  }

  predict(rows: Uint32Array, parameters: Float32Array): Float32Array {
    const { assembly, order, outFeatures, outputs } = this;
    const most = Math.min(order.length, chunkRows);
    const [ordered, trained] = [order.slice(0, most), this.parameters.slice()];
    const predictions = new Float32Array(rows.length * outFeatures);
    this.parameters.set(parameters);
    for (let from = 0; from < rows.length; from += most) {
      const part = rows.subarray(from, from + most);
      order.set(part);
      assembly.forwardNet(0, part.length);
      predictions.set(outputs.subarray(0, part.length * outFeatures), from * outFeatures);
    }
    order.set(ordered);
    this.parameters.set(trained);
    return predictions;
  }

  begin(): void {
    this.assembly.packNet(0, 1);
    this.assembly.begin();
  }

  backward(start: number, end: number): void {
    this.assembly.backwardNet(start, end);
  }

  end(): void {
    this.assembly.end(1);
    this.assembly.unpackNet(2, 3);
  }

  addLoss(start: number, end: number, loss: FusedLoss, divisor: number): number {
    this.assembly.chooseLoss(codeOf(loss), loss.option);
    return this.assembly.addNet(start, end, divisor);
  }

  train(
    start: number,
    end: number,
    batchSize: number,
    loss: FusedLoss,
    optimizer: Optimizer,
    lossSum: number,
  ): SpanResult {
    const { assembly, buffers, report } = this;
    const used = firstBuffer + optimizer.buffers.length;
    optimizer.buffers.forEach((buffer, i) => buffers[i].set(buffer));
    assembly.packNet(0, 1);
    assembly.packNet(firstBuffer, used);
    assembly.chooseLoss(codeOf(loss), loss.option);
    let [from, sum, batches, status] = [start, lossSum, 0, 0];
    const perRow = loss.sums ? 0 : loss.name === 'cross_entropy' ? 1 : this.outFeatures;
    const sharing = this.sharing?.isWorth(batchSize) ? this.sharing : undefined;
    while (from < end && status === 0) {
      const most = Math.min(end - from, batchSize * stepsAtATime);
      const { rows, thread } = sharing?.begin(batchSize, most) ?? { rows: most, thread: 0 };
      const { ruleAt, stepsAt } = this.writeRule(optimizer, Math.ceil(rows / batchSize));
      const isFirst = optimizer.steps === 0;
      status = assembly.trainNet(from, from + rows, batchSize, perRow, ruleAt, stepsAt, isFirst, sum, thread);
      sharing?.end(rows);
      from += rows;
      sum = report[1];
      batches += report[2];
      optimizer.steps += status === 1 ? report[2] - 1 : report[2];
    }
    assembly.unpackNet(0, 3);
    assembly.unpackNet(firstBuffer, used);
    optimizer.buffers.forEach((buffer, i) => buffer.set(buffers[i]));
    return spanResult(this, status, { batches, lossSum: sum, lastLoss: report[0] });
  }

  /** Writes how the next steps are taken; returns where that is, `stepsAt` 0 where all of them are alike. */
  private writeRule({ rule, lr, steps: taken }: Optimizer, count: number): { ruleAt: number; stepsAt: number } {
    if (!rule) throw new Error('the optimizer has no rule that kernels know');
    this.rule.set(ruleOf(rule, lr));
    const ruleAt = this.rule.byteOffset;
    if (rule.type === 'SGD') return { ruleAt, stepsAt: 0 };
    const [first, second] = rule.betas;
    for (let i = 0; i < count; i++) {
      const step = taken + i + 1;
      this.steps[2 * i] = lr / (1 - first ** step);
      this.steps[2 * i + 1] = Math.sqrt(1 - second ** step);
    }
    return { ruleAt, stepsAt: this.steps.byteOffset };
  }
}

function codeOf({ name }: FusedLoss): number {
  const code = lossCodes[name];
  if (code === undefined) throw new Error(`${name} is not among the losses that kernels know`);
  return code;
}

/** The numbers that `assembly/netSteps.ts` takes. */
function ruleOf(rule: StepRule, lr: number): number[] {
  if (rule.type === 'SGD') {
    const { momentum, dampening, weight_decay, nesterov } = rule;
    return [Math.fround(lr), momentum, dampening, weight_decay, nesterov ? 1 : 0];
  }
  const { betas, eps, weight_decay, amsgrad, decaysApart } = rule;
  const shrinkage = decaysApart ? 1 - lr * weight_decay : 1;
  const decay = decaysApart ? 0 : weight_decay;
  return [0, shrinkage, Math.fround(1 - betas[0]), betas[1], eps, decay, amsgrad ? 1 : 0];
}

/** Rows of a tile: few enough for the cache, many enough that what is done once for each tile is little. */
function tileRowsOf(widths: number[], rows: number): number {
  const fitting = Math.floor(tileNumbers / numbersOf(widths) / 4) * 4;
  return Math.min(Math.max(16, Math.min(fitting, 256)), Math.max(4, Math.min(rows, chunkRows)));
}

/** Numbers between the layers, and slopes by them, for a row. */
function numbersOf(widths: number[]): number {
  return widths.reduce((sum, width) => sum + 2 * padded(width), 0);
}
