import { describe, expect, test } from 'vitest';
import { emptyColumns } from '../../../src/protocol/history';
import { openingRun, restoreSnapshot, type RunState } from '../../../src/protocol/state';
import { describeViewed, viewed } from '../../../webview/page/viewedRun';
import { TimelineStops } from '../../../webview/timeline/timelineStops';
import { thin, tutorialRun } from '../sampleRuns';

/** The tutorial after `done` epochs, of which every `every`-th is recorded; it stands at `epoch` and `batch`. */
function runAt(done: number, { every = 1, epoch = done, batch = 0 } = {}): RunState {
  const sample = tutorialRun(done);
  thin(sample, every);
  const run = restoreSnapshot(sample.snapshot);
  return { ...run, checkpoint: { ...run.checkpoint, epoch, batch } };
}

describe('the model that is shown', () => {
  test('is the run’s own, or one that was recorded', () => {
    const sample = tutorialRun(12);
    const run = restoreSnapshot(sample.snapshot);
    const { weights, loss } = sample.snapshot.progress.records;
    expect(loss).toHaveLength(12);
    expect(viewed(run, undefined)).toEqual({ epochs: 12, parameters: run.checkpoint.parameters, isLive: true });
    expect(viewed(run, 0)).toEqual({ epochs: 0, parameters: run.initial, isLive: false });
    expect(viewed(run, 5)).toEqual({ epochs: 5, parameters: weights.slice(4 * 7, 5 * 7), isLive: false });
    expect(viewed(run, 99).epochs).toBe(12);
    expect(viewed(runAt(12, { every: 5 }), 9)).toEqual({ ...viewed(run, 5) });
    expect(viewed(runAt(12, { every: 5 }), 4).parameters).toEqual(run.initial);
  });

  test.each([
    [0, 'before training'],
    [1, 'after 1 epoch'],
    [2000, 'after 2,000 epochs'],
  ])('after %i epochs is called %s', (epochs, words) => {
    expect(describeViewed({ epochs })).toBe(words);
  });
});

describe('the stops of a timeline', () => {
  test('are every epoch, and the run itself at their end', () => {
    const stops = new TimelineStops(runAt(20));
    expect([stops.last, stops.live, stops.end, stops.liveIsEnd]).toEqual([20, 20, 20, true]);
    expect([-3, 0.4, 9.6, 19.4, 19.6, 20].map((place) => stops.nearest(place))).toEqual([
      0,
      0,
      10,
      19,
      undefined,
      undefined,
    ]);
    expect([stops.move(undefined, -1), stops.move(19, 1), stops.move(undefined, 1)]).toEqual([
      19,
      undefined,
      undefined,
    ]);
    expect([stops.move(3, -5), stops.move(3, 5), stops.final()]).toEqual([0, 8, undefined]);
  });

  test('end with the run within an epoch', () => {
    const stops = new TimelineStops(runAt(20, { batch: 5 }));
    expect(stops.end).toBe(20.5);
    expect([20, 20.2, 20.3].map((place) => stops.nearest(place))).toEqual([20, 20, undefined]);
    expect([stops.move(undefined, -1), stops.move(20, 1), stops.move(19, 1)]).toEqual([20, undefined, 20]);
  });

  test('are as thin as the record', () => {
    const stops = new TimelineStops(runAt(20, { every: 3 }));
    expect([stops.every, stops.last, stops.end]).toEqual([3, 18, 20]);
    expect([1, 2, 10, 18.9, 19.1].map((place) => stops.nearest(place))).toEqual([0, 3, 9, 18, undefined]);
    expect([stops.move(undefined, -1), stops.move(18, 1), stops.move(3, -1)]).toEqual([18, undefined, 0]);
    expect([1, 7, 30].map((epochs) => stops.stopsIn(epochs))).toEqual([1, 2, 10]);
    expect([0, 2.9, 3, 19.9].map((place) => stops.before(place))).toEqual([0, 0, 3, 18]);
  });

  test('go on beyond a run that was taken back', () => {
    const stops = new TimelineStops(runAt(20, { epoch: 7, batch: 5 }));
    expect([stops.live, stops.end, stops.liveIsEnd]).toEqual([7.5, 20, false]);
    expect([7.4, 20].map((place) => stops.nearest(place))).toEqual([7, 20]);
    expect([stops.move(undefined, -1), stops.move(undefined, 1), stops.move(20, 1)]).toEqual([7, 8, 20]);
    expect(stops.final()).toBe(20);
  });

  test('leave out an epoch that came to a number that is not finite', () => {
    const run = runAt(20, { epoch: 19, batch: 3 });
    run.history.column('loss')[19] = NaN;
    expect(new TimelineStops(run).last).toBe(19);
    const parameter = { epoch: 12, batch: 0, what: 'parameter' as const };
    expect(new TimelineStops({ ...run, divergence: parameter }).last).toBe(12);
  });

  test('are none before the first epoch', () => {
    const run = openingRun({ id: '1', name: 'new', startedAt: 0 });
    run.history.append(emptyColumns());
    expect(new TimelineStops(run).last).toBe(0);
  });
});
