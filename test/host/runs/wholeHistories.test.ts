import { expect, it, vi } from 'vitest';
import type { FoundRun } from '../../../src/host/records/findRuns';
import type { TrainingRun } from '../../../src/host/runs/trainingRun';
import { WholeHistories, type HistoriesPlace } from '../../../src/host/runs/wholeHistories';
import { emptyColumns } from '../../../src/protocol/history';
import { atRest, openingRun, type RunState } from '../../../src/protocol/state';

/** Epochs of each run here, and the memory that they take. */
const epochs = 1024;
const bytes = epochs * 4 * 8;

function overRun(id: string, more: Partial<RunState> = {}): TrainingRun {
  const state = { ...openingRun({ id, name: id, startedAt: 0 }), status: 'finished' as const, ...more };
  const columns = emptyColumns(epochs);
  columns.loss.forEach((_, epoch, losses) => (losses[epoch] = 1 / (1 + epoch)));
  state.history.append(columns);
  return { id, state } as TrainingRun;
}

function newHistories(limit: number, more: Partial<HistoriesPlace> = {}) {
  const onDisk = new Map<string, FoundRun>();
  const woken = vi.fn<HistoriesPlace['woken']>();
  const place: HistoriesPlace = {
    isShown: () => false,
    ownerOf: () => 'nobody',
    readWhole: (id) => Promise.resolve(onDisk.get(id)!),
    woken,
    ...more,
  };
  const add = (run: TrainingRun, state = run.state, lost = 0) => {
    onDisk.set(run.id, { state, header: { identity: state.identity, configText: '', seed: 0 }, lost, file: 'a' });
    return run;
  };
  return { histories: new WholeHistories(place, limit), onDisk, woken, add };
}

const isRough = ({ state }: TrainingRun) => state.history.isRough;

it('keeps the histories that were wanted last, within its limit', async () => {
  const { histories, add } = newHistories(2 * bytes);
  const runs = ['a', 'b', 'c'].map((id) => add(overRun(id)));
  const [a, b, c] = runs;
  for (const run of runs) histories.wanted(run);
  expect(runs.map(isRough)).toEqual([true, false, false]);
  histories.wanted(b);
  await histories.wake(a);
  expect(runs.map(isRough)).toEqual([false, false, true]);
  expect(a.state.history.column('loss')[700]).toBe(1 / 701);
  expect(c.state.history.length).toBe(epochs);
  expect(c.state.history.at('loss', 0)).toBe(1);
  expect(c.state.history.bytes).toBeLessThan(bytes);
});

it.each([
  ['is on screen', { isShown: ({ id }: TrainingRun) => id === 'a' }, {}],
  ['may still be written', { ownerOf: (id: string) => (id === 'a' ? ('this' as const) : ('nobody' as const)) }, {}],
  ['can go on', {}, { status: 'paused' as const }],
])('leaves a run whole that %s', (_, place, state) => {
  const { histories } = newHistories(0, place);
  const a = overRun('a', state);
  for (const run of [a, overRun('b'), overRun('c')]) histories.wanted(run);
  expect(isRough(a)).toBe(false);
});

it('reads a run once, however often it is wanted meanwhile', async () => {
  const readWhole = vi.fn<HistoriesPlace['readWhole']>();
  const { histories, onDisk, woken, add } = newHistories(bytes, { readWhole });
  readWhole.mockImplementation((id) => Promise.resolve(onDisk.get(id)!));
  const run = add(overRun('a'));
  run.state = { ...atRest(run.state), label: { name: 'mine' } };
  await Promise.all([histories.wake(run), histories.wake(run), histories.wake(run)]);
  expect(readWhole).toHaveBeenCalledTimes(1);
  expect(run.state.label).toEqual({ name: 'mine' });
  expect(woken.mock.calls).toEqual([[run, undefined]]);
});

it('takes a run as its file says where that was damaged while nobody looked', async () => {
  const { histories, woken, add, onDisk } = newHistories(bytes);
  const run = add(overRun('a'), openingRun({ id: 'a', name: 'a', startedAt: 0 }), 7);
  run.state = atRest(run.state);
  await histories.wake(run);
  expect(run.state.history.length).toBe(0);
  expect(woken.mock.calls).toEqual([[run, onDisk.get('a')]]);
});

it('gives a whole run without keeping it, and leaves it rough where it cannot be read', async () => {
  const { histories, add } = newHistories(bytes);
  const run = add(overRun('a'));
  run.state = atRest(run.state);
  expect((await histories.wholeOf(run)).history.column('loss')).toHaveLength(epochs);
  expect(isRough(run)).toBe(true);
  const unread = newHistories(bytes, { readWhole: () => Promise.reject(new Error('is not there')) });
  await expect(unread.histories.wake(run)).rejects.toThrow('is not there');
  expect(isRough(run)).toBe(true);
  await expect(unread.histories.wake(run)).rejects.toThrow('is not there');
});
