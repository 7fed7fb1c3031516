import type { Dataset } from '../dataset';
import {
  chunkRows,
  wholeChunks,
  type FusedKernels,
  type Kernels,
  type LinearKernels,
  type SpanResult,
} from '../kernels/kernels';
import type { Model } from '../nn/model';
import { countOf, type Loss } from '../nn/losses';
import { numbersAt } from '../numbers';
import type { Penalty } from '../nn/penalty';
import type { Optimizer } from '../optim/optimizer';
import { LongStep } from './longStep';

/** What batches are trained with. */
export interface PassParts {
  dataset: Dataset;
  /** Hold the dataset, the model's parameters and the order of the rows. */
  kernels: Kernels;
  model: Model;
  loss: Loss;
  optimizer: Optimizer;
  /** Part of the loss that is trained, not of that of the rows held out. */
  penalty?: Penalty;
}

/** Kernels that can train whole batches: of one linear output, the mean of its squared errors, steps of `p -= lr * g`, rows that all count the same. */
function fusedKernels({ dataset, kernels, loss, model, optimizer, penalty }: PassParts): LinearKernels | undefined {
  const isOneOutput = model.outFeatures === 1 && dataset.targetNames.length === 1;
  const isFused = isOneOutput && loss.isMeanSquare === true && optimizer.isPlain && !penalty && 'sgdMse' in kernels;
  if (dataset.sampleWeight) return undefined;
  return isFused ? (kernels as LinearKernels) : undefined;
}

/** Kernels of a net that know the loss, where all rows count the same. */
function netKernels({ dataset, kernels, loss, model }: PassParts): FusedKernels | undefined {
  const isOneColumn = loss.targets === 'classes' && dataset.targetNames.length === 1;
  const fits = isOneColumn || dataset.targetNames.length === model.outFeatures;
  if (!loss.fused || dataset.sampleWeight) return undefined;
  return fits && 'addLoss' in kernels ? (kernels as FusedKernels) : undefined;
}

/**
 * Trains batches that are spans of the kernels' order: whole ones in the kernels alone where loss and optimizer allow,
 * others pass by pass. A batch of more rows than a chunk can be trained in parts.
 */
export class BatchPasses {
  /** Rows of the batch under way that are passed; 0 between two batches. */
  passed = 0;
  private lossOfPassed = 0;
  /** The step of a batch that is passed several times, and its first result. */
  private long: { step: LongStep; result: SpanResult } | undefined;
  /** What the sum of the batch under way is divided by. */
  private count = 1;
  private readonly targets: Float32Array;
  /** Of the rows passed last, where rows have weights. */
  private readonly weights: Float32Array | undefined;
  /** The kernels where they know loss and optimizer. */
  private readonly fused: LinearKernels | undefined;
  private readonly net: FusedKernels | undefined;

  constructor(private readonly parts: PassParts) {
    const { dataset } = parts;
    this.fused = fusedKernels(parts);
    this.net = netKernels(parts);
    const most = Math.min(dataset.rows, chunkRows);
    this.targets = new Float32Array(most * dataset.targetNames.length);
    this.weights = dataset.sampleWeight && new Float32Array(most);
  }

  /** Trains the rows `[start, end)` in batches of `size`, at most a chunk, up to the first number that is not finite. */
  train(start: number, end: number, size: number, lossSum: number): SpanResult {
    const { kernels, loss, optimizer, penalty } = this.parts;
    if (this.net && optimizer.rule && !penalty)
      return this.net.train(start, end, size, loss.fused!, optimizer, lossSum);
    if (this.fused) return this.counted(this.fused.sgdMse(start, end, size, optimizer.lr, lossSum));
    let result: SpanResult = { batches: 0, lossSum, lastLoss: NaN };
    for (let from = start; from < end && !result.notFinite; from += size) {
      const to = Math.min(from + size, end);
      kernels.begin();
      const { batches } = result;
      this.count = this.countOver(from, to);
      result = this.finish(this.addRows(from, to), to - from, result.lossSum);
      while (this.long && !this.goOn(from, to)) continue;
      result.batches += batches;
    }
    return result;
  }

  /** Trains about `rowBudget` rows of the batch `[start, end)`, from where the last call left it. A result when it is done. */
  trainPart(start: number, end: number, rowBudget: number, lossSum: number): SpanResult | undefined {
    const rows = end - start;
    if (this.fused) {
      if (this.passed === 0) this.fused.beginMse(start, end);
      this.passed = this.fused.addMse(rowBudget);
      if (this.passed < rows) return undefined;
      this.passed = 0;
      return this.counted(this.fused.stepMse(this.parts.optimizer.lr, lossSum));
    }
    if (!this.long) {
      this.passChunks(start, end, wholeChunks(rowBudget));
      if (this.passed < rows) return undefined;
      const result = this.finish(this.lossOfPassed, rows, lossSum);
      if (this.long) return undefined;
      this.passed = 0;
      return result;
    }
    const { result } = this.long;
    this.passed += rows;
    if (!this.goOn(start, end)) return undefined;
    this.passed = 0;
    return result;
  }

  /** Forgets of a batch what is half done. */
  startOver(): void {
    this.passed = 0;
    this.long = undefined;
  }

  /** The loss over the rows `[start, end)` without its penalty; NaN if there are none. */
  lossOver(start: number, end: number): number {
    if (start === end) return NaN;
    let sum = 0;
    for (let from = start; from < end; from += chunkRows) sum += this.forward(from, Math.min(from + chunkRows, end));
    return Math.fround(sum / this.countOver(start, end));
  }

  /** What the sum of the loss over the rows `[start, end)` is divided by. */
  private countOver(start: number, end: number): number {
    const { dataset, kernels, loss, model } = this.parts;
    const { order, targets } = kernels;
    const rows = order.subarray(start, end);
    const own = loss.weightOf ? numbersAt(targets, rows) : [];
    const weights = dataset.sampleWeight && numbersAt(dataset.sampleWeight.values, rows);
    return countOf(loss, own, rows.length, model.outFeatures, weights);
  }

  /** Steps that the kernels took are steps of the optimizer. */
  private counted(result: SpanResult): SpanResult {
    this.parts.optimizer.steps += result.notFinite === 'loss' ? result.batches - 1 : result.batches;
    return result;
  }

  private passChunks(start: number, end: number, chunks: number): void {
    if (this.passed === 0) {
      this.parts.kernels.begin();
      this.lossOfPassed = 0;
      this.count = this.countOver(start, end);
    }
    const to = Math.min(end, start + this.passed + chunks * chunkRows);
    for (let at = start + this.passed; at < to; at += chunkRows) {
      this.lossOfPassed += this.addRows(at, Math.min(at + chunkRows, to));
    }
    this.passed = to - start;
  }

  /** Adds rows to the gradients of the batch under way; returns the sum of their losses. */
  private addRows(start: number, end: number): number {
    const { kernels, loss, model } = this.parts;
    if (this.net) return this.net.addLoss(start, end, loss.fused!, this.count);
    const { outputGradients, outputs } = kernels;
    const rows = end - start;
    const sum = this.forward(start, end);
    loss.gradients(outputs, this.targets, rows, model.outFeatures, outputGradients);
    const share = loss.sums ? 1 : countOf(loss, this.targets, rows, model.outFeatures) / this.count;
    if (this.weights) {
      for (let i = 0; i < rows * model.outFeatures; i++) {
        outputGradients[i] *= share * this.weights[Math.floor(i / model.outFeatures)];
      }
    } else if (share !== 1) {
      for (let i = 0; i < rows * model.outFeatures; i++) outputGradients[i] *= share;
    }
    kernels.backward(start, end);
    return sum;
  }

  /** Ends a batch that `addRows` made with a step of the optimizer, or begins a long one. */
  private finish(sum: number, rows: number, lossSum: number): SpanResult {
    const { kernels, model, optimizer } = this.parts;
    const lastLoss = this.lossOf(sum);
    const result = { batches: 1, lossSum: lossSum + lastLoss * rows, lastLoss };
    kernels.previous.set(model.parameters);
    this.endGradients();
    if (!Number.isFinite(lastLoss)) return { ...result, notFinite: 'loss' };
    const rest = optimizer.step(model.parameters, model.gradients, lastLoss);
    if (!rest) return this.checked(result);
    this.long = { step: new LongStep(this.parts, rest), result };
    return result;
  }

  /** Passes the batch `[start, end)` once more for the step that is under way; whether that is over. */
  private goOn(start: number, end: number): boolean {
    const { step, result } = this.long!;
    const isOver = step.goOn(() => {
      this.parts.kernels.begin();
      let sum = 0;
      for (let at = start; at < end; at += chunkRows) sum += this.addRows(at, Math.min(at + chunkRows, end));
      this.endGradients();
      return this.lossOf(sum);
    });
    if (!isOver) return false;
    this.long = undefined;
    Object.assign(result, this.checked(result));
    return true;
  }

  /** The loss of a batch with its penalty. */
  private lossOf(sum: number): number {
    const { model, penalty } = this.parts;
    return Math.fround(sum / this.count + (penalty?.value(model.parameters) ?? 0));
  }

  private endGradients(): void {
    const { kernels, model, penalty } = this.parts;
    kernels.end();
    penalty?.addGradient(model.parameters, model.gradients);
  }

  /** Takes back a step to parameters that are not finite. */
  private checked(result: SpanResult): SpanResult {
    const { kernels, model } = this.parts;
    if (model.parameters.every(Number.isFinite)) return result;
    model.parameters.set(kernels.previous);
    return { ...result, notFinite: 'parameter' };
  }

  /** Leaves outputs and targets of the rows in the buffers; returns the sum of their losses. */
  private forward(start: number, end: number): number {
    const { dataset, kernels, loss, model } = this.parts;
    const { order, outputs, targets } = kernels;
    const width = dataset.targetNames.length;
    kernels.forward(start, end);
    let at = 0;
    for (let position = start; position < end; position++) {
      const row = order[position] * width;
      for (let target = 0; target < width; target++) this.targets[at++] = targets[row + target];
    }
    const { weights } = this;
    if (weights) for (let i = start; i < end; i++) weights[i - start] = dataset.sampleWeight!.values[order[i]];
    return loss.sum(outputs, this.targets, end - start, model.outFeatures, weights);
  }
}
