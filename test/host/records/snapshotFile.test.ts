import { describe, expect, it } from 'vitest';
import { linearModel } from '../../../src/engine/nn/layers';
import { encodePayload } from '../../../src/host/records/payload';
import { emptyColumns } from '../../../src/protocol/history';
import type { RunShape } from '../../../src/protocol/protocol';
import { decodeRun } from '../../../src/host/records/snapshotFile';
import { encodeRun } from '../../helpers/encodeRun';
import { applyRunEvent, openingRun, restoreSnapshot, startCheckpoint, takeSnapshot } from '../../../src/protocol/state';

function someRun() {
  const state = openingRun({ id: 'a', name: 'Prüfung "€" 𝛻', startedAt: 5 });
  const records = emptyColumns(3);
  records.loss.set([3, Infinity, NaN]);
  const checkpoint = { ...startCheckpoint(Float32Array.of(1.5, -0)), epoch: 3 };
  const progress = {
    records,
    checkpoint,
    gradients: Float32Array.of(1, 2),
    lastChange: Float32Array.of(3, 4),
    seconds: 1,
  };
  return applyRunEvent(state, { type: 'progress', runId: 'a', progress });
}

describe('a stored run', () => {
  it('comes back as it was, every number and every letter', () => {
    const stored = { snapshot: takeSnapshot(someRun()), configText: '{ "ü": "\u2028" }', seed: 7 };
    const back = decodeRun(encodeRun(stored));
    expect(back).toEqual(stored);
    const state = restoreSnapshot(back!.snapshot);
    expect([...state.history.column('loss')]).toEqual([3, Infinity, NaN]);
    expect(Object.is(state.checkpoint.parameters[1], -0)).toBe(true);
  });

  it('comes back from a Buffer that begins anywhere in its memory', () => {
    const stored = { snapshot: takeSnapshot(someRun()), configText: '{}', seed: 7 };
    const bytes = encodeRun(stored);
    const shifted = Buffer.alloc(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeRun(shifted.subarray(3))).toEqual(stored);
  });

  it('of an earlier version comes back without the fixes that it held beside what they follow from', () => {
    const snapshot = { ...takeSnapshot(someRun()), fixes: [{ title: 'Set lr to 1', edits: [] }] };
    const back = decodeRun(encodeRun({ snapshot, configText: '{}', seed: 7 }))!.snapshot;
    expect(back).toHaveProperty('fixes');
    expect(restoreSnapshot(back)).not.toHaveProperty('fixes');
    expect(restoreSnapshot(back).history.length).toBe(3);
  });

  it('of a version that knew no layers comes back as a linear model', () => {
    const shape = { inputNames: ['x', 'z'], targetNames: ['y'], bias: false } as unknown as RunShape;
    const snapshot = { ...takeSnapshot(someRun()), shape };
    const back = decodeRun(encodeRun({ snapshot, configText: '{}', seed: 7 }))!.snapshot.shape;
    expect(back).toEqual({ inputNames: ['x', 'z'], targetNames: ['y'], model: linearModel(2, 1, false) });
  });

  it('of an unknown version is left alone', () => {
    const run = { snapshot: takeSnapshot(someRun()), configText: '{}', seed: 7 };
    expect(decodeRun(encodePayload({ version: 1, run }))).toBeUndefined();
  });

  it('is undefined where the bytes are not a run', () => {
    expect(decodeRun(new Uint8Array(0))).toBeUndefined();
    expect(decodeRun(Uint8Array.from({ length: 50 }, (_, i) => i))).toBeUndefined();
    const whole = encodeRun({ snapshot: takeSnapshot(someRun()), configText: '', seed: 0 });
    for (let length = 0; length < whole.length; length++) expect(decodeRun(whole.slice(0, length))).toBeUndefined();
  });
});

describe('run state', () => {
  it('leaves a run alone that an event is not about', () => {
    const state = someRun();
    const event = { type: 'status', runId: 'b', status: 'finished', trainLoss: 1, validationLoss: NaN } as const;
    expect(applyRunEvent(state, event)).toBe(state);
  });

  it('takes records that come twice once, and refuses a gap', () => {
    const state = someRun();
    state.history.append(emptyColumns(2, 1));
    expect(state.history.length).toBe(3);
    expect(() => state.history.append(emptyColumns(1, 4))).toThrow(/epochs 3 to 3 are missing/);
  });
});
