import { describe, expect, it } from 'vitest';
import { openRun } from '../../src/training/openRun';
import type { Progress, RunStatus } from '../../src/protocol/protocol';
import { TrainingLoop } from '../../src/worker/trainingLoop';

/** Epochs that wait at most in these loops. */
const mostEpochs = 20_000;

/** A loop over a run of one row, with a clock and turns that the test drives; it hears of what the loop reports. */
async function loopOf({ epochs = 1e9, samples = 1, lr = 1e-4, batchSize = 1 } = {}) {
  const dataset = { generate: 'linear', samples, features: 1, seed: 1 };
  const config = { dataset, loader: { batch_size: batchSize }, optimizer: { type: 'SGD', lr }, epochs };
  const opened = await openRun({ configText: JSON.stringify(config), configFile: 'a.gd.json', seed: 0 });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  const clock = { now: 0 };
  const tasks: (() => void)[] = [];
  const reports: Progress[] = [];
  const statuses: RunStatus[] = [];
  const loop = new TrainingLoop(
    opened.trainer,
    epochs,
    // Each look at the clock takes a while, so that a slice ends after as many epochs each time; a wait takes none.
    {
      now: () => (clock.now += 1 / 8),
      later: (task, milliseconds) =>
        void tasks.push(() => {
          clock.now += milliseconds;
          task();
        }),
    },
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
    expectWhole({
      ...driven,
      trainer: Object.create(trainer, { epoch: { value: reports[1].checkpoint.epoch } }) as typeof trainer,
    });
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

it('the buffers of a report are its own', async () => {
  const driven = await loopOf();
  const { loop, reports } = driven;
  loop.resume();
  turns(driven, 10);
  loop.pause('paused');
  for (const { records } of reports) {
    const arrays = [records.loss, records.batchLoss, records.valLoss, records.lr, records.weights];
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

describe('a run that has ended', () => {
  it.each(['finished', 'diverged', 'stopped'] as const)('stays as it is whatever is asked: %s', async (end) => {
    const driven = await loopOf(end === 'diverged' ? { lr: 1e3 } : { epochs: 5000 });
    const { loop, statuses, reports, trainer } = driven;
    loop.resume();
    turns(driven, 1);
    if (end === 'stopped') loop.pause('stopped');
    untilItWaits(driven);
    expect(statuses).toEqual(['running', end]);
    const [count, position] = [reports.length, trainer.position()];
    const asked = ['resume', 'batch', 'epoch', 'paused', 'stopped'] as const;
    for (const what of asked) {
      if (what === 'resume') loop.resume();
      else if (what === 'batch' || what === 'epoch') loop.step(what);
      else loop.pause(what);
      untilItWaits(driven);
    }
    expect(statuses).toEqual(['running', end]);
    expect(reports).toHaveLength(count);
    expect(trainer.position()).toEqual(position);
  });

  it('ends at once where it was brought back at its end', async () => {
    const driven = await loopOf({ epochs: 5 });
    const whole = await loopOf({ epochs: 5 });
    whole.loop.resume();
    untilItWaits(whole);
    driven.trainer.restore(whole.trainer.position());
    driven.loop.resume();
    expect(driven.statuses).toEqual(['finished']);
  });
});

it('a run that is paused twice says so once', async () => {
  const { loop, statuses, reports } = await loopOf();
  loop.resume();
  loop.pause('paused');
  loop.pause('paused');
  expect(statuses).toEqual(['running', 'paused']);
  expect(reports).toHaveLength(1);
});

it('slices that were planned before a pause are dropped', async () => {
  const driven = await loopOf();
  for (let i = 0; i < 3; i++) {
    driven.loop.resume();
    if (i < 2) driven.loop.pause('paused');
  }
  turns(driven, 5);
  expect(driven.tasks).toHaveLength(1);
});

it('the seconds of a run are those in which it ran', async () => {
  const driven = await loopOf();
  const { loop, clock, reports } = driven;
  const seconds = () => reports.at(-1)!.seconds;
  loop.step('batch');
  expect(seconds()).toBeGreaterThan(0);
  for (const expected of [4, 8]) {
    loop.resume();
    clock.now += 4000;
    loop.pause('paused');
    expect(seconds()).toBeCloseTo(expected, 2);
    clock.now += 9000;
  }
  loop.seek({ epoch: 0, batch: 0 });
  clock.now += 2000;
  untilItWaits(driven);
  expect(seconds()).toBeCloseTo(10, 1);
});

describe('a loop that goes elsewhere', () => {
  it('has told of all epochs before, and goes on from there', async () => {
    const driven = await loopOf();
    const { loop, reported, trainer } = driven;
    loop.resume();
    turns(driven, 8);
    const { epoch } = trainer;
    loop.seek({ epoch: 3, batch: 0 });
    expect(reported().at(-1)![1]).toBe(epoch);
    untilItWaits(driven);
    expect(trainer.epoch).toBe(3);
    loop.resume();
    turns(driven, 2);
    expect(trainer.epoch).toBeGreaterThan(1000);
  });

  it('starts from the nearest position that it knows', async () => {
    const driven = await loopOf();
    const { loop, trainer } = driven;
    loop.resume();
    turns(driven, 20);
    for (const [epoch, most] of [
      [3, 2],
      [15_000, 2],
      [3, 2],
    ]) {
      loop.seek({ epoch, batch: 0 });
      expect(untilItWaits(driven)).toBeLessThanOrEqual(most);
      expect(trainer.epoch).toBe(epoch);
    }
  });

  it('goes as far as the end, and no further', async () => {
    const driven = await loopOf({ epochs: 5 });
    driven.loop.seek({ epoch: 6, batch: 0 });
    driven.loop.seek({ epoch: 5, batch: 1 });
    expect(driven.statuses).toEqual([]);
    driven.loop.seek({ epoch: 5, batch: 0 });
    untilItWaits(driven);
    expect(driven.statuses).toEqual(['running', 'finished']);
  });

  it('does not keep to the speed on the way', async () => {
    const driven = await loopOf();
    const { loop, clock, trainer } = driven;
    loop.control({ batchesPerSecond: 1 });
    loop.seek({ epoch: 500, batch: 0 });
    untilItWaits(driven);
    expect(trainer.epoch).toBe(500);
    expect(clock.now).toBeLessThan(100);
  });
});

describe('a loop at a set speed', () => {
  it('counts the batches from when the speed was set', async () => {
    const driven = await loopOf();
    const { loop, clock, trainer } = driven;
    loop.control({ batchesPerSecond: 1000 });
    loop.resume();
    while (trainer.epoch < 500) driven.turn();
    loop.control({ batchesPerSecond: 1 });
    const { now } = clock;
    const { epoch } = trainer;
    while (trainer.epoch < epoch + 4) driven.turn();
    expect(clock.now - now).toBeGreaterThan(2900);
    expect(clock.now - now).toBeLessThan(4100);
  });

  it('counts a batch that takes several slices once', async () => {
    const samples = 300_000;
    const driven = await loopOf({ samples, batchSize: samples });
    const { loop, clock, trainer } = driven;
    loop.control({ batchesPerSecond: 10 });
    loop.resume();
    const { now } = clock;
    while (trainer.epoch < 6) driven.turn();
    expect(clock.now - now).toBeGreaterThan(400);
    expect(clock.now - now).toBeLessThan(700);
  });
});

describe('reports', () => {
  it('come as often as was said where each is taken', async () => {
    const driven = await loopOf();
    const { loop, clock, reports } = driven;
    loop.setUpdateRate(10);
    loop.resume();
    while (clock.now < 1000) {
      loop.taken();
      driven.turn();
    }
    expect(reports.length).toBeGreaterThanOrEqual(9);
    expect(reports.length).toBeLessThanOrEqual(11);
  });

  it('begin a millisecond after training does', async () => {
    const driven = await loopOf();
    const { loop, clock, reports } = driven;
    loop.resume();
    const { now } = clock;
    driven.turn();
    expect(reports).toHaveLength(1);
    expect(clock.now - now).toBeLessThan(1.5);
  });

  it('come earlier where too many epochs wait', async () => {
    const driven = await loopOf();
    const { loop, reports } = driven;
    loop.setUpdateRate(1e-6);
    loop.resume();
    turns(driven, 1);
    loop.taken();
    turns(driven, 40);
    expect(reports.map(({ records }) => records.loss.length).slice(1)).toEqual([mostEpochs]);
  });
});
