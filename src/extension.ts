import * as path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ExtensionContext } from 'vscode';
import { start, type Api } from './host/start';
import type { StartWorker } from './host/workerPort';
import type { WorkerReply } from './run/protocol';

const workers = new Set<Worker>();

const startWorker: StartWorker = (listener) => {
  const worker = new Worker(path.join(__dirname, 'worker.js'));
  workers.add(worker);
  let reason = '';
  let terminated = false;
  worker.on('message', (reply: WorkerReply) => listener.reply(reply));
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

let stop: (() => Promise<void>) | undefined;

/** Called by VS Code when the extension is first needed. */
export function activate(context: ExtensionContext) {
  const started = start(context, startWorker);
  stop = started.stop;
  const killWorkers = () => workers.forEach((worker) => void worker.terminate());
  return { ...started.api, killWorkers } satisfies Api;
}

/** Called by VS Code when the window closes or reloads; runs are stored before it returns. */
export async function deactivate(): Promise<void> {
  await stop?.();
}
