import { expect, it } from 'vitest';
import type { CompareUpdate } from '../../../src/compare/messages';
import { CompareFeed, type FedRun } from '../../../src/host/compare/compareFeed';
import { emptyColumns } from '../../../src/protocol/history';
import { atRest, openingRun, type RunState } from '../../../src/protocol/state';

const run = (id: string): FedRun => ({
  id,
  state: openingRun({ id, name: id, startedAt: 0 }),
  source: { configText: '{}' },
});

it('sends a run that stands otherwise without an event, and nothing where all is as it was', () => {
  const runs = new Map(['a', 'b'].map((id) => [id, run(id)]));
  const posted: CompareUpdate[] = [];
  const feed = new CompareFeed(
    ['a', 'b'],
    { find: (id) => runs.get(id), wholeOf: ({ state }) => Promise.resolve(state) },
    (update) => posted.push(update),
  );
  feed.ready();
  feed.drawn(1);
  feed.listChanged();
  expect(posted).toHaveLength(1);
  const b = runs.get('b')!;
  b.state = { ...b.state, status: 'paused' };
  feed.listChanged();
  expect(posted[1].changed.map(({ run: { id, status } }) => [id, status])).toEqual([['b', 'paused']]);
  feed.drawn(2);
  runs.delete('a');
  feed.listChanged();
  expect(posted[2]).toMatchObject({ ids: ['b'], changed: [] });
  feed.drawn(3);
  runs.set('a', run('a'));
  feed.listChanged();
  expect(posted[3].ids).toEqual(['a', 'b']);
  expect(posted[3].changed.map((changed) => changed.run.id)).toEqual(['a']);
});

it('reads runs of which only a rough curve is in memory, one after the other, and posts each once', async () => {
  const whole = new Map(['a', 'b', 'c'].map((id) => [id, run(id)]));
  for (const { state } of whole.values()) state.history.append(emptyColumns(1000));
  const runs = new Map([...whole].map(([id, one]) => [id, { ...one, state: atRest(one.state) }]));
  runs.set('c', whole.get('c')!);
  const posted: CompareUpdate[] = [];
  const underWay: string[] = [];
  const wholeOf = async ({ id }: FedRun) => {
    underWay.push(id);
    expect(underWay).toHaveLength(1);
    await Promise.resolve();
    underWay.pop();
    if (id === 'b') throw new Error('is not there');
    return whole.get(id)!.state;
  };
  const feed: CompareFeed = new CompareFeed(['a', 'b', 'c'], { find: (id) => runs.get(id), wholeOf }, (update) => {
    posted.push(update);
    setImmediate(() => feed.drawn(update.update));
  });
  feed.ready();
  const curves = () => posted.flatMap(({ changed }) => changed.map((one) => [one.run.id, one.training.last.length]));
  await expect.poll(() => curves().length).toBe(3);
  expect(curves()).toEqual([
    ['c', 1000],
    ['a', 1000],
    ['b', 250],
  ]);
  runs.set('a', { ...whole.get('a')!, state: { ...runs.get('a')!.state, history: whole.get('a')!.state.history } });
  feed.listChanged();
  await new Promise((resolve) => setImmediate(resolve));
  expect(curves()).toHaveLength(3);
});

it('reads no more runs once its page is closed', async () => {
  const runs = new Map(['a', 'b', 'c'].map((id) => [id, { ...run(id), state: atRest(run(id).state) }]));
  const asked: string[] = [];
  let given = (_: RunState) => {};
  const wholeOf = ({ id }: FedRun) => {
    asked.push(id);
    return new Promise<RunState>((resolve) => (given = resolve));
  };
  const posted: CompareUpdate[] = [];
  const feed = new CompareFeed([...runs.keys()], { find: (id) => runs.get(id), wholeOf }, (one) => posted.push(one));
  feed.ready();
  feed.drawn(1);
  await expect.poll(() => asked).toEqual(['a']);
  feed.close();
  given(run('a').state);
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toEqual(['a']);
  expect(posted).toHaveLength(1);
});
