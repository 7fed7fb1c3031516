import type { Dataset } from '../dataset';
import bytes from './kernels.wasm';
import sharedBytes from './sharedKernels.wasm';
import { fewRows, isWorthSharing, type Helper, type HelperTask } from './helper';
import type { SharingTrial } from './sharingTrial';
import { isShared, Layout, memoryOf, placeDataset } from './kernelMemory';
import type { NetAssembly } from './netAssembly';
import { Shuffler, type ShuffleAssembly } from './shuffler';
import { webAssembly, type WasmMemory, type WasmModule } from './webAssembly';
import {
  chunkRows,
  linearParameterCount,
  wholeChunks,
  type Kernels,
  type LinearKernels,
  type KernelSizes,
  type SpanResult,
} from './kernels';

/** What the assembly exports, with addresses in bytes; see `assembly/`. */
interface Assembly extends NetAssembly, ShuffleAssembly {
  place(...addresses: number[]): void;
  shape(rows: number, inFeatures: number, outFeatures: number, hasBias: number): void;
  forward(start: number, end: number): void;
  begin(): void;
  backward(start: number, end: number): void;
  end(scale: number): void;
  beginMse(start: number, end: number, shares: boolean): void;
  addMse(mostChunks: number): number;
  stepMse(lr: number): number;
  sgdMse(start: number, end: number, batchSize: number, lr: number, lossSum: number, share: number): number;
  multiplyRows(rows: number, count: number, stride: number, vectors: number, height: number, outputs: number): void;
  addMultiples(rows: number, count: number, stride: number, slopes: number, height: number, sums: number): void;
}

let compiled: WasmModule | undefined;
let compiledShared: WasmModule | undefined;
/** An instance that is used again is quick from its first call on. Only the last kernels of a memory may use it. */
const instances = new WeakMap<WasmMemory, Assembly>();

/** Bytes before the words of the chunks that two threads share; see `assembly/chunks.ts`. */
export const sharedHead = 32;
/** Bytes before the gradients of a slot. */
const slotHead = 16;
/** Inputs, in numbers, that are passed about each time before sharing is judged. */
const sampleNumbers = 2 ** 20;
const notFinite = [undefined, 'loss', 'parameter'] as const;

/** Whether this place runs WebAssembly with SIMD; a page's policy or an old engine may refuse it. */
export function canRunWasm(): boolean {
  try {
    compiled ??= webAssembly && new webAssembly.Module(bytes);
  } catch {
    return false;
  }
  return compiled !== undefined;
}

/** The assembly for a memory. */
export function moduleFor(memory: WasmMemory): WasmModule {
  if (!webAssembly || !canRunWasm() || !compiled) throw new Error('there is no WebAssembly with SIMD here');
  if (!isShared(memory)) return compiled;
  return (compiledShared ??= new webAssembly.Module(sharedBytes));
}

/** The assembly on a memory of its own; only where `canRunWasm` says so. */
export function instantiate(memory: WasmMemory): Assembly {
  if (!webAssembly) throw new Error('there is no WebAssembly here');
  return new webAssembly.Instance(moduleFor(memory), { env: { memory } }).exports as unknown as Assembly;
}

/** The one instance of the assembly on a memory. */
export function assemblyOf(memory: WasmMemory): Assembly {
  let assembly = instances.get(memory);
  if (!assembly) {
    assembly = instantiate(memory);
    instances.set(memory, assembly);
  }
  return assembly;
}

/** The kernels in WebAssembly with SIMD. The bits of their results are the same on every machine. */
export class WasmKernels implements LinearKernels {
  readonly kind = 'wasm';
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
  readonly order: Uint32Array;
  readonly parameters: Float32Array;
  readonly previous: Float32Array;
  readonly gradients: Float32Array;
  readonly outputs: Float32Array;
  readonly outputGradients: Float32Array;
  /** The last batch's loss, the sum of loss × rows, batches done. */
  private readonly report: Float64Array;
  private readonly assembly: Assembly;
  /** What a helper needs; undefined where the memory is not shared. */
  private readonly helperTask: Omit<HelperTask, 'id'> | undefined;
  /** Rows of the batch of mse_loss under way, and what is measured of it. */
  private batchRows = 0;
  private batch = { milliseconds: 0, mark: 0 };
  private readonly trial: SharingTrial | undefined;
  /** For each chunk the last batch in which either thread summed it. */
  private readonly doneWords: Uint32Array;
  private readonly orderAt: number;
  private readonly shuffler: Shuffler;

  /**
   * Takes the dataset over: its arrays are views on the kernels' memory afterwards, without a copy where they come
   * from `allocateDataset`.
   * @throws OutOfMemory where 4 GB do not suffice; Error where `canRunWasm` says no.
   */
  constructor(
    dataset: Pick<Dataset, 'inputs' | 'targets'>,
    readonly sizes: KernelSizes,
    private readonly helper?: Helper,
  ) {
    if (!webAssembly || !canRunWasm() || !compiled) throw new Error('there is no WebAssembly with SIMD here');
    const { rows, inFeatures, outFeatures, targetFeatures, hasBias } = sizes;
    const count = linearParameterCount(sizes);
    const outputs = Math.min(rows, chunkRows) * outFeatures;
    const layout = new Layout(0);
    const datasetAt = placeDataset(layout, rows, inFeatures, targetFeatures);
    this.orderAt = layout.take(rows * 4);
    const floats = [count, count, count, count, outputs, outputs].map((length) => layout.take(length * 4));
    const [parametersAt, previousAt, gradientsAt, chunkAt, outputsAt, outputGradientsAt] = floats;
    const [sumsAt, reportAt] = [count * 8, 3 * 8].map((size) => layout.take(size));
    const shufflesAt = Shuffler.take(layout);
    // Batches are shared in many small chunks or in large ones; with several outputs, they are not.
    const mostChunks = Math.max(Math.ceil(rows / chunkRows), Math.ceil(Math.min(rows, chunkRows) / fewRows));
    const chunks = outFeatures === 1 ? mostChunks : 0;
    const sharedAt = layout.take(sharedHead + chunks * 8);
    const slotsAt = layout.take(chunks * 2 * (slotHead + Math.ceil(count / 4) * 16));
    const memory = memoryOf(dataset, datasetAt, layout.pages(), Object.values(sizes).join(), helper !== undefined);
    const view = (at: number, length: number) => new Float32Array(memory.buffer, at, length);
    this.inputs = dataset.inputs;
    this.targets = dataset.targets;
    this.order = new Uint32Array(memory.buffer, this.orderAt, rows);
    this.parameters = view(parametersAt, count);
    this.previous = view(previousAt, count);
    this.gradients = view(gradientsAt, count);
    this.outputs = view(outputsAt, outputs);
    this.outputGradients = view(outputGradientsAt, outputs);
    this.report = new Float64Array(memory.buffer, reportAt, 3);
    this.assembly = assemblyOf(memory);
    const { inputsAt, targetsAt } = datasetAt;
    const place = [
      ...[inputsAt, targetsAt, this.orderAt, parametersAt, previousAt, gradientsAt, chunkAt, sumsAt],
      ...[outputsAt, outputGradientsAt, reportAt, sharedAt, slotsAt],
    ];
    const shape = [rows, inFeatures, outFeatures, hasBias ? 1 : 0] as const;
    this.assembly.place(...place);
    this.assembly.shape(...shape);
    if (helper && isShared(memory)) {
      const setUp: HelperTask['setUp'] = [
        ['place', place],
        ['shape', [...shape]],
      ];
      this.helperTask = { module: moduleFor(memory), memory, setUp, help: 'help' };
      this.trial = helper.trialFor(this.helperTask);
    }
    // What an earlier use of the memory has left there must not look like chunks that are done.
    this.doneWords = new Uint32Array(memory.buffer, sharedAt + sharedHead, chunks * 2).fill(0);
    this.shuffler = new Shuffler(this.assembly, memory, shufflesAt, this.orderAt);
  }

  /** Whether a helper has a part in batches that are worth it, as far as that is known by now. */
  get isShared(): boolean {
    return this.helperTask !== undefined && (this.trial ? !this.trial.isTrying && this.trial.shares : true);
  }

  prepareShuffles(count: number, seeds: Uint32Array): void {
    this.shuffler.prepare(count, seeds);
  }

  shuffle(count: number, seed: number): void {
    this.shuffler.shuffle(count, seed);
  }

  forward(start: number, end: number): void {
    this.assembly.forward(start, end);
  }

  begin(): void {
    this.assembly.begin();
  }

  backward(start: number, end: number): void {
    this.assembly.backward(start, end);
  }

  end(): void {
    this.assembly.end(1);
  }

  beginMse(start: number, end: number): void {
    this.batchRows = end - start;
    const isShared = this.isWorthSharing(this.batchRows) && this.shares();
    this.batch = { milliseconds: 0, mark: this.helperMark() };
    this.timed(() => this.assembly.beginMse(start, end, isShared));
  }

  addMse(rows: number): number {
    return this.timed(() => this.assembly.addMse(wholeChunks(rows)));
  }

  stepMse(lr: number, lossSum: number): SpanResult {
    const status = this.timed(() => this.assembly.stepMse(lr));
    const { milliseconds, mark } = this.batch;
    if (this.isWorthSharing(this.batchRows)) {
      this.trial?.record(this.batchRows, milliseconds, mark !== this.helperMark());
    }
    return this.result(status, 1, lossSum + this.report[0] * this.batchRows);
  }

  sgdMse(start: number, end: number, batchSize: number, lr: number, lossSum: number): SpanResult {
    const { trial } = this;
    if (!this.isWorthSharing(batchSize)) {
      const status = this.assembly.sgdMse(start, end, batchSize, lr, lossSum, 0);
      return this.result(status, this.report[2], this.report[1]);
    }
    let [from, sum, batches] = [start, lossSum, 0];
    for (;;) {
      const to = trial?.isTrying ? Math.min(end, from + this.sampleRows(batchSize)) : end;
      const isShared = this.shares();
      const mark = this.helperMark();
      const before = trial?.now() ?? 0;
      const status = this.assembly.sgdMse(from, to, batchSize, lr, sum, isShared ? 1 : 0);
      trial?.record(to - from, trial.now() - before, mark !== this.helperMark());
      batches += this.report[2];
      sum = this.report[1];
      if (to === end || status !== 0) return this.result(status, batches, sum);
      from = to;
    }
  }

  private result(status: number, batches: number, lossSum: number): SpanResult {
    return spanResult(this, status, { batches, lossSum, lastLoss: this.report[0] });
  }

  private isWorthSharing(batchRows: number): boolean {
    return this.helperTask !== undefined && isWorthSharing(this.sizes, batchRows);
  }

  /** Whether a helper takes part in what comes next; if so, it is running or starting. */
  private shares(): boolean {
    if (!this.helperTask || this.trial?.shares === false) return false;
    this.helper?.engage(this.helperTask);
    return true;
  }

  /** Rows in whole batches that are measured at a time. */
  private sampleRows(batchSize: number): number {
    return batchSize * Math.max(4, Math.ceil(sampleNumbers / (batchSize * this.sizes.inFeatures)));
  }

  /** Another number once the helper has done a chunk. */
  private helperMark(): number {
    let mark = 0;
    for (let i = 1; i < this.doneWords.length; i += 2) mark = (mark + this.doneWords[i]) | 0;
    return mark;
  }

  private timed<T>(work: () => T): T {
    const { trial } = this;
    if (!trial) return work();
    const before = trial.now();
    const result = work();
    this.batch.milliseconds += trial.now() - before;
    return result;
  }
}

/** What a span gave that ended with this status of the assembly; the parameters are then the last finite ones. */
export function spanResult(
  { parameters, previous }: Pick<Kernels, 'parameters' | 'previous'>,
  status: number,
  result: SpanResult,
): SpanResult {
  const what = notFinite[status];
  if (!what) return result;
  if (what === 'loss') previous.set(parameters);
  else parameters.set(previous);
  return { ...result, notFinite: what };
}
