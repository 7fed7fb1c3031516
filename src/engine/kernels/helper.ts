import type { KernelSizes } from './kernels';
import { SharingTrial } from './sharingTrial';
import type { WasmMemory, WasmModule } from './webAssembly';

/** Inputs in a dataset, in numbers, from which on a second thread is worth being started for. */
export const leastShared = 2 ** 20;
/** Inputs in a batch, in numbers, from which on two threads sum it sooner than one. */
export const leastSharedBatch = 2 ** 12;
/** Rows of a chunk, the least that a thread takes, where a batch has at most `chunkRows` of them. */
export const fewRows = 64;

/** Whether batches of this size are shared with a helper if one is offered. */
export function isWorthSharing(
  { rows, inFeatures }: Pick<KernelSizes, 'rows' | 'inFeatures'>,
  batchRows: number,
): boolean {
  const isLarge = rows * inFeatures >= leastShared && batchRows * inFeatures >= leastSharedBatch;
  return isLarge && batchRows > fewRows;
}

/** What a helper thread works with: it makes an instance, calls `place` and `shape` with these numbers, then `help`, which does not return. */
export interface HelperTask {
  module: WasmModule;
  memory: WasmMemory;
  place: number[];
  shape: number[];
}

/** Starts a thread that does a task; returns what ends it. */
export type StartHelper = (task: HelperTask) => () => void;

let startHelper: StartHelper | undefined;
let clock: (() => number) | undefined;
let current: { task: HelperTask; end: () => void } | undefined;

/**
 * Lets batches of much work be shared with a second thread. Kernels ask for it when they meet one; one at a time is enough.
 * @param now milliseconds: with it, batches are shared only while that is measured to be faster; without it, always.
 */
export function offerHelper(start: StartHelper | undefined, now?: () => number): void {
  dismissHelper();
  startHelper = start;
  clock = now;
}

/** Decides about sharing by measuring; undefined where nobody offered a clock. */
export function newSharingTrial(): SharingTrial | undefined {
  return clock && new SharingTrial(clock);
}

/** Whether a dataset should lie in memory that a helper can share. */
export function isHelperOffered(): boolean {
  return startHelper !== undefined;
}

/** Sees to it that the helper does this task, and no other. */
export function engageHelper(task: HelperTask): void {
  if (!startHelper || (current && isSame(current.task, task))) return;
  dismissHelper();
  current = { task, end: startHelper(task) };
}

/** Ends the helper thread, which otherwise keeps the memory of its task alive. Kernels continue without it. */
export function dismissHelper(): void {
  current?.end();
  current = undefined;
}

function isSame(one: HelperTask, other: HelperTask): boolean {
  const numbers = ({ place, shape }: HelperTask) => [...place, ...shape].join();
  return one === other || (one.memory === other.memory && numbers(one) === numbers(other));
}
