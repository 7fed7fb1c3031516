import { availableParallelism } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { performance } from 'node:perf_hooks';
import { offerHelper } from '../engine/kernels/helper';
import type { WorkerReply, WorkerRequest } from '../protocol/protocol';
import { openFile } from './openFile';
import { startNodeHelper } from './nodeHelper';
import { Session } from './session';

const port = parentPort;
if (!port) throw new Error('This file is the training worker: start it with new Worker(path).');

const { isAlone = true } = (workerData ?? {}) as { isAlone?: boolean };
if (isAlone && availableParallelism() > 1) offerHelper(startNodeHelper, () => performance.now());
const session = new Session({
  post: (reply: WorkerReply, transfer) => port.postMessage(reply, transfer),
  openFile,
  now: () => performance.now(),
  // setImmediate comes after the messages that wait; a timer of 0 would cost a millisecond each time.
  later: (task, milliseconds) => void (milliseconds > 0 ? setTimeout(task, milliseconds) : setImmediate(task)),
});
port.on('message', (request: WorkerRequest) => session.receive(request));
