import { Worker } from 'node:worker_threads';
import type { StartHelper } from '../engine/kernels/helper';

/** The whole program of the thread: it leaves what helps only when it is ended. */
const program = `
  const { module, memory, setUp, help, id } = require('node:worker_threads').workerData;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  for (const [name, numbers] of setUp) exports[name](...numbers);
  exports[help](id);
`;

/** Starts a helper as a thread of Node. Keeps no process alive; where it fails, kernels go on without it. */
export const startNodeHelper: StartHelper = (task) => {
  const worker = new Worker(program, { eval: true, workerData: task });
  worker.on('error', () => undefined);
  worker.unref();
  return () => void worker.terminate();
};
