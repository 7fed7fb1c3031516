/** Time as a window sees it: a clock that somebody sets changes nothing. */
export interface HostClock {
  /** Milliseconds from some fixed moment; they never go back. */
  now(): number;
  /** Runs a task after some milliseconds, unless what it gives back is called before. */
  later(task: () => void, milliseconds: number): () => void;
}

/** The clock of the extension host. */
export const hostClock: HostClock = {
  now: () => performance.now(),
  later: (task, milliseconds) => {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Resolves after some milliseconds. */
export function wait(clock: HostClock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void clock.later(resolve, milliseconds));
}
