import { beforeEach, describe, expect, it, vi } from 'vitest';
import { TrainingRun, type RunSource } from '../../src/host/trainingRun';
import type { FileContent, RunStatus } from '../../src/run/protocol';
import { decodeRun, encodeRun } from '../../src/run/snapshotFile';
import { openingRun, restoreSnapshot } from '../../src/run/state';
import { sessionWorkers } from '../helpers/sessionWorkers';

vi.mock('vscode', () => import('../helpers/fakeVscode'));

const config = { dataset: { file: 'a.csv' }, optimizer: { type: 'SGD', lr: 1e-3 }, epochs: 1e9 };
const csv = 'w,x,y\n1,2,3\n2,3,1\n3,5,2\n';
let workers: ReturnType<typeof sessionWorkers>;

beforeEach(() => void (workers = sessionWorkers()));

const owner = () => ({ startWorker: workers.startWorker, updatesPerSecond: () => 30, onEvent: () => {} });

function runOf(readFile: RunSource['readFile'], state = openingRun({ id: 'a', name: 'a', startedAt: 0 })): TrainingRun {
  return new TrainingRun(
    state,
    { configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0, readFile },
    owner(),
  );
}

const fileOf = (content: string) => (): Promise<FileContent> => Promise.resolve({ name: 'a.csv', content });

/** A file that is not there before `arrive` is called. */
function slowFile() {
  let arrive: () => void = () => {};
  const file = new Promise<FileContent>((resolve) => (arrive = () => resolve({ name: 'a.csv', content: csv })));
  return { arrive: () => arrive(), readFile: () => file };
}

const untilStatus = (run: TrainingRun, status: RunStatus) => expect.poll(() => run.state.status).toBe(status);
const messages = (run: TrainingRun) => run.state.problems.map(({ message }) => message).join();

/** All that waits has had its turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a run whose data are being read', () => {
  it('fails, and starts no worker, when another run takes its place before the file has come', async () => {
    const { arrive, readFile } = slowFile();
    const run = runOf(readFile);
    void run.start('run');
    run.release();
    arrive();
    await settled();
    expect(run.state.status).toBe('failed');
    expect(messages(run)).toMatch(/given up/);
    expect(workers.started).toEqual([]);
  });

  it('fails when another run takes its place while the worker reads', async () => {
    const run = runOf(fileOf(csv));
    void run.start('run');
    await expect.poll(() => workers.started.length).toBe(1);
    run.release();
    await settled();
    expect(run.state.status).toBe('failed');
    expect(workers.started.map(({ terminated }) => terminated)).toEqual([true]);
  });

  it('can be stopped before the file has come', async () => {
    const { arrive, readFile } = slowFile();
    const run = runOf(readFile);
    void run.start('run');
    run.stop();
    arrive();
    await settled();
    expect(run.state.status).toBe('failed');
    expect(messages(run)).toMatch(/stopped/);
    expect(workers.started).toEqual([]);
  });

  it('has one worker when it is opened again before the first reading was done', async () => {
    const { arrive, readFile } = slowFile();
    const run = runOf(readFile);
    void run.start('rest');
    run.release();
    void run.setSpeed(null);
    arrive();
    await expect.poll(() => workers.started[0]?.replies).toContain('opened');
    expect(workers.started.length).toBe(1);
  });

  it('fails with the reason when the file cannot be read', async () => {
    const run = runOf(() => Promise.reject(new Error('EACCES: permission denied')));
    await run.start('run');
    expect(run.state.status).toBe('failed');
    expect(messages(run)).toMatch(/permission denied/);
  });
});

it('a run that rested before its first batch trains when it is brought back', async () => {
  const run = runOf(fileOf(csv));
  await run.start('rest');
  const { snapshot } = decodeRun(encodeRun(run.stored()))!;
  run.release();
  const again = runOf(fileOf(csv), restoreSnapshot(snapshot));
  await again.resume();
  await expect.poll(() => again.state.history.length).toBeGreaterThan(10);
  expect(again.state.status).toBe('running');
  expect(again.state.history.column('loss')[5]).toBeGreaterThan(0);
  again.release();
});

describe('a paused run that is brought back', () => {
  /** A run that trained and was paused, stored and read again, on data that may have changed since. */
  async function broughtBack(text: string): Promise<TrainingRun> {
    const run = runOf(fileOf(csv));
    void run.start('run');
    await expect.poll(() => run.state.history.length).toBeGreaterThan(10);
    run.pause();
    await untilStatus(run, 'paused');
    const { snapshot } = decodeRun(encodeRun(run.stored()))!;
    run.release();
    return runOf(fileOf(text), restoreSnapshot(snapshot));
  }

  it('goes on', async () => {
    const run = await broughtBack(csv);
    const { epoch } = run.state.checkpoint;
    await run.resume();
    await untilStatus(run, 'running');
    await expect.poll(() => run.state.checkpoint.epoch).toBeGreaterThan(epoch);
    run.release();
  });

  it.each([
    ['other numbers', csv.replace('5', '6')],
    ['a column less', 'x,y\n2,3\n3,1\n5,2\n'],
  ])('says that the data changed, and keeps what it reached: %s', async (_, text) => {
    const run = await broughtBack(text);
    const { length } = run.state.history;
    await run.resume();
    expect(run.state.status).toBe('paused');
    expect(run.state.notice).toMatch(/data changed/);
    expect(run.state.history.length).toBe(length);
    const question = { kind: 'rows', query: { offset: 0, count: 5, sort: 'row', descending: false } } as const;
    await expect(run.ask(question)).rejects.toThrow(/data changed/);
    expect(workers.started.every(({ terminated }) => terminated)).toBe(true);
  });

  it('says so when its worker ends while it reads the data', async () => {
    const run = await broughtBack(csv);
    const resumed = run.resume();
    await expect.poll(() => workers.started.length).toBe(2);
    workers.started[1].crash('out of memory');
    await resumed;
    expect(run.state.status).toBe('paused');
    expect(run.state.notice).toMatch(/ended while it read the data: out of memory/);
  });
});

describe('what is asked of the worker', () => {
  const rowsFrom = (offset: number) =>
    ({ kind: 'rows', query: { offset, count: 1, sort: 'row', descending: false } }) as const;
  const column = (index: number) => ({ kind: 'column', query: { of: 'inputs', index } }) as const;

  async function opened(): Promise<TrainingRun> {
    const run = runOf(fileOf(csv));
    await run.start('rest');
    return run;
  }

  it('gets its own answer where several things are asked at once', async () => {
    const run = await opened();
    const questions = [rowsFrom(2), rowsFrom(0), rowsFrom(1)];
    const atOnce = await Promise.all(questions.map((question) => run.ask(question)));
    for (const [i, question] of questions.entries()) expect(await run.ask(question)).toEqual(atOnce[i]);
    expect(new Set(atOnce.map((answer) => JSON.stringify(answer))).size).toBe(3);
    run.release();
  });

  it('is refused with the worker’s sentence where there is no answer, and others are answered all the same', async () => {
    const run = await opened();
    const [refused, answered] = await Promise.allSettled([run.ask(column(7)), run.ask(column(0))]);
    expect(refused).toMatchObject({ status: 'rejected' });
    expect((refused as PromiseRejectedResult).reason).toBeInstanceOf(Error);
    expect(((refused as PromiseRejectedResult).reason as Error).message).not.toBe('');
    expect(answered.status).toBe('fulfilled');
    run.release();
  });

  it.each([
    ['the worker ends', () => workers.started[0].crash('out of memory')],
    ['the run is let go', (run: TrainingRun) => run.release()],
  ])('is refused when %s before it has answered; what is asked later goes to another worker', async (_, end) => {
    const run = await opened();
    const waiting = [run.ask(rowsFrom(0)), run.ask(rowsFrom(1))].map((asked) => expect(asked).rejects.toThrow(/ended/));
    // Both have been posted, and none of them has had the turn that the worker takes to answer.
    await Promise.resolve();
    end(run);
    await Promise.all(waiting);
    expect(await run.ask(rowsFrom(0))).toBeDefined();
    expect(workers.started.length).toBe(2);
    run.release();
  });

  it('is refused while the run has no data, with the reason', async () => {
    const run = runOf(fileOf('x\n1\n'));
    await expect(run.ask(rowsFrom(0))).rejects.toThrow(/./);
    expect(run.state.status).toBe('failed');
  });
});

it('a run that was meant to train for ever rests after some millions of epochs, and goes on', async () => {
  const source = { ...config, dataset: { generate: 'linear', samples: 1, features: 1 } };
  const run = new TrainingRun(
    openingRun({ id: 'a', name: 'a', startedAt: 0 }),
    {
      configText: JSON.stringify(source),
      configFile: 'a.gd.json',
      seed: 0,
      readFile: () => Promise.resolve(undefined),
    },
    owner(),
  );
  await run.start('run');
  await expect.poll(() => run.state.status, { timeout: 170_000 }).toBe('paused');
  expect(run.state.history.length).toBeGreaterThanOrEqual(4_000_000);
  expect(run.state.history.length).toBeLessThan(6_000_000);
  expect(run.state.notice).toMatch(/Paused after 4,\d+,\d+ epochs: .* Resume goes on/);
  const { epoch } = run.state.checkpoint;
  await run.resume();
  await expect.poll(() => run.state.checkpoint.epoch).toBeGreaterThan(epoch);
  expect(run.state.notice).toBeUndefined();
  run.release();
});
