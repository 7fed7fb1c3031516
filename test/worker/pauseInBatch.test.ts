import { expect, it } from 'vitest';
import type { WorkerReply } from '../../src/protocol/protocol';
import { Session } from '../../src/worker/session';

const samples = 200_000;
const configText = JSON.stringify({
  dataset: { generate: 'linear', samples, features: 32, seed: 1 },
  loader: { batch_size: samples },
  optimizer: { type: 'SGD', lr: 1e-3 },
  epochs: 1e9,
});

/** A session whose time passes by a millisecond with each look at the clock, and which works only when it is let. */
function sessionByHand() {
  const replies: WorkerReply[] = [];
  const tasks: (() => void)[] = [];
  let time = 0;
  const session = new Session({
    post: (reply) => replies.push(reply),
    now: () => time++,
    later: (task) => void tasks.push(task),
  });
  let taken: WorkerReply | undefined;
  /** Does what the session has planned, and all that follows from it but what it plans itself; takes its reports. */
  const work = async () => {
    tasks.splice(0).forEach((task) => task());
    if (lastOf('progress') !== taken) session.receive({ type: 'taken', runId: 'r' });
    taken = lastOf('progress');
    await new Promise((resolve) => setImmediate(resolve));
  };
  const lastOf = <Type extends WorkerReply['type']>(type: Type) =>
    replies.findLast((reply): reply is Extract<WorkerReply, { type: Type }> => reply.type === type);
  return { session, work, lastOf };
}

it('pauses in the middle of a batch of many rows, and goes on with it', async () => {
  const { session, work, lastOf } = sessionByHand();
  session.receive({ type: 'open', runId: 'r', configText, configFile: 'a.gd.json', seed: 0 });
  while (!lastOf('opened')) await work();
  session.receive({ type: 'resume', runId: 'r' });
  await work();
  await work();
  session.receive({ type: 'pause', runId: 'r' });
  expect(lastOf('status')?.status).toBe('paused');
  expect(lastOf('progress')?.progress.checkpoint.epoch ?? 0).toBe(0);
  session.receive({ type: 'resume', runId: 'r' });
  while (!lastOf('progress')?.progress.checkpoint.epoch) await work();
  session.receive({ type: 'stop', runId: 'r' });
  expect(lastOf('status')?.status).toBe('stopped');
});
