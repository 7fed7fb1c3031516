import { currentShape } from '../../protocol/earlierShape';
import { decodePayload } from './payload';
import type { RunSnapshot } from '../../protocol/protocol';

/** What is stored of a run: enough to show it again and to continue with it, bit for bit. */
export interface StoredRun {
  snapshot: RunSnapshot;
  /** The config as it was when the run started. */
  configText: string;
  seed: number;
}

/** The version of the files that held a whole run each; records (`recordBlocks.ts`) took their place. */
export const snapshotVersion = 2;

/** Reads a run from such a file. Undefined where the bytes are not a whole run of this version. */
export function decodeRun(bytes: Uint8Array): StoredRun | undefined {
  try {
    const { version, run } = decodePayload(bytes) as { version: number; run: StoredRun };
    if (version !== snapshotVersion) return undefined;
    const { snapshot } = run;
    return { ...run, snapshot: { ...snapshot, ...(snapshot.shape && { shape: currentShape(snapshot.shape) }) } };
  } catch {
    return undefined;
  }
}
