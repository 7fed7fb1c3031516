import type { RunIdentity } from '../../protocol/protocol';

/** The id of a run that begins now, and when that is. */
export function newIdentity(): Pick<RunIdentity, 'id' | 'startedAt'> {
  const startedAt = Date.now();
  return { id: `${startedAt.toString(36)}-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`, startedAt };
}
