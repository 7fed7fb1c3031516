import type { HostClock } from '../../src/host/records/hostClock';
import type { StartWorker } from '../../src/protocol/workerPort';
import { Session } from '../../src/worker/session';

/** A clock for what is all in memory: it continues only when it is told to, and nothing but it takes time. */
export interface SlowTime extends HostClock {
  pass(milliseconds: number): Promise<void>;
}

/** Time in which every task, also one that is due at once, has a turn of its own. */
export function slowTime(): SlowTime {
  let time = 0;
  const tasks = new Set<{ due: number; task: () => void }>();
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => time,
    later: (task, milliseconds) => {
      const planned = { due: time + Math.max(0, milliseconds), task };
      tasks.add(planned);
      return () => void tasks.delete(planned);
    },
    pass: async (milliseconds) => {
      const end = time + milliseconds;
      for (;;) {
        await turn();
        let next: { due: number; task: () => void } | undefined;
        for (const planned of tasks) if (!next || planned.due < next.due) next = planned;
        if (!next || next.due > end) break;
        tasks.delete(next);
        time = next.due;
        next.task();
      }
      time = end;
    },
  };
}

/** Starts sessions of the training worker that live by this clock. */
export function slowWorkers(time: HostClock): StartWorker {
  return (listener) => {
    let ended = false;
    const later = (task: () => void, milliseconds = 1) => void time.later(() => !ended && task(), milliseconds);
    const session = new Session({
      post: (reply) => {
        const copy = structuredClone(reply);
        later(() => listener.reply(copy));
      },
      now: () => time.now(),
      later,
    });
    return {
      post: (request) => {
        const copy = structuredClone(request);
        later(() => session.receive(copy));
      },
      terminate: () => void (ended = true),
    };
  };
}

/**
 * Files in memory as VS Code has them: each operation is a message there and one back, and writing empties a file first.
 * A long one is then there in part before it is whole.
 */
export function slowFiles(time: HostClock, delay: () => number, notFound: (message: string) => Error) {
  const files = new Map<string, Uint8Array>();
  const all = { files, isInstant: false, operations: {} };
  const some = () =>
    all.isInstant ? Promise.resolve() : new Promise<void>((resolve) => void time.later(resolve, delay()));
  const operation =
    <A extends unknown[], R>(task: (...args: A) => R | Promise<R>) =>
    async (...args: A): Promise<R> => {
      await some();
      const result = await task(...args);
      await some();
      return result;
    };
  const contentOf = ({ path }: { path: string }) => {
    const content = files.get(path);
    if (!content) throw notFound(path);
    return content;
  };
  all.operations = {
    createDirectory: operation(() => {}),
    readDirectory: operation(({ path }: { path: string }) =>
      [...files.keys()].filter((name) => name.startsWith(`${path}/`)).map((name) => [name.slice(path.length + 1), 1]),
    ),
    stat: operation((uri: { path: string }) => ({ size: contentOf(uri).length })),
    readFile: operation((uri: { path: string }) => contentOf(uri).slice()),
    writeFile: operation(async ({ path }: { path: string }, content: Uint8Array) => {
      const whole = content.slice();
      files.set(path, new Uint8Array(0));
      await some();
      if (whole.length > 1000) {
        files.set(path, whole.slice(0, whole.length / 2));
        await some();
      }
      files.set(path, whole);
    }),
    delete: operation((uri: { path: string }) => {
      contentOf(uri);
      files.delete(uri.path);
    }),
  };
  return all;
}
