import { Worker } from 'node:worker_threads';
import type { StartWorker } from '../../protocol/workerPort';
import type { WorkerReply } from '../../protocol/protocol';

/**
 * Starts workers as threads of Node; `program` is the path of what they run. `kill` ends all of them as a crash would.
 * @param isAlone whether a worker may have a helper thread; not where there is a worker for each core.
 */
export function nodeWorkers(program: string, isAlone = true): { startWorker: StartWorker; kill(): void } {
  const workers = new Set<Worker>();
  const startWorker: StartWorker = (listener) => {
    const worker = new Worker(program, { workerData: { isAlone } });
    workers.add(worker);
    let reason = '';
    let terminated = false;
    // What was on its way when the worker was ended still comes.
    worker.on('message', (reply: WorkerReply) => terminated || listener.reply(reply));
    worker.on('error', (error) => (reason = error.message));
    worker.on('exit', () => {
      workers.delete(worker);
      if (!terminated) listener.ended(reason);
    });
    return {
      post: (request) => worker.postMessage(request),
      terminate: () => {
        terminated = true;
        void worker.terminate();
      },
    };
  };
  return { startWorker, kill: () => workers.forEach((worker) => void worker.terminate()) };
}
