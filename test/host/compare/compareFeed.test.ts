import { expect, it } from 'vitest';
import type { CompareUpdate } from '../../../src/compare/messages';
import { CompareFeed, type FedRun } from '../../../src/host/compare/compareFeed';
import { openingRun } from '../../../src/protocol/state';

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
    (id) => runs.get(id),
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
