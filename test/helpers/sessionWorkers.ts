import type { StartWorker } from '../../src/protocol/workerPort';
import type { WorkerReply, WorkerRequest } from '../../src/protocol/protocol';
import { Session } from '../../src/worker/session';

/** A worker that was started: what came from it, whether it was ended, and how to end it as a crash would. */
export interface SessionWorker {
  replies: WorkerReply['type'][];
  terminated: boolean;
  crash(reason: string): void;
}

/** Starts sessions of the training worker in this process; messages are copied and take a turn of the event loop. */
export function sessionWorkers(): { started: SessionWorker[]; startWorker: StartWorker } {
  const started: SessionWorker[] = [];
  const startWorker: StartWorker = (listener) => {
    const worker: SessionWorker = {
      replies: [],
      terminated: false,
      crash: (reason) => {
        worker.terminated = true;
        listener.ended(reason);
      },
    };
    started.push(worker);
    const later = (task: () => void) => setImmediate(() => !worker.terminated && task());
    const session = new Session({
      post: (reply) =>
        later(() => {
          worker.replies.push(reply.type);
          listener.reply(structuredClone(reply));
        }),
      now: () => performance.now(),
      later: (task, milliseconds) => void setTimeout(() => !worker.terminated && task(), milliseconds),
    });
    return {
      post: (request: WorkerRequest) => void later(() => session.receive(structuredClone(request))),
      terminate: () => void (worker.terminated = true),
    };
  };
  return { started, startWorker };
}
