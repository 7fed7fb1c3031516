import type { StartWorker, WorkerListener, WorkerPort } from '../protocol/workerPort';

/** Workers that begin to start before it is known what for. */
export interface WorkersAhead {
  /** Hands out one that has begun to start, while there is one. */
  startWorker: StartWorker;
  /** Ends those that nobody has asked for. */
  dispose(): void;
}

/** Begins to start `count` workers: a thread and its program take longer than what is first asked of them. */
export function startAhead(startWorker: StartWorker, count: number): WorkersAhead {
  const spare = new Set<{ port: WorkerPort; listener?: WorkerListener }>();
  for (let i = 0; i < count; i++) {
    const one: { port: WorkerPort; listener?: WorkerListener } = {
      port: startWorker({
        reply: (reply) => one.listener?.reply(reply),
        ended: (reason) => (spare.delete(one) ? undefined : one.listener?.ended(reason)),
      }),
    };
    spare.add(one);
  }
  return {
    startWorker: (listener) => {
      const [one] = spare;
      if (!one) return startWorker(listener);
      spare.delete(one);
      one.listener = listener;
      return one.port;
    },
    dispose: () => {
      for (const { port } of spare) port.terminate();
      spare.clear();
    },
  };
}
