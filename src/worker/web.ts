import type { WorkerReply, WorkerRequest } from '../protocol/protocol';
import { Session } from './session';

/** Tasks that are due as soon as the messages that wait were taken; timers of a browser take 4 ms at the least. */
const due: (() => void)[] = [];
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => due.shift()?.();

const session = new Session({
  post: (reply: WorkerReply, transfer) => postMessage(reply, transfer ?? []),
  now: () => performance.now(),
  later: (task, milliseconds) => {
    if (milliseconds > 0) return void setTimeout(task, milliseconds);
    due.push(task);
    port2.postMessage(undefined);
  },
});
onmessage = ({ data }: MessageEvent<WorkerRequest>) => session.receive(data);
// Only what is thrown outside of a promise is reported to whoever started the worker.
onunhandledrejection = ({ reason }: PromiseRejectionEvent) =>
  void setTimeout(() => {
    throw reason;
  });
