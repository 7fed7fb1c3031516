import { encodePayload } from '../../src/host/records/payload';
import { snapshotVersion, type StoredRun } from '../../src/host/records/snapshotFile';

/** A whole run in one file, as the version before records wrote it. */
export function encodeRun(run: StoredRun): Uint8Array {
  return encodePayload({ version: snapshotVersion, run });
}
