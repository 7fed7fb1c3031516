import { expect } from 'vitest';
import { isRecorded, type RecordHeader, type RecordedEvent } from '../../src/host/records/recordBlocks';
import type { Checkpoint } from '../../src/protocol/protocol';
import { applyRunEvent, openingRun, type RunState } from '../../src/protocol/state';
import { nodeRecordFolder } from '../../src/host/records/nodeRecordFolder';
import { openRunWindow, startRun } from './runWindows';

/** A run that was trained without interruption: what happened to it, and where it stood after each of its epochs. */
export interface RecordedRun {
  header: RecordHeader;
  events: RecordedEvent[];
  state: RunState;
  checkpoints: Map<number, Checkpoint>;
}

/** Trains a run epoch by epoch, which gives as many pieces of progress. */
export async function recordedRun(epochs: number, folder: string): Promise<RecordedRun> {
  const { runs } = openRunWindow(nodeRecordFolder(folder));
  const run = startRun(runs, 'recorded', epochs, 'rest');
  const { identity } = run.state;
  const events: RecordedEvent[] = [];
  const checkpoints = new Map<number, Checkpoint>();
  runs.onEvent(({ event }) => {
    if (!isRecorded(event)) return;
    events.push(event);
    if (event.type === 'progress') checkpoints.set(event.progress.checkpoint.epoch, event.progress.checkpoint);
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const status = () => run.state.status;
  while (status() !== 'ready') await turn();
  while (run.state.history.length < epochs) {
    const { length } = run.state.history;
    await runs.step(run, 'epoch');
    while (run.state.history.length === length || status() === 'running') {
      await turn();
    }
  }
  await runs.close();
  const { configText, seed } = run.source;
  checkpoints.set(0, { ...openedCheckpoint(run.state) });
  return { header: { identity, configText, seed }, events, state: run.state, checkpoints };
}

function openedCheckpoint(state: RunState): Checkpoint {
  const opened = applyRunEvent(openingRun(state.identity), {
    ...{ type: 'opened', runId: state.identity.id, shape: state.shape!, initial: state.initial },
    ...{ trainLoss: 0, validationLoss: 0 },
  });
  return opened.checkpoint;
}

/** The state after some events. */
export function folded({ identity }: RecordHeader, events: readonly RecordedEvent[]): RunState {
  return events.reduce((state, event) => applyRunEvent(state, event), openingRun(identity));
}

/** Expects a state to be one that the run was in, bit for bit. */
export function expectPartOf(run: RecordedRun, state: RunState): void {
  const { length } = state.history;
  for (const name of ['loss', 'batchLoss', 'valLoss', 'lr'] as const) {
    expect(hasBitsOf(state.history.column(name), run.state.history.column(name).subarray(0, length))).toBe(true);
  }
  if (state.status === 'opening') return expect(length).toBe(0);
  expect(state.checkpoint).toEqual(run.checkpoints.get(state.checkpoint.epoch));
  expect(state.checkpoint.epoch).toBeLessThanOrEqual(length);
}

/** Whether two columns are the same, bit for bit. */
export function hasBitsOf(column: Float64Array, other: Float64Array): boolean {
  const bytes = ({ buffer, byteOffset, byteLength }: Float64Array) => Buffer.from(buffer, byteOffset, byteLength);
  return bytes(column).equals(bytes(other));
}

/** Numbers from 0 to 1 that follow from a seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
