import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/data/bytes/byteSource';
import type { WorkerReply, WorkerRequest } from '../../src/protocol/protocol';
import { applyRunEvent, openingRun } from '../../src/protocol/state';
import { Session } from '../../src/worker/session';

const optimizer = { type: 'SGD', lr: 0.01 };
const configText = JSON.stringify({ dataset: { file: 'a.csv' }, optimizer, epochs: 3 });
const rows = Array.from({ length: 50 }, (_, i) => `${(i * 7) % 11},${i}\n`).join('');

/** A session whose files come block by block, as the test lets them, and whose clock is the test's. */
function place() {
  const replies: WorkerReply[] = [];
  const gates: (() => void)[] = [];
  const clock = { now: 0 };
  let readings = 0;
  const text = new TextEncoder().encode(`x,y\n${rows}`);
  const file: ByteSource = {
    size: 10 * text.length,
    async *chunks() {
      readings++;
      for (let i = 0; i < 10; i++) {
        await new Promise<void>((resolve) => gates.push(resolve));
        yield i === 0 ? text : new TextEncoder().encode(rows);
      }
    },
  };
  const session = new Session({
    post: (reply) => replies.push(reply),
    openFile: (path) => (path === '/a.csv' ? Promise.resolve(file) : Promise.reject(new Error(`no file ${path}`))),
    now: () => clock.now,
    later: (task) => void setImmediate(task),
  });
  const turns = async () => {
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  /** Lets one block come for each reading under way. */
  const block = async () => {
    await turns();
    gates.splice(0).forEach((open) => open());
    await turns();
  };
  const open = (runId: string, path = '/a.csv') =>
    session.receive({
      type: 'open',
      runId,
      configText,
      configFile: 'a.gd.json',
      seed: 0,
      file: { name: 'a.csv', path },
    });
  const tell = (request: WorkerRequest) => session.receive(request);
  const types = () => replies.map((reply) => `${reply.type} ${'runId' in reply ? reply.runId : ''}`);
  /** How many readings wait for a block. */
  const reading = () => gates.length;
  /** How many readings have begun. */
  const begun = () => readings;
  return { replies, clock, block, open, tell, types, turns, reading, begun };
}

describe('a session that reads a file', () => {
  it('opens it by its path, and does then what was asked meanwhile, in order', async () => {
    const { replies, block, open, tell, types, turns } = place();
    open('r');
    tell({ type: 'control', runId: 'r', controls: { batchesPerSecond: null } });
    tell({ type: 'step', runId: 'r', unit: 'epoch' });
    tell({
      type: 'ask',
      runId: 'other',
      requestId: 1,
      question: { kind: 'rows', query: { offset: 0, count: 1, sort: 'row', descending: false } },
    });
    for (let i = 0; i < 10; i++) await block();
    await turns();
    expect(types().slice(0, 3)).toEqual(['opened r', 'controlled r', 'status r']);
    expect(replies[0]).toMatchObject({ shape: { trainRows: 500 } });
    expect(types()).not.toContain('answer other');
  });

  it('trains the first epoch after one reading', async () => {
    const { replies, block, open, tell, turns, begun } = place();
    open('r');
    tell({ type: 'step', runId: 'r', unit: 'epoch' });
    for (let i = 0; i < 10; i++) await block();
    await turns();
    expect(replies.some((reply) => reply.type === 'progress' && reply.progress.checkpoint.epoch === 1)).toBe(true);
    expect(begun()).toBe(1);
  });

  it('says how well it predicts all rows whenever it rests', async () => {
    const { replies, block, open, tell, turns } = place();
    open('r');
    tell({ type: 'step', runId: 'r', unit: 'epoch' });
    for (let i = 0; i < 12; i++) await block();
    await turns();
    const statuses = replies.filter((reply) => reply.type === 'status');
    expect(statuses.map(({ status, metrics }) => [status, metrics?.of])).toEqual([
      ['running', undefined],
      ['paused', 'numbers'],
    ]);
    tell({ type: 'ask', runId: 'r', requestId: 1, question: { kind: 'metrics' } });
    await turns();
    expect(replies.at(-1)).toMatchObject({ type: 'answer', answer: statuses[1].metrics });
  });

  it('is quiet for half a second, then says at most ten times a second how far it is', async () => {
    const { replies, clock, block, open } = place();
    open('r');
    for (let i = 0; i < 10; i++) {
      clock.now += i < 5 ? 90 : 60;
      await block();
    }
    const reading = replies.filter((reply) => reply.type === 'reading');
    // At 510, 630 and 750 ms.
    expect(reading.map(({ bytes, size }) => Math.round((10 * bytes) / size!))).toEqual([6, 8, 10]);
    let state = openingRun({ id: 'r', name: 'a', startedAt: 0 });
    state = applyRunEvent(state, reading[0]);
    expect(state.reading).toEqual({ bytes: reading[0].bytes, size: reading[0].size });
    for (const type of ['opened', 'failed'] as const) {
      const end = type === 'opened' ? replies.at(-1)! : { type, runId: 'r', problems: [] };
      expect(applyRunEvent(state, end as Parameters<typeof applyRunEvent>[1])).not.toHaveProperty('reading');
    }
  });

  it.each(['cancelReading', 'stop'] as const)('gives up when told so: %s', async (type) => {
    const { replies, block, open, tell } = place();
    open('r');
    await block();
    tell({ type, runId: 'other' });
    await block();
    expect(replies).toEqual([]);
    tell({ type, runId: 'r' });
    await block();
    expect(replies).toMatchObject([
      { type: 'failed', runId: 'r', problems: [{ code: 'cancelled', message: 'reading a.csv was cancelled' }] },
    ]);
  });

  it.each(['cancelReading', 'stop'] as const)(
    'never trains when told so while nothing is left to read: %s',
    async (type) => {
      const { tell, types, turns } = place();
      const dataset = { generate: 'linear', samples: 10, features: 1 };
      const generated = JSON.stringify({ dataset, optimizer, epochs: 3 });
      tell({ type: 'open', runId: 'r', configText: generated, configFile: 'a.gd.json', seed: 0 });
      tell({ type: 'resume', runId: 'r' });
      tell({ type, runId: 'r' });
      await turns();
      expect(types()).toEqual(['failed r']);
    },
  );

  it('stops a run that opened before it could be cancelled', async () => {
    const { replies, block, open, tell } = place();
    open('r');
    for (let i = 0; i < 10; i++) await block();
    tell({ type: 'cancelReading', runId: 'r' });
    expect(replies.at(-1)).toMatchObject({ type: 'status', runId: 'r', status: 'stopped' });
  });

  it('is never heard of again once another run is opened', async () => {
    const { block, open, tell, types } = place();
    open('old');
    await block();
    open('new');
    tell({ type: 'step', runId: 'old', unit: 'batch' });
    for (let i = 0; i < 10; i++) await block();
    expect(types()).toEqual(['opened new']);
  });

  it('says why a file cannot be opened, and describes one meanwhile', async () => {
    const { replies, block, open, tell, turns } = place();
    open('r', '/b.csv');
    await turns();
    expect(replies).toMatchObject([
      { type: 'failed', problems: [{ message: 'the file cannot be read: no file /b.csv' }] },
    ]);
    const options = { header: false };
    tell({ type: 'describe', requestId: 4, file: { name: 'a.csv', path: '/a.csv' }, options });
    for (let i = 0; i < 10; i++) await block();
    expect(replies.at(-1)).toMatchObject({ requestId: 4, summary: { rows: 501, columns: [{ name: 'x0' }, {}] } });
  });
});

describe('a session that is asked about files', () => {
  const file = { name: 'a.csv', path: '/a.csv' };
  const request = { configText, configFile: 'a.gd.json', seed: 0, file };
  const questions = {
    described: (requestId: number): WorkerRequest => ({ type: 'describe', requestId, file }),
    checked: (requestId: number): WorkerRequest => ({ type: 'check', requestId, request }),
  };

  it.each(['described', 'checked'] as const)(
    'gives up what is not wanted any more, and nothing else: %s',
    async (type) => {
      const { replies, block, tell, reading } = place();
      tell(questions[type](1));
      tell(questions[type](2));
      await block();
      expect(reading()).toBe(2);
      tell({ type: 'cancel', requestId: 1 });
      tell({ type: 'cancel', requestId: 7 });
      await block();
      expect(replies).toEqual([{ type, requestId: 1, failed: 'reading was cancelled' }]);
      expect(reading()).toBe(1);
      for (let i = 0; i < 10; i++) await block();
      expect(replies[1]).toMatchObject({ type, requestId: 2 });
      expect(replies[1]).not.toHaveProperty('failed');
      expect(replies).toHaveLength(2);
    },
  );

  it.each(['described', 'checked'] as const)('says so when it fails: %s', async (type) => {
    const { replies, tell, turns } = place();
    const broken = { type: type === 'checked' ? 'check' : 'describe', requestId: 3 };
    tell(broken as WorkerRequest);
    await turns();
    expect(replies).toEqual([{ type, requestId: 3, failed: expect.stringMatching(/undefined/) as string }]);
  });
});

it('a pause does not wait for the questions before it', async () => {
  const { replies, block, open, tell, types, turns } = place();
  open('r');
  for (let i = 0; i < 10; i++) await block();
  tell({ type: 'resume', runId: 'r' });
  const query = { offset: 0, count: 5, sort: 'row', descending: false } as const;
  for (let requestId = 0; requestId < 3; requestId++)
    tell({ type: 'ask', runId: 'r', requestId, question: { kind: 'rows', query } });
  tell({ type: 'pause', runId: 'r' });
  await turns();
  expect(types().filter((type) => !type.startsWith('progress'))).toEqual([
    'opened r',
    'status r',
    'status r',
    'answer r',
    'answer r',
    'answer r',
  ]);
  expect(replies.flatMap((reply) => (reply.type === 'answer' ? [reply.requestId] : []))).toEqual([0, 1, 2]);
});
