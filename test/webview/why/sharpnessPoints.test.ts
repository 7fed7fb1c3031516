import { expect, it } from 'vitest';
import { emptyColumns } from '../../../src/protocol/history';
import { openingRun, type RunState } from '../../../src/protocol/state';
import type { RunShape } from '../../../src/protocol/protocol';
import { SharpnessPoints } from '../../../webview/why/sharpnessPoints';

const sgd = { type: 'SGD', lr: 0.1, momentum: 0, dampening: 0, weight_decay: 0, nesterov: false };
const shape = { lr: 0.1, batchesPerEpoch: 4, optimizerSettings: sgd } as unknown as RunShape;

/** A run that has trained some epochs at changing rates. */
function runAfter(epochs: number, status: RunState['status'], seconds: number): RunState {
  const run = openingRun({ id: 'run', name: 'run', startedAt: 0 });
  const columns = { ...emptyColumns(epochs), weights: new Float32Array(epochs) };
  columns.lr.forEach((_, i) => (columns.lr[i] = 0.1 / (i + 1)));
  run.history.append(columns);
  return { ...run, status, seconds, checkpoint: { ...run.checkpoint, epoch: epochs, lr: 0.1 / (epochs + 1) } };
}

it('while a run trains, measuring takes a tenth of its time at most', () => {
  const points = new SharpnessPoints();
  expect(points.next(runAfter(1, 'running', 0.01), shape)).toBe(1);
  points.add(runAfter(1, 'running', 0.01), shape, 1, { value: 3, epochs: 1, rows: 9, took: 50, spent: 50 });
  // Another one that takes as long would be a tenth of 1 s.
  expect(points.next(runAfter(5, 'running', 0.99), shape)).toBeUndefined();
  expect(points.next(runAfter(5, 'running', 1.01), shape)).toBe(5);
  expect(points.next(runAfter(5, 'paused', 0.01), shape)).toBe(5);
});

it('while a run rests, its start, its end and the gaps between are measured, each once', () => {
  const points = new SharpnessPoints();
  const run = runAfter(200, 'finished', 1);
  const asked: number[] = [];
  for (let next = points.next(run, shape); next !== undefined; next = points.next(run, shape)) {
    asked.push(next);
    points.add(run, shape, next, { value: 2, epochs: 0, rows: 9, took: 1, spent: asked.length });
  }
  expect(asked.slice(0, 4)).toEqual([200, 0, 100, 50]);
  expect(new Set(asked).size).toBe(64);
  const epochs = points.points.map((point) => point.epochs);
  expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
  expect(Math.max(...epochs.slice(1).map((each, i) => each - epochs[i]))).toBeLessThanOrEqual((2 * 200) / 63);
});

it('the limit is that of the rate of its epoch', () => {
  const points = new SharpnessPoints();
  const run = runAfter(3, 'finished', 1);
  for (const at of [3, 0, 1]) points.add(run, shape, at, { value: 2, epochs: 0, rows: 9, took: 1, spent: 1 });
  expect(points.points.map(({ limit }) => Math.round(limit!))).toEqual([20, 40, 80]);
});
