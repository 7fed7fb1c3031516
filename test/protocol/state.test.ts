import { beforeAll, describe, expect, it } from 'vitest';
import { emptyColumns } from '../../src/protocol/history';
import { openRun } from '../../src/training/openRun';
import type { RunEvent, RunStatus } from '../../src/protocol/protocol';
import {
  applyRunEvent,
  batchBefore,
  lastEpochs,
  openingRun,
  secondsLeft,
  shownLoss,
  type RunState,
} from '../../src/protocol/state';

/** A run of 40 epochs with 4 batches each, of which 10 are recorded with losses 0 … 9, in 20 seconds. */
function recorded(status: RunStatus, epoch: number, batch: number): RunState {
  const records = emptyColumns(10);
  for (let i = 0; i < 10; i++) records.loss[i] = i;
  const run = applyRunEvent(openingRun({ id: '1', name: 'test', startedAt: 0 }), opened);
  run.history.append(records);
  return { ...run, status, checkpoint: { ...run.checkpoint, epoch, batch }, seconds: 20, trainLoss: NaN };
}

let opened: RunEvent;
beforeAll(async () => {
  const config = {
    dataset: { generate: 'linear', samples: 16, features: 2 },
    loader: { batch_size: 4 },
    optimizer: { type: 'SGD', lr: 0.01 },
    epochs: 40,
  };
  const run = await openRun({ configText: JSON.stringify(config), configFile: 'test.gd.json', seed: 0 });
  if ('problems' in run) throw new Error(run.problems[0].message);
  const { shape, initial } = run;
  opened = { type: 'opened', runId: '1', shape, initial, trainLoss: 1, validationLoss: NaN };
});

describe('one batch before', () => {
  it.each([
    ['within an epoch', 7, 3, { epoch: 7, batch: 2 }],
    ['at the first batch', 7, 1, { epoch: 7, batch: 0 }],
    ['at the end of an epoch', 7, 0, { epoch: 6, batch: 3 }],
    ['at the start', 0, 0, undefined],
  ])('%s', (_, epoch, batch, before) => {
    expect(batchBefore(recorded('paused', epoch, batch))).toEqual(before);
  });

  it('is where a run can be taken that rests or has ended', () => {
    const statuses: RunStatus[] = ['opening', 'ready', 'running', 'paused', 'finished', 'stopped', 'diverged'];
    const can = statuses.filter((status) => batchBefore(recorded(status, 7, 0)));
    expect(can).toEqual(['ready', 'paused', 'finished', 'stopped', 'diverged']);
  });
});

describe('metrics', () => {
  const rows = { model: { r2: 0.5, rmse: 2, mae: 1 }, baseline: { r2: 0, rmse: 3, mae: 2 } };
  const metrics = { of: 'numbers', train: rows } as const;
  const status = (status: RunStatus) =>
    ({ type: 'status', runId: '1', status, trainLoss: 1, validationLoss: NaN }) as const;

  it('are there while the run rests, and no longer once it trains', () => {
    const paused = applyRunEvent(recorded('running', 4, 0), { ...status('paused'), metrics });
    expect(paused.metrics).toBe(metrics);
    expect(applyRunEvent(paused, status('running'))).not.toHaveProperty('metrics');
    const { checkpoint, gradients, lastChange, seconds } = paused;
    const progress = { records: emptyColumns(0), checkpoint, gradients, lastChange, seconds };
    expect(applyRunEvent(paused, { type: 'progress', runId: '1', progress })).not.toHaveProperty('metrics');
  });
});

describe('a run that was taken back', () => {
  it('shows the numbers of where it stands, not of its record', () => {
    const back = recorded('running', 4, 2);
    expect([shownLoss(back), lastEpochs(back, 'loss')]).toEqual([3, 3]);
    expect(shownLoss(recorded('running', 10, 0))).toBe(9);
    expect(shownLoss(recorded('running', 0, 1))).toBeNaN();
    expect(shownLoss({ ...back, trainLoss: 5 })).toBe(5);
  });

  it('goes on at the pace at which it trained what is recorded', () => {
    expect(secondsLeft(recorded('running', 10, 0))).toBe(60);
    expect(secondsLeft(recorded('running', 4, 0))).toBe(72);
  });
});
