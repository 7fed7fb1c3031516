import { takeSnapshot } from '../../src/protocol/state';
import type { TrainingRun } from '../../src/host/runs/trainingRun';
import { encodePayload } from '../../src/host/records/payload';
import { snapshotVersion, type StoredRun } from '../../src/host/records/snapshotFile';

/** A whole run in one file, as the version before records wrote it. */
export function encodeRun(run: StoredRun): Uint8Array {
  return encodePayload({ version: snapshotVersion, run });
}

/** What such a file holds of a run. */
export function storedRun({ state, source: { configText, seed } }: TrainingRun): StoredRun {
  return { snapshot: takeSnapshot(state), configText, seed };
}
