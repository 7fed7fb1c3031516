import { availableParallelism } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { Helper } from '../engine/kernels/helper';
import type { WorkerReply, WorkerRequest } from '../protocol/protocol';
import { openFile } from './openFile';
import { startNodeHelper } from './nodeHelper';
import { Session } from './session';

const port = parentPort;
if (!port) throw new Error('This file is the training worker: start it with new Worker(path).');

const { isAlone = true } = (workerData ?? {}) as { isAlone?: boolean };
const session = new Session({
  post: (reply: WorkerReply, transfer) => port.postMessage(reply, transfer),
  openFile,
  ...(isAlone && availableParallelism() > 1 && { helper: new Helper(startNodeHelper, () => performance.now()) }),
  now: () => performance.now(),
  // setImmediate comes after the messages that wait; a timer of 0 would cost a millisecond each time.
  later: (task, milliseconds) => void (milliseconds > 0 ? setTimeout(task, milliseconds) : setImmediate(task)),
});
port.on('message', (request: WorkerRequest) => session.receive(request));
