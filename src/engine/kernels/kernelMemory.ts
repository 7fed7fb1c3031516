import type { Dataset } from '../dataset';
import { leastShared } from './helper';
import { webAssembly, type WasmMemory } from './webAssembly';

/** The WebAssembly memory that a dataset was read into, and how kernels have laid it out. */
const memories = new WeakMap<ArrayBufferLike, { memory: WasmMemory; layout?: string }>();

const pageBytes = 65536;
const mostBytes = 2 ** 32;
const mostPages = mostBytes / pageBytes;
/** Rows of a power-of-two width then do not straddle more cache lines than they must. */
const alignment = 128;
/** The assembly reads in vectors of 16 bytes, the last one of which may begin at the last number. */
const slack = 16;

/** A dataset is larger than the memory that kernels can have. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

/** Hands out spans of a memory that is yet to be made or grown. */
export class Layout {
  private bytes: number;

  constructor(from: number) {
    this.bytes = from;
  }

  /** Address of a span of `bytes` bytes. */
  take(bytes: number): number {
    const at = Math.ceil(this.bytes / alignment) * alignment;
    this.bytes = at + bytes + slack;
    return at;
  }

  /** Pages that hold all spans taken. @throws OutOfMemory beyond 4 GB. */
  pages(): number {
    if (this.bytes > mostBytes) {
      const gigabytes = (this.bytes / 1e9).toFixed(1);
      throw new OutOfMemory(`training needs ${gigabytes} GB for the dataset; WebAssembly holds at most 4.29 GB`);
    }
    return Math.ceil(this.bytes / pageBytes);
  }
}

/**
 * Room for a dataset in memory where kernels can work on it without a copy; ordinary arrays without WebAssembly.
 * @param shares whether a helper will be there, which memory for large batches is then shared with.
 */
export function allocateDataset(
  rows: number,
  inFeatures: number,
  targetFeatures: number,
  shares = false,
): Pick<Dataset, 'inputs' | 'targets'> {
  if (!webAssembly) {
    return { inputs: new Float32Array(rows * inFeatures), targets: new Float32Array(rows * targetFeatures) };
  }
  const layout = new Layout(0);
  const { inputsAt, targetsAt } = placeDataset(layout, rows, inFeatures, targetFeatures);
  const memory = makeMemory(layout.pages(), shares && rows * inFeatures >= leastShared);
  memories.set(memory.buffer, { memory });
  return {
    inputs: new Float32Array(memory.buffer, inputsAt, rows * inFeatures),
    targets: new Float32Array(memory.buffer, targetsAt, rows * targetFeatures),
  };
}

/** Room for other numbers of a dataset's shape: where kernels can work on them without a copy, if the dataset's own are there. */
export function allocateAlike({ rows, inputs, targets }: Pick<Dataset, 'rows' | 'inputs' | 'targets'>) {
  const known = memories.get(inputs.buffer);
  if (known) return allocateDataset(rows, inputs.length / rows, targets.length / rows, isShared(known.memory));
  return { inputs: new Float32Array(inputs.length), targets: new Float32Array(targets.length) };
}

/** New memory of so many pages, which other threads can be given where it is `shared`. */
function makeMemory(initial: number, shared: boolean): WasmMemory {
  if (!webAssembly) throw new Error('there is no WebAssembly here');
  return new webAssembly.Memory(shared ? { initial, shared, maximum: mostPages } : { initial });
}

/** Where the dataset lies: first of all, wherever it comes from. */
export function placeDataset(
  layout: Layout,
  rows: number,
  inFeatures: number,
  targetFeatures: number,
): { inputsAt: number; targetsAt: number } {
  // Address 0 stays unused.
  layout.take(alignment);
  const inputsAt = layout.take(rows * inFeatures * 4);
  return { inputsAt, targetsAt: layout.take(rows * targetFeatures * 4) };
}

/**
 * Memory with the dataset at its place: the memory that `allocateDataset` made, grown, or a new one that it is copied to.
 * The dataset's arrays are then views on that memory.
 * @param layout what the place of everything follows from. Memory that threads share keeps the first one for good: a
 * late helper may still write to its old place. Undefined: threads must not share the memory.
 * @param shares as for `allocateDataset`.
 */
export function memoryOf(
  dataset: Pick<Dataset, 'inputs' | 'targets'>,
  { inputsAt, targetsAt }: { inputsAt: number; targetsAt: number },
  pages: number,
  layout: string | undefined,
  shares: boolean,
): WasmMemory {
  const { inputs, targets } = dataset;
  const [inputsLength, targetsLength] = [inputs.length, targets.length];
  const known = memories.get(inputs.buffer);
  const isPlaced =
    inputs.buffer === targets.buffer && inputs.byteOffset === inputsAt && targets.byteOffset === targetsAt;
  const isOwn = known && !isShared(known.memory);
  const isFree = isOwn || (layout !== undefined && (!known?.layout || known.layout === layout));
  const memory = known && isPlaced && isFree ? known.memory : makeMemory(pages, shares && inputsLength >= leastShared);
  // Grown in place; the old views lose their memory, or end where it ended.
  const missing = pages - memory.buffer.byteLength / pageBytes;
  if (missing > 0) memory.grow(missing);
  const views = {
    inputs: new Float32Array(memory.buffer, inputsAt, inputsLength),
    targets: new Float32Array(memory.buffer, targetsAt, targetsLength),
  };
  if (memory !== known?.memory) {
    views.inputs.set(inputs);
    views.targets.set(targets);
  }
  memories.set(memory.buffer, { memory, ...(layout !== undefined && { layout }) });
  Object.assign(dataset, views);
  return memory;
}

/** Whether other threads can be given the memory too. */
export function isShared({ buffer }: WasmMemory): boolean {
  return !(buffer instanceof ArrayBuffer);
}
