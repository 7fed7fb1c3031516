import type { HostClock } from '../../src/host/runs/hostClock';

/** A clock that goes on only when it is told to. */
export interface DrivenClock extends HostClock {
  /** Lets time pass, and what is due happen, in order. Resolves after what that began has had its turns. */
  pass(milliseconds: number): Promise<void>;
}

/** Time that is driven by hand. What takes no time, such as `later` with 0, happens by itself. */
export function drivenClock(): DrivenClock {
  let time = 0;
  const tasks = new Set<{ due: number; task: () => void }>();
  const later = (task: () => void, milliseconds: number) => {
    if (milliseconds <= 0) {
      const immediate = setImmediate(task);
      return () => clearImmediate(immediate);
    }
    const planned = { due: time + milliseconds, task };
    tasks.add(planned);
    return () => void tasks.delete(planned);
  };
  const pass = async (milliseconds: number) => {
    const end = time + milliseconds;
    for (;;) {
      const [next] = [...tasks].sort((a, b) => a.due - b.due);
      if (!next || next.due > end) break;
      time = next.due;
      tasks.delete(next);
      next.task();
      await turns();
    }
    time = end;
    await turns();
  };
  return { now: () => time, later, pass };
}

/** Lets real files be read and written meanwhile. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}
