import type { EpochColumns } from '../../protocol/history';

/** Reads epochs of a run from where every one of them is kept. */
export interface EpochSource {
  /** Epochs from `first` on, at most `count`, each exactly as it was trained. Rejects with a sentence for people. */
  readEpochs(runId: string, first: number, count: number): Promise<EpochColumns>;
}
