import { expect, it } from 'vitest';
import type { WorkerListener } from '../../src/protocol/workerPort';
import { startAhead } from '../../src/sweep/startAhead';

/** Workers that do nothing by themselves. */
function idleWorkers() {
  const started: { listener: WorkerListener; terminated: boolean }[] = [];
  const startWorker = (listener: WorkerListener) => {
    const one = { listener, terminated: false };
    started.push(one);
    return { post: () => undefined, terminate: () => void (one.terminated = true) };
  };
  return { started, startWorker };
}

function heard() {
  const replies: string[] = [];
  return {
    replies,
    listener: { reply: ({ type }: { type: string }) => replies.push(type), ended: (why: string) => replies.push(why) },
  };
}

it('hands out the workers that were started ahead, then others', () => {
  const { started, startWorker } = idleWorkers();
  const ahead = startAhead(startWorker, 2);
  expect(started).toHaveLength(2);
  const [first, second, third] = [heard(), heard(), heard()];
  const ports = [first, second, third].map(({ listener }) => ahead.startWorker(listener));
  expect(started).toHaveLength(3);
  started[1].listener.reply({ type: 'checked', requestId: 1, failed: '' });
  started[0].listener.ended('it fell over');
  expect([first.replies, second.replies, third.replies]).toEqual([['it fell over'], ['checked'], []]);
  ahead.dispose();
  ports[1].terminate();
  expect(started.map(({ terminated }) => terminated)).toEqual([false, true, false]);
});

it('ends those that nobody asked for, and hands out none that has ended', () => {
  const { started, startWorker } = idleWorkers();
  const ahead = startAhead(startWorker, 2);
  started[0].listener.ended('');
  ahead.startWorker(heard().listener);
  ahead.startWorker(heard().listener);
  expect(started).toHaveLength(3);
  const unused = startAhead(startWorker, 1);
  unused.dispose();
  expect(started.map(({ terminated }) => terminated)).toEqual([false, false, false, true]);
});
