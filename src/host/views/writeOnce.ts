import { wait, type HostClock } from '../records/hostClock';

/** Milliseconds for which a page may stay empty. VS Code shows meanwhile that it is busy. */
export const longestEmpty = 2000;

/**
 * Calls `write` once: when what the page shows is known, or after `longestEmpty` without it. VS Code may show the older
 * one of two HTML texts for ever where the second comes while the first one loads.
 */
export async function writeOnce(known: Promise<void>, clock: HostClock, write: () => void): Promise<void> {
  await Promise.race([known, wait(clock, longestEmpty)]);
  write();
}
