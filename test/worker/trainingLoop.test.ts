import { describe, expect, it } from 'vitest';
import { openRun } from '../../src/training/openRun';
import type { Progress, RunStatus } from '../../src/protocol/protocol';
import { TrainingLoop } from '../../src/worker/trainingLoop';

/** Epochs that wait at most in these loops. */
const mostEpochs = 20_000;

/** A loop over a run of one row, with a clock and turns that the test drives; it hears of what the loop reports. */
async function loopOf({ epochs = 1e9, samples = 1 } = {}) {
  const dataset = { generate: 'linear', samples, features: 1, seed: 1 };
  const config = { dataset, optimizer: { type: 'SGD', lr: 1e-4 }, epochs };
  const opened = await openRun({ configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0 });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  const clock = { now: 0 };
  const tasks: (() => void)[] = [];
  const reports: Progress[] = [];
  const statuses: RunStatus[] = [];
  const loop = new TrainingLoop(
    opened.trainer,
    epochs,
    // Each look at the clock takes a while, so that a slice ends after as many epochs each time.
    { now: () => (clock.now += 1 / 128), later: (task) => void tasks.push(task) },
    { progress: (progress) => reports.push(progress), status: (status) => statuses.push(status) },
    mostEpochs,
  );
  /** Gives the loop a turn. Returns false where it does not want one. */
  const turn = () => {
    const task = tasks.shift();
    task?.();
    return task !== undefined;
  };
  const reported = () => reports.map(({ records }) => [records.first, records.first + records.loss.length]);
  return { loop, clock, tasks, turn, reports, statuses, reported, trainer: opened.trainer };
}

type Driven = Awaited<ReturnType<typeof loopOf>>;

function turns({ turn }: Driven, count: number): void {
  for (let i = 0; i < count; i++) turn();
}

/** Gives turns until the loop waits. */
function untilItWaits({ turn }: Driven): number {
  let count = 0;
  while (turn()) count++;
  return count;
}

/** Reports follow each other without a gap, and none has an epoch of another. */
function expectWhole({ reported, trainer }: Driven): void {
  let end = 0;
  for (const [first, last] of reported()) {
    expect(first).toBe(end);
    end = last;
  }
  expect(end).toBe(trainer.epoch);
}

describe('a loop whose progress is not taken', () => {
  it('has one report on its way, and sends what has come since when that was taken', async () => {
    const driven = await loopOf();
    const { loop, reports, trainer } = driven;
    loop.resume();
    turns(driven, 10);
    expect(reports).toHaveLength(1);
    const { epoch } = trainer;
    expect(epoch).toBeGreaterThan(1000);
    loop.taken();
    turns(driven, 1);
    expect(reports).toHaveLength(2);
    expect(reports[1].checkpoint.epoch).toBeGreaterThan(epoch);
    turns(driven, 5);
    expect(reports).toHaveLength(2);
    expectWhole({ ...driven, trainer: { ...trainer, epoch: reports[1].checkpoint.epoch } as never });
  });

  it('trains on until too many epochs wait, and goes on when they are taken', async () => {
    const driven = await loopOf();
    const { loop, reports, trainer } = driven;
    loop.resume();
    untilItWaits(driven);
    expect(reports).toHaveLength(1);
    const waiting = trainer.epoch - reports[0].checkpoint.epoch;
    expect(waiting).toBe(mostEpochs);
    expect(driven.statuses).toEqual(['running']);
    loop.taken();
    expect(untilItWaits(driven)).toBeGreaterThan(10);
    expect(reports[1].records.loss).toHaveLength(mostEpochs);
    expect(trainer.epoch - reports[1].checkpoint.epoch).toBe(mostEpochs);
    loop.pause('paused');
    expectWhole(driven);
  });

  it.each(['paused', 'stopped'] as const)('is %s at once, and says what it reached', async (status) => {
    const driven = await loopOf();
    const { loop, reports, trainer } = driven;
    loop.resume();
    turns(driven, 8);
    expect(reports).toHaveLength(1);
    loop.pause(status);
    expect(driven.statuses).toEqual(['running', status]);
    expect(reports).toHaveLength(2);
    expect(reports[1].checkpoint.epoch).toBe(trainer.epoch);
    const { epoch } = trainer;
    untilItWaits(driven);
    expect(trainer.epoch).toBe(epoch);
    expectWhole(driven);
  });

  it('is paused while it waits for room, and goes on later', async () => {
    const driven = await loopOf();
    const { loop, trainer } = driven;
    loop.resume();
    untilItWaits(driven);
    loop.pause('paused');
    expect(driven.statuses).toEqual(['running', 'paused']);
    loop.resume();
    const { epoch } = trainer;
    turns(driven, 5);
    expect(trainer.epoch).toBeGreaterThan(epoch);
    loop.pause('stopped');
    expectWhole(driven);
  });

  it('ends, and says so', async () => {
    const driven = await loopOf({ epochs: 5000 });
    driven.loop.resume();
    untilItWaits(driven);
    expect(driven.statuses).toEqual(['running', 'finished']);
    expect(driven.trainer.epoch).toBe(5000);
    expectWhole(driven);
  });

  it('goes back although its progress was not taken', async () => {
    const driven = await loopOf();
    const { loop, reports } = driven;
    loop.resume();
    turns(driven, 8);
    loop.seek({ epoch: 3, batch: 0 });
    untilItWaits(driven);
    expect(driven.statuses).toEqual(['running', 'paused']);
    expect(reports.at(-1)!.checkpoint).toMatchObject({ epoch: 3, batch: 0 });
  });
});

it('an acknowledgement of nothing does not let two reports go', async () => {
  const driven = await loopOf();
  driven.loop.taken();
  driven.loop.resume();
  driven.loop.taken();
  turns(driven, 8);
  expect(driven.reports).toHaveLength(1);
});

it('the buffers of a report are its own, and no larger than it needs', async () => {
  const driven = await loopOf();
  const { loop, reports } = driven;
  loop.resume();
  turns(driven, 10);
  loop.pause('paused');
  for (const { records } of reports) {
    const arrays = [records.loss, records.batchLoss, records.valLoss, records.lr, records.weights];
    for (const array of arrays) expect(array.buffer.byteLength).toBe(array.byteLength);
    structuredClone(records, { transfer: arrays.map(({ buffer }) => buffer as ArrayBuffer) });
  }
  const { epoch } = driven.trainer;
  loop.resume();
  turns(driven, 10);
  loop.pause('paused');
  expect(reports.at(-2)!.records.first).toBeGreaterThanOrEqual(0);
  expect(driven.trainer.epoch).toBeGreaterThan(epoch);
  expect(reports.at(-1)!.records.loss.every((loss) => loss > 0)).toBe(true);
});
