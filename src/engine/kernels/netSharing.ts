import { leastShared, type Helper, type HelperTask } from './helper';
import type { SharingTrial } from './sharingTrial';

/** Packed parameters times rows of a batch from which on two threads pass it sooner than one. */
const leastSharedWork = 2 ** 17;
/** Packed parameters times rows that are passed about each time before sharing is judged, and how many times that later. */
const sampleWork = 2 ** 23;
const laterSamples = 16;
/** Numbers between the layers that the rows of a stage have about. */
const stageNumbers = 2 ** 18;
/** Bytes of the words that threads share, and where among them the thread that is ready is named; see `assembly/netShared.ts`. */
export const sharedWordBytes = 384;
const readyWord = 64;

/** Whether the kernels of a net take memory that a helper can be given. */
export function mayShare(rows: number, inFeatures: number, packed: number): boolean {
  return rows * inFeatures >= leastShared && rows * packed >= leastSharedWork;
}

/** Rows of a stage, whole tiles: at least one for each thread, at most those of a batch. */
export function stageRowsOf(tileRows: number, rowNumbers: number, mostRows: number): number {
  const tiles = Math.max(2, Math.floor(stageNumbers / rowNumbers / tileRows));
  return tileRows * Math.min(tiles, Math.ceil(mostRows / tileRows));
}

/** Whether the batches of a net are shared with a helper, and with which thread. */
export class NetSharing {
  private readonly trial: SharingTrial | undefined;
  private readonly words: Int32Array;
  /** The one that has a part in what is passed now; 0 for none. */
  private thread = 0;
  private began = 0;

  /** @param wordsAt address of the shared words. */
  constructor(
    private readonly helper: Helper,
    private readonly task: Omit<HelperTask, 'id'>,
    wordsAt: number,
    private readonly packed: number,
  ) {
    this.trial = helper.trialFor(task);
    this.words = new Int32Array(task.memory.buffer, wordsAt, sharedWordBytes / 4);
  }

  isWorth(batchSize: number): boolean {
    return batchSize * this.packed >= leastSharedWork;
  }

  /** Begins to pass rows, of which there are `most`: returns how many of them, and the thread that helps, 0 for none. */
  begin(batchSize: number, most: number): { rows: number; thread: number } {
    const { helper, packed, task, trial, words } = this;
    const isWanted = trial?.shares !== false;
    const id = isWanted || trial?.isTrying ? helper.engage(task) : 0;
    const isReady = id !== 0 && Atomics.load(words, readyWord) === id;
    this.thread = isWanted && isReady ? id : 0;
    this.began = trial?.now() ?? 0;
    const settled = trial?.isTrying === false || (!trial && isReady);
    const sample = batchSize * Math.max(4, Math.ceil(sampleWork / (batchSize * packed)));
    return { rows: Math.min(most, settled ? laterSamples * sample : sample), thread: this.thread };
  }

  /** Ends what was begun. A helper that is not there yet is waited for, and nothing is learned from that. */
  end(rows: number): void {
    const { thread, trial } = this;
    if (trial && (thread !== 0 || !trial.shares)) trial.record(rows, trial.now() - this.began, thread !== 0);
  }
}
