import { encodePayload } from '../../src/run/payload';
import { snapshotVersion, type StoredRun } from '../../src/run/snapshotFile';

/** A whole run in one file, as the version before records wrote it. */
export function encodeRun(run: StoredRun): Uint8Array {
  return encodePayload({ version: snapshotVersion, run });
}
