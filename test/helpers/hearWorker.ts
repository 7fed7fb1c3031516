import type { WorkerReply } from '../../src/protocol/protocol';
import type { WorkerListener, WorkerPort } from '../../src/protocol/workerPort';

/** Starts a worker and notes in words what is heard from it: the types of its replies, and its end with the reason. */
export function hearWorker(workers: { startWorker(listener: WorkerListener): WorkerPort }): {
  heard: string[];
  port: WorkerPort;
} {
  const heard: string[] = [];
  const port = workers.startWorker({
    reply: (reply: WorkerReply) => heard.push(reply.type),
    ended: (reason) => heard.push(`ended ${reason}`),
  });
  return { heard, port };
}
