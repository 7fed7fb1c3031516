import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunOwner } from '../../../src/host/runs/runOwner';
import type { RunSource } from '../../../src/host/runs/runSource';
import { TrainingRun } from '../../../src/host/runs/trainingRun';
import type { RunStatus, WorkerRequest } from '../../../src/protocol/protocol';
import { openingRun, type RunState } from '../../../src/protocol/state';
import type { StartWorker } from '../../../src/protocol/workerPort';
import { sessionWorkers } from '../../helpers/sessionWorkers';

vi.mock('vscode', () => import('../../helpers/fakeVscode'));

let workers: ReturnType<typeof sessionWorkers>;
let posted: WorkerRequest[];
beforeEach(() => {
  workers = sessionWorkers();
  posted = [];
});

/** A worker whose requests are noted on their way. */
const startWorker: StartWorker = (listener) => {
  const port = workers.startWorker(listener);
  const post = (request: WorkerRequest) => {
    posted.push(request);
    port.post(request);
  };
  return { ...port, post };
};
const types = () => posted.map(({ type }) => type);

interface Options {
  epochs?: number;
  state?: RunState;
  readFile?: RunSource['readFile'];
  written?: RunOwner['written'];
}

function runOf({ epochs = 1e9, state, readFile = () => Promise.resolve(undefined), written }: Options = {}) {
  const dataset = { generate: 'linear', samples: 3, features: 1 };
  const configText = JSON.stringify({ dataset, optimizer: { type: 'SGD', lr: 1e-3 }, epochs });
  const source = { configText, configFile: 'a.gd.json', seed: 0, readFile };
  const owner = { startWorker, updatesPerSecond: () => 30, onEvent: () => {}, ...(written && { written }) };
  return new TrainingRun(state ?? openingRun({ id: 'a', name: 'a', startedAt: 0 }), source, owner);
}

const until = (run: TrainingRun, status: RunStatus) => expect.poll(() => run.state.status).toBe(status);

/** All that waits has had its turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a worker', () => {
  it('is told how often to report, and the speed that the run had', async () => {
    const run = runOf();
    await run.start('rest');
    expect(posted).toMatchObject([{ type: 'setUpdateRate', updatesPerSecond: 30 }, { type: 'open' }]);
    await run.control({ batchesPerSecond: 5 });
    await expect.poll(() => run.state.batchesPerSecond).toBe(5);
    run.release();
    posted.length = 0;
    const again = runOf({ state: run.state });
    await again.start('rest');
    expect(posted.at(2)).toMatchObject({ type: 'control', controls: { batchesPerSecond: 5 } });
    again.release();
  });

  it('that somebody else started is told how often to report', () => {
    const run = runOf();
    run.attach(startWorker({ reply: () => {}, ended: () => {} }));
    expect(posted).toEqual([{ type: 'setUpdateRate', updatesPerSecond: 30 }]);
    run.closePort();
  });

  it('hears that its progress was taken when the disk has caught up', async () => {
    let catchUp = () => {};
    const caughtUp = new Promise<void>((resolve) => (catchUp = resolve));
    const run = runOf({ written: () => caughtUp });
    await run.start('run');
    await expect.poll(() => run.state.history.length).toBeGreaterThan(0);
    await settled();
    expect(types()).not.toContain('taken');
    catchUp();
    await expect.poll(types).toContain('taken');
    run.release();
    await until(run, 'stopped');
  });

  it('is not answered for another run', async () => {
    const run = runOf();
    await run.start('rest');
    const { checkpoint, gradients, lastChange, history } = run.state;
    const progress = { records: history.slice(), checkpoint, gradients, lastChange, seconds: 1 };
    run.receive({ type: 'progress', runId: 'b', progress });
    expect(types()).not.toContain('taken');
    run.release();
  });

  it('is ended when the run that was let go has stopped, and not when the run has another one', async () => {
    const run = runOf();
    await run.start('run');
    await expect.poll(() => run.state.history.length).toBeGreaterThan(0);
    run.pause();
    await until(run, 'paused');
    run.release();
    expect(run.hasWorker).toBe(false);
    await run.resume();
    await until(run, 'running');
    run.pause();
    await until(run, 'paused');
    expect(run.hasWorker).toBe(true);
    await run.resume();
    await until(run, 'running');
    run.release();
    await until(run, 'stopped');
    expect(run.hasWorker).toBe(false);
    expect(workers.started.map(({ terminated }) => terminated)).toEqual([true, true]);
  });

  it('is not ended by what else it says while the run that was let go still trains', async () => {
    const run = runOf();
    await run.start('run');
    await until(run, 'running');
    await run.control({ batchesPerSecond: 1e6 });
    run.release();
    await until(run, 'stopped');
  });

  it('stays when a file that was wanted before it cannot be read', async () => {
    let fail = () => {};
    const missing = new Promise<undefined>((_, reject) => (fail = () => reject(new Error('gone'))));
    const files = [missing, Promise.resolve(undefined)];
    const rested = runOf();
    await rested.start('rest');
    rested.release();
    const run = runOf({ state: rested.state, readFile: () => files.shift()! });
    void run.control({ batchesPerSecond: 1 });
    run.release();
    await run.control({ batchesPerSecond: 2 });
    fail();
    await settled();
    expect([run.hasWorker, run.state.notice]).toEqual([true, undefined]);
    run.release();
  });

  it('is not started for a run that has ended', async () => {
    const run = runOf({ epochs: 3 });
    await run.start('run');
    await until(run, 'finished');
    run.stop();
    expect(run.state).not.toHaveProperty('asked');
    run.release();
    await run.resume();
    await run.step('batch');
    expect(workers.started).toHaveLength(1);
  });
});

it('a run that rests for a reason says it, and does not say it the next time', async () => {
  const run = runOf();
  await run.start('run');
  await until(run, 'running');
  run.pause('the disk is full');
  await until(run, 'paused');
  expect(run.state.notice).toBe('the disk is full');
  const { seconds } = run.state;
  await run.step('batch');
  await expect.poll(() => run.state.seconds).toBeGreaterThan(seconds);
  await settled();
  expect(run.state.notice).toBe('the disk is full');
  await run.resume();
  await until(run, 'running');
  run.pause();
  await until(run, 'paused');
  expect(run.state.notice).toBeUndefined();
  run.release();
});

it('a run trains here where no other window and nothing else trains it', () => {
  const state: RunState = { ...openingRun({ id: 'a', name: 'a', startedAt: 0 }), status: 'running' };
  const run = runOf({ state });
  expect(run.trainsHere).toBe(true);
  run.elsewhere = true;
  expect(run.trainsHere).toBe(false);
  const followed = { ...state.identity, followed: {} } as RunState['identity'];
  expect(runOf({ state: { ...state, identity: followed } }).trainsHere).toBe(false);
});

it('a run that diverged stays so where its data cannot be read any more', async () => {
  const divergence = { epoch: 3, batch: 0, what: 'loss' } as const;
  const state: RunState = { ...openingRun({ id: 'a', name: 'a', startedAt: 0 }), status: 'diverged', divergence };
  const run = runOf({ state, readFile: () => Promise.reject(new Error('no such file')) });
  await run.control({ batchesPerSecond: 1 });
  expect(run.state).toMatchObject({ status: 'diverged', divergence });
  expect(run.state.notice).toContain('no such file');
});

it('a run that is brought back tries out nothing', () => {
  const state = { ...openingRun({ id: 'a', name: 'a', startedAt: 0 }), trying: {} } as unknown as RunState;
  expect(runOf({ state }).state).not.toHaveProperty('trying');
});
