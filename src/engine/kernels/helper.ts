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

/** What a helper thread works with: it makes an instance, sets it up, then calls `help` with `id`, which does not return. */
export interface HelperTask {
  module: WasmModule;
  memory: WasmMemory;
  /** Functions of the instance and the numbers that they take, in their order. */
  setUp: [name: string, numbers: number[]][];
  help: 'help' | 'helpNet';
  /** Another one for each thread that is started. */
  id: number;
}

/** Starts a thread that does a task; returns what ends it. */
export type StartHelper = (task: HelperTask) => () => void;

/** A second thread that takes part in large batches. It runs from the first such batch on, and has one task at a time. */
export class Helper {
  private current: { task: HelperTask; end: () => void } | undefined;
  private started = 0;
  private tried: { work: string; trial: SharingTrial } | undefined;

  /** @param now milliseconds: with it, batches are shared only while that is measured to be faster; without it, always. */
  constructor(
    private readonly start: StartHelper,
    private readonly now?: () => number,
  ) {}

  /**
   * Decides about sharing by measuring; undefined where there is no clock to do it by. Kernels that do the same work one after
   * the other have one trial: what was measured for the first ones holds for the next.
   */
  trialFor(task: Omit<HelperTask, 'id'>): SharingTrial | undefined {
    if (!this.now) return undefined;
    const work = workOf(task);
    if (this.tried?.work !== work) this.tried = { work, trial: new SharingTrial(this.now) };
    return this.tried.trial;
  }

  /** Sees to it that the thread does this task, and no other; returns the thread's number. */
  engage(wanted: Omit<HelperTask, 'id'>): number {
    if (this.current && isSame(this.current.task, wanted)) return this.current.task.id;
    this.dismiss();
    const task = { ...wanted, id: ++this.started };
    this.current = { task, end: this.start(task) };
    return task.id;
  }

  /** Ends the thread, which otherwise keeps the memory of its task alive. Kernels continue without it. */
  dismiss(): void {
    this.current?.end();
    this.current = undefined;
  }
}

function workOf({ setUp, help }: Omit<HelperTask, 'id'>): string {
  return JSON.stringify([setUp, help]);
}

function isSame(one: HelperTask, other: Omit<HelperTask, 'id'>): boolean {
  return one.memory === other.memory && workOf(one) === workOf(other);
}
