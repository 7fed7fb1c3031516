import { beforeEach, describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../src/host/records/recordBlocks';
import { Writing, flushInterval } from '../../../src/host/records/writing';
import { emptyColumns } from '../../../src/protocol/history';
import { startCheckpoint } from '../../../src/protocol/state';
import { drivenClock, type DrivenClock } from '../../helpers/drivenClock';

let clock: DrivenClock;
let written: (readonly RecordedEvent[])[];
let attempts: number[];
let heard: string[];
/** What the disk does with the next write. */
let disk: () => Promise<void>;
let writing: Writing;
beforeEach(() => {
  clock = drivenClock();
  [written, attempts, heard] = [[], [], []];
  disk = () => Promise.resolve();
  const write = async (events: readonly RecordedEvent[]) => {
    attempts.push(clock.now());
    await disk();
    written.push(events);
  };
  const listener = { failed: (reason: string) => heard.push(reason), full: () => heard.push('full') };
  writing = new Writing(write, clock, listener);
});

const status: RecordedEvent = { type: 'status', runId: 'a', status: 'paused', trainLoss: 1, validationLoss: NaN };
const speed: RecordedEvent = { type: 'controlled', runId: 'a', controls: { batchesPerSecond: null } };
function progress(epochs = 1, weights = 0): RecordedEvent {
  const records = { ...emptyColumns(epochs), weights: new Float32Array(weights) };
  const none = new Float32Array();
  const more = { checkpoint: startCheckpoint(none), gradients: none, lastChange: none, seconds: 0 };
  return { type: 'progress', runId: 'a', progress: { records, ...more } };
}
/** As much as may wait, to the byte, by what is counted for an event. */
const asMuchAsMayWait = progress(2 ** 20 - 100, 550);
const noSpace = () => Promise.reject(new Error('no space'));

/** A disk that takes until it is let. */
function slowDisk(): () => void {
  let letGo = () => {};
  const done = new Promise<void>((resolve) => (letGo = resolve));
  disk = () => done;
  return () => letGo();
}

describe('events of a run', () => {
  it('are written together: progress after half a second at most, anything else at once', async () => {
    const [first, second, third] = [progress(), progress(), progress()];
    writing.add(first);
    await clock.pass(100);
    writing.add(second);
    await clock.pass(flushInterval - 101);
    expect(written).toEqual([]);
    await clock.pass(1);
    expect(written).toEqual([[first, second]]);
    writing.add(third);
    writing.add(status);
    await clock.pass(0);
    expect(written.slice(1)).toEqual([[third, status]]);
    await clock.pass(10_000);
    expect(written).toHaveLength(2);
  });

  it('begin a record where there are none yet', async () => {
    expect(writing.isEmpty).toBe(true);
    writing.begin();
    expect(writing.isEmpty).toBe(false);
    await clock.pass(0);
    expect([written, writing.isEmpty]).toEqual([[[]], true]);
    await writing.flush();
    expect(written).toHaveLength(1);
  });

  it('are written one after the other, each once, however often that is asked for', async () => {
    const letGo = slowDisk();
    writing.add(status);
    const flushed = [writing.flush()];
    writing.add(speed);
    flushed.push(writing.flush(), writing.flush());
    expect(writing.isEmpty).toBe(false);
    letGo();
    await Promise.all(flushed);
    expect(written).toEqual([[status], [speed]]);
    expect(writing.isEmpty).toBe(true);
  });

  it('are not empty while the last of them is being written', async () => {
    const letGo = slowDisk();
    writing.add(status);
    const flushed = writing.flush();
    expect(writing.isEmpty).toBe(false);
    letGo();
    await flushed;
    expect(writing.isEmpty).toBe(true);
  });

  it('are dropped after the end', async () => {
    writing.add(progress());
    writing.stop();
    writing.add(status);
    await writing.flush();
    await clock.pass(10_000);
    expect(written).toEqual([]);
  });
});

describe('a disk that takes nothing', () => {
  it('is tried again more and more seldom, eight seconds apart at most, and keeps the order', async () => {
    disk = () => {
      if (attempts.length === 1) writing.add(speed);
      return noSpace();
    };
    writing.add(status);
    await clock.pass(0);
    // What was added meanwhile is tried at once.
    await clock.pass(30_000);
    expect(attempts).toEqual([0, 0, 2000, 6000, 14_000, 22_000, 30_000]);
    expect(heard).toEqual(attempts.map(() => 'no space'));
    disk = () => Promise.resolve();
    await clock.pass(8000);
    expect(written).toEqual([[status, speed]]);
    disk = noSpace;
    writing.add(status);
    await clock.pass(0);
    await clock.pass(1000);
    expect(attempts.slice(8)).toEqual([38_000, 39_000]);
  });

  it('says when more is waiting than may', async () => {
    writing.add(asMuchAsMayWait);
    writing.add(status);
    expect(heard).toEqual([]);
    disk = noSpace;
    await clock.pass(0);
    expect(heard).toEqual(['no space', 'full']);
    writing.add(speed);
    expect(heard).toEqual(['no space', 'full', 'full']);
  });
});

describe('who waits for the disk', () => {
  it('waits where more waits than may, until it is written', async () => {
    writing.add(asMuchAsMayWait);
    expect(writing.behind).toBeUndefined();
    writing.add(status);
    let hasCaughtUp = false;
    void writing.behind?.then(() => (hasCaughtUp = true));
    const letGo = slowDisk();
    await clock.pass(0);
    expect(hasCaughtUp).toBe(false);
    letGo();
    await clock.pass(0);
    expect(hasCaughtUp).toBe(true);
    expect(writing.behind).toBeUndefined();
  });

  it('waits no longer after the end', async () => {
    writing.add(asMuchAsMayWait);
    writing.add(status);
    const { behind } = writing;
    expect(behind).toBeDefined();
    writing.stop();
    await behind;
    for (const event of [asMuchAsMayWait, status]) writing.add(event);
    expect(writing.behind).toBeUndefined();
  });
});
