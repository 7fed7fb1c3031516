import type { HostClock } from '../../src/host/records/hostClock';
import type { RecordFolder } from '../../src/host/records/recordFolder';

/** A clock that continues only when it is told to. */
export interface DrivenClock extends HostClock {
  /** Lets time pass, and what is due happen, in order. Resolves after what that began has had its turns. */
  pass(milliseconds: number): Promise<void>;
}

/**
 * Time that is driven by hand. What takes no time, such as `later` with 0, happens by itself. While time passes, what was
 * begun in `folders` is awaited: a real disk may take any time, and takes none of this clock's.
 */
export function drivenClock(folders: CountedFolder[] = []): DrivenClock {
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
  const letPass = async (milliseconds: number) => {
    const end = time + milliseconds;
    for (;;) {
      const [next] = [...tasks].sort((a, b) => a.due - b.due);
      if (!next || next.due > end) break;
      time = next.due;
      tasks.delete(next);
      next.task();
      await settled();
    }
    time = end;
    await settled();
  };
  // One passage at a time, so that time never goes back.
  let passage = Promise.resolve();
  const settled = async () => {
    do await turns();
    while (folders.some(({ pending }) => pending > 0));
  };
  return { now: () => time, later, pass: (milliseconds) => (passage = passage.then(() => letPass(milliseconds))) };
}

/** Lets real files be read and written meanwhile. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A folder that knows how much of what was asked of it is not done yet. */
export interface CountedFolder extends RecordFolder {
  readonly pending: number;
}

/** Counts what is under way in a folder. */
export function countedFolder(folder: RecordFolder): CountedFolder {
  let pending = 0;
  const counted =
    <A extends unknown[], R>(operation: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      pending++;
      try {
        return await operation(...args);
      } finally {
        pending--;
      }
    };
  return {
    get pending() {
      return pending;
    },
    list: counted(() => folder.list()),
    size: counted((name) => folder.size(name)),
    stamp: counted((name) => folder.stamp(name)),
    read: counted((name, start, length) => folder.read(name, start, length)),
    append: counted((name, at, bytes) => folder.append(name, at, bytes)),
    create: counted((name, bytes) => folder.create(name, bytes)),
    overwrite: counted((name, bytes) => folder.overwrite(name, bytes)),
    remove: counted((name) => folder.remove(name)),
  };
}
