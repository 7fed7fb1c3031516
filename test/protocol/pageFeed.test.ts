import { beforeEach, describe, expect, it } from 'vitest';
import { emptyColumns, type EpochColumns } from '../../src/protocol/history';
import { pageLimits } from '../../src/protocol/historyLimits';
import { applyChanges, PageFeed } from '../../src/protocol/pageFeed';
import type { Progress, RunEvent, ViewUpdate } from '../../src/protocol/protocol';
import { applyRunEvent, openingRun, restoreSnapshot, startCheckpoint, type RunState } from '../../src/protocol/state';

type Posted = Extract<ViewUpdate, { type: 'snapshot' | 'changes' }>;

let run: RunState | undefined;
let isVisible: boolean;
let posted: Posted[];
let feed: PageFeed;
/** What a page makes of what it was sent. */
let shown: RunState | null;

beforeEach(() => {
  run = opened('a');
  isVisible = true;
  posted = [];
  feed = new PageFeed({ run: () => run, isVisible: () => isVisible, post: take });
});

function take(update: Posted): void {
  posted.push(structuredClone(update));
  const { [posted.length - 1]: copy } = posted;
  if (copy.type === 'snapshot') shown = copy.run && restoreSnapshot(copy.run, pageLimits);
  else shown = applyChanges(shown!, copy.changes);
}

function opened(id: string): RunState {
  const initial = Float32Array.of(1, 2);
  const shape = { epochs: 1e9, inputNames: ['x'], targetNames: ['y'] } as unknown as RunState['shape'] & object;
  return applyRunEvent(openingRun({ id, name: id, startedAt: 0 }), {
    ...{ type: 'opened', runId: id, shape, initial, trainLoss: 5, validationLoss: NaN },
  });
}

function happens(event: RunEvent): void {
  run = applyRunEvent(run!, event);
  feed.changed();
}

function train(epochs: number): void {
  const first = run!.history.length;
  const records: EpochColumns = { ...emptyColumns(epochs, first), weights: new Float32Array(2 * epochs).fill(first) };
  for (let i = 0; i < epochs; i++) records.loss[i] = (first + i) % 997;
  const checkpoint = { ...startCheckpoint(Float32Array.of(first, epochs)), epoch: first + epochs };
  const progress: Progress = {
    ...{ records, checkpoint, gradients: Float32Array.of(1, 1), lastChange: Float32Array.of(2, 2), seconds: 1 },
  };
  happens({ type: 'progress', runId: run!.identity.id, progress });
}

const status = (word: RunState['status'], trainLoss = NaN): void =>
  happens({ type: 'status', runId: run!.identity.id, status: word, trainLoss, validationLoss: NaN });
const drawn = () => feed.drawn(posted.at(-1)!.update);

/** The page knows all that the host does. */
function expectSame(): void {
  const { history, ...rest } = run!;
  const { history: known, ...shownRest } = shown!;
  expect(shownRest).toEqual(rest);
  expect(known.curve('loss')).toEqual(
    restoreSnapshot({ progress: { records: history.slice() } } as never, pageLimits).history.curve('loss'),
  );
  expect(known.length).toBe(history.length);
}

describe('a page', () => {
  it('is sent nothing before it is up, then a snapshot', () => {
    train(3);
    expect(posted).toEqual([]);
    feed.ready(1);
    expect(posted.map(({ type }) => type)).toEqual(['snapshot']);
    expectSame();
  });

  it('that never says that it has drawn gets one message', () => {
    feed.ready(1);
    for (let i = 0; i < 100; i++) train(10);
    expect(posted).toHaveLength(1);
  });

  it('that has not drawn yet is told another status at once, and then nothing more', () => {
    feed.ready(1);
    train(10);
    status('running');
    expect(posted.map(({ type }) => type)).toEqual(['snapshot', 'changes']);
    expectSame();
    for (const word of ['paused', 'running', 'paused'] as const) status(word, 4);
    train(10);
    feed.drawn(posted[0].update);
    expect(posted).toHaveLength(2);
    drawn();
    expect(posted).toHaveLength(3);
    expectSame();
  });

  it('that says hundreds of times that it is up has one snapshot on its way', () => {
    for (let i = 0; i < 500; i++) feed.ready(1);
    expect(posted.map(({ type }) => type)).toEqual(['snapshot']);
    drawn();
    expect(posted).toHaveLength(1);
  });

  it('that is loaded anew gets a snapshot at once', () => {
    feed.ready(1);
    train(5);
    feed.ready(2);
    expect(posted.map(({ type }) => type)).toEqual(['snapshot', 'snapshot']);
    feed.drawn(posted[0].update);
    train(5);
    expect(posted).toHaveLength(2);
    drawn();
    expectSame();
  });

  it('gets all that happened meanwhile in one message', () => {
    feed.ready(1);
    train(10);
    happens({ type: 'controlled', runId: 'a', controls: { batchesPerSecond: 3 } });
    train(10);
    drawn();
    expect(posted.map(({ type }) => type)).toEqual(['snapshot', 'changes']);
    expectSame();
    drawn();
    expect(posted).toHaveLength(2);
    happens({ type: 'status', runId: 'a', status: 'paused', trainLoss: 4, validationLoss: NaN, notice: 'because' });
    drawn();
    happens({ type: 'asked', runId: 'a', action: 'stop' });
    drawn();
    status('stopped', 4);
    drawn();
    expect(posted.at(-1)).toMatchObject({ changes: { removed: ['notice', 'asked'] } });
    expectSame();
  });

  it('that is hidden gets nothing, and a snapshot when it is seen again', () => {
    feed.ready(1);
    drawn();
    isVisible = false;
    train(10);
    status('paused', 3);
    feed.changed();
    expect(posted).toHaveLength(1);
    isVisible = true;
    feed.shown();
    expect(posted.map(({ type }) => type)).toEqual(['snapshot', 'snapshot']);
    expectSame();
  });

  it('is sent another run whole, and that there is none once', () => {
    feed.ready(1);
    drawn();
    run = opened('b');
    feed.changed();
    expect(posted.at(-1)).toMatchObject({ type: 'snapshot', run: { identity: { id: 'b' } } });
    drawn();
    run = undefined;
    feed.changed();
    drawn();
    feed.changed();
    expect(posted).toHaveLength(3);
    expect(shown).toBeNull();
  });

  it('is sent again what is wrong with a page that has a gap', () => {
    feed.ready(1);
    drawn();
    train(4);
    feed.ready(1);
    expect(posted).toHaveLength(2);
    drawn();
    expect(posted.at(-1)!.type).toBe('snapshot');
    expectSame();
  });

  it('gets no more than it can draw, however much was trained since', () => {
    feed.ready(1);
    let most = 0;
    const size = ({ progress }: { progress?: Progress }) =>
      progress ? progress.records.loss.length + progress.records.weights.length : 0;
    for (let i = 0; i < 40; i++) {
      train(15_000);
      if (i % 7 !== 0) continue;
      drawn();
      const update = posted.at(-1)!;
      if (update.type === 'changes') most = Math.max(most, size(update.changes.set));
    }
    drawn();
    expectSame();
    expect(shown!.history.stride).toBe(64);
    expect(most).toBeLessThan(pageLimits.buckets + 2 * pageLimits.records + 2);
    feed.ready(2);
    const last = posted.at(-1)!;
    expect(last.type === 'snapshot' && size(last.run!)).toBeLessThan(pageLimits.buckets + 2 * pageLimits.records + 2);
  });
});
