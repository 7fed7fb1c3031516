import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunOwner } from '../../../src/host/runs/runOwner';
import type { RunSource } from '../../../src/host/runs/runSource';
import { TrainingRun } from '../../../src/host/runs/trainingRun';
import { emptyColumns } from '../../../src/protocol/history';
import type { FileContent, RunStatus } from '../../../src/protocol/protocol';
import { decodeRun } from '../../../src/host/records/snapshotFile';
import { openingRun, restoreSnapshot } from '../../../src/protocol/state';
import { encodeRun, storedRun } from '../../helpers/encodeRun';
import { sessionWorkers } from '../../helpers/sessionWorkers';

vi.mock('vscode', () => import('../../helpers/fakeVscode'));

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
    expect(messages(run)).toMatch(/^Canceled before/);
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
    expect(messages(run)).toMatch(/^Stopped before/);
    expect(workers.started).toEqual([]);
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
  const { snapshot } = decodeRun(encodeRun(storedRun(run)))!;
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
  async function broughtBack(text: string, readFile = fileOf(text)): Promise<TrainingRun> {
    const run = runOf(fileOf(csv));
    void run.start('run');
    await expect.poll(() => run.state.history.length).toBeGreaterThan(10);
    run.pause();
    await untilStatus(run, 'paused');
    const { snapshot } = decodeRun(encodeRun(storedRun(run)))!;
    run.release();
    return runOf(readFile, restoreSnapshot(snapshot));
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

  it('has one worker when it is opened again before the first reading was done', async () => {
    const { arrive, readFile } = slowFile();
    const run = await broughtBack(csv, readFile);
    void run.control({ batchesPerSecond: 10 });
    run.release();
    void run.control({ batchesPerSecond: null });
    arrive();
    await expect.poll(() => workers.started[1]?.replies).toContain('opened');
    expect(workers.started.length).toBe(2);
    run.release();
  });

  it('is stopped for good when it is stopped before the file has come', async () => {
    const { arrive, readFile } = slowFile();
    const run = await broughtBack(csv, readFile);
    const resumed = run.resume();
    run.stop();
    arrive();
    await resumed;
    await settled();
    expect(run.state.status).toBe('stopped');
    expect(workers.started.length).toBe(1);
  });

  it.each(['resume', 'step'] as const)(
    'is stopped for good when it is stopped while a worker opens it to %s',
    async (how) => {
      const run = await broughtBack(csv);
      const { length } = run.state.history;
      const goingOn = how === 'resume' ? run.resume() : run.step('batch');
      await expect.poll(() => workers.started.length).toBe(2);
      run.stop();
      expect(run.state.status).toBe('stopped');
      await goingOn;
      await settled();
      expect(run.state.status).toBe('stopped');
      expect(run.state.history.length).toBe(length);
      expect(workers.started.every(({ terminated }) => terminated)).toBe(true);
    },
  );

  it('is stopped for good when it is stopped between the opening and the first batch', async () => {
    const run = await broughtBack(csv);
    const resumed = run.resume();
    await expect.poll(() => workers.started.at(1)?.replies).toContain('opened');
    run.stop();
    await resumed;
    await untilStatus(run, 'stopped');
    await settled();
    expect(run.state.status).toBe('stopped');
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

describe('the epochs of a run', () => {
  const source: RunSource = {
    configText: JSON.stringify({ ...config, dataset: { generate: 'linear', samples: 1, features: 1 } }),
    configFile: 'a.gd.json',
    seed: 0,
    readFile: () => Promise.resolve(undefined),
  };

  /** A run at rest with `length` epochs whose losses are their numbers. */
  function runWith(length: number, more: Partial<RunOwner> = {}): TrainingRun {
    const state = openingRun({ id: 'a', name: 'a', startedAt: 0 });
    state.history.append({ ...emptyColumns(length), loss: Float64Array.from({ length }, (_, i) => i) });
    return new TrainingRun({ ...state, status: 'paused' }, source, { ...owner(), ...more });
  }

  const epochs = (first: number, count: number, exact = true) =>
    ({ kind: 'epochs', query: { first, count, exact } }) as const;

  it('are told from memory while each is there, and start no worker', async () => {
    const { first, loss, thinned } = await runWith(1000).ask(epochs(990, 50));
    expect([first, [...loss], thinned]).toEqual([990, [990, 991, 992, 993, 994, 995, 996, 997, 998, 999], undefined]);
    expect(workers.started).toEqual([]);
  });

  it('are read from where each is kept once they were merged', async () => {
    const asked: unknown[] = [];
    const readEpochs = (...query: [string, number, number]) => {
      asked.push(query);
      return Promise.resolve(emptyColumns(query[2], query[1]));
    };
    const run = runWith(600_000, { epochs: { readEpochs } });
    expect(await run.ask(epochs(5000, 3))).toEqual(emptyColumns(3, 5000));
    expect([...(await run.ask(epochs(599_990, 100))).loss]).toHaveLength(10);
    expect(asked).toEqual([['a', 5000, 3]]);
  });

  it('are given as finely as they are known, or not at all where they are wanted exactly', async () => {
    const run = runWith(600_000);
    await expect(run.ask(epochs(5000, 3))).rejects.toThrow(/no exact numbers/);
    const { first, thinned } = await run.ask(epochs(5000, 1000, false));
    expect([first, thinned?.stride, thinned?.end]).toEqual([5000, 4, 6000]);
    const all = await run.ask(epochs(0, 1e9, false));
    expect(all.loss.length).toBeLessThanOrEqual(2 ** 14);
    expect(all.thinned!.end).toBe(600_000);
  });
});

describe('what a person asks of a run', () => {
  it('is known until it is done', async () => {
    const run = runOf(fileOf(csv));
    await run.start('run');
    await untilStatus(run, 'running');
    run.pause();
    expect(run.state.asked).toBe('pause');
    await untilStatus(run, 'paused');
    expect(run.state).not.toHaveProperty('asked');
    run.pause();
    expect(run.state).not.toHaveProperty('asked');
    run.stop();
    expect(run.state.asked).toBe('stop');
    await untilStatus(run, 'stopped');
    expect(run.state).not.toHaveProperty('asked');
  });

  it('is forgotten when the worker ends before it is done, and when the run is brought back', async () => {
    const run = runOf(fileOf(csv));
    await run.start('run');
    await untilStatus(run, 'running');
    run.pause();
    const { snapshot } = storedRun(run);
    workers.started[0].crash('out of memory');
    expect(run.state.status).toBe('paused');
    expect(run.state).not.toHaveProperty('asked');
    expect(runOf(fileOf(csv), restoreSnapshot(snapshot)).state).not.toHaveProperty('asked');
  });
});

describe('a failed run', () => {
  const broken = fileOf('w,x,y\n1,2\n');

  it.each<[string, (run: TrainingRun) => unknown]>([
    ['released', (run) => run.release()],
    ['stopped', (run) => run.stop()],
    ['paused', (run) => run.pause()],
    ['resumed', (run) => run.resume()],
    ['stepped', (run) => run.step('epoch')],
    ['given another speed', (run) => run.control({ batchesPerSecond: 10 })],
    ['taken elsewhere', (run) => run.seek(0, 0)],
    ['asked', (run) => run.ask({ kind: 'rows', query: { offset: 0, count: 5, sort: 'row', descending: false } })],
  ])('stays failed when it is %s, though its data could be read by now', async (_, act) => {
    let readFile = broken;
    const run = runOf(() => readFile());
    await run.start('run');
    expect(run.state.status).toBe('failed');
    readFile = fileOf(csv);
    await Promise.resolve(act(run)).catch(() => {});
    await settled();
    expect(run.state.status).toBe('failed');
    expect(messages(run)).not.toBe('');
    const { snapshot } = decodeRun(encodeRun(storedRun(run)))!;
    const again = runOf(() => readFile(), restoreSnapshot(snapshot));
    await Promise.resolve(act(again)).catch(() => {});
    await settled();
    expect(again.state.status).toBe('failed');
    expect(workers.started.every(({ terminated }) => terminated)).toBe(true);
  });

  it('stays failed when the end of its worker comes late', async () => {
    const run = runOf(broken);
    await run.start('run');
    workers.started[0].crash('out of memory');
    expect(run.state.status).toBe('failed');
    expect(messages(run)).not.toMatch(/out of memory/);
  });

  it('fails, and never trains, when it is stopped as its data have just been read', async () => {
    const run = runOf(fileOf(csv));
    const started = run.start('run');
    await expect.poll(() => workers.started.length).toBe(1);
    run.stop();
    await started;
    await settled();
    expect(['failed', 'stopped']).toContain(run.state.status);
    expect(run.state.history.length).toBe(0);
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
