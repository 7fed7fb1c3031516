import { describe, expect, it } from 'vitest';
import type { Mistake } from '../../src/engine/train/mistakes';
import { copyOf, MistakeRun } from '../../src/answers/mistakes';
import { openRun, type OpenedRun } from '../../src/training/openRun';
import mistakes from '../fixtures/mistakes.json';
import { expectClose } from '../helpers/expectClose';

async function open(config: object): Promise<OpenedRun> {
  const opened = await openRun({ configText: JSON.stringify(config), configFile: 'test.gd.json', seed: 0 });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  return opened;
}

/** A clock on which each look takes this many milliseconds. */
function clock(step: number): () => number {
  let time = 0;
  return () => (time += step);
}

function curveOf(run: OpenedRun, mistake: Mistake) {
  return new MistakeRun(run, mistake, clock(0)).curve(0);
}

function honestLosses(run: OpenedRun): number[] {
  const losses: number[] = [];
  while (run.trainer.epoch < run.shape.epochs) losses.push(run.trainer.advance(Infinity)!.loss);
  return losses;
}

const dataset = { generate: 'linear', samples: 30, features: 3, noise: 0.5, seed: 2 };
const base = { seed: 5, dataset, loader: { batch_size: 8 }, optimizer: { type: 'SGD', lr: 0.01 }, epochs: 12 };

const cases = mistakes.map((reference) => {
  const { seed, loss, optimizer } = reference.config;
  return { name: `${reference.mistake}: ${seed}, ${loss}, ${optimizer.type}`, reference };
});

describe('a run with a mistake in it, against PyTorch', () => {
  it.each(cases)('$name', async ({ reference }) => {
    const run = await open(reference.config);
    const { losses, first, done, divergence, rows } = curveOf(run, reference.mistake as Mistake);
    expect({ first, done, rows }).toEqual({ first: 0, done: true, rows: run.shape.trainRows });
    const notFinite = 'notFinite' in reference ? reference.notFinite : undefined;
    expect(divergence?.epoch).toBe(notFinite);
    expect(losses).toHaveLength(reference.loss.length + (divergence ? 1 : 0));
    reference.loss.forEach((loss, epoch) => expectClose(losses[epoch], loss, 1e-4));
  });
});

describe('the sum', () => {
  // Batches of more rows than the kernels take at a time are passed in parts, the last of which is smaller.
  it.each([10, 5000])('of %d rows is as many times the rate', async (rows) => {
    const config = { ...base, dataset: { ...dataset, samples: 2 * rows }, loader: { batch_size: rows } };
    const { losses } = curveOf(await open({ ...config, optimizer: { type: 'SGD', lr: 0.05 / rows } }), 'sum');
    const longer = honestLosses(await open({ ...config, optimizer: { type: 'SGD', lr: 0.05 } }));
    longer.forEach((loss, epoch) => expectClose(losses[epoch], loss, 1e-5));
    expect(losses[11]).toBeLessThan(losses[0] / 2);
  });
});

describe('a mistake that changes nothing', () => {
  it.each(['sum', 'broadcast'] as const)('%s with batches of one row', async (mistake) => {
    const config = { ...base, loader: { batch_size: 1 } };
    const { losses } = curveOf(await open(config), mistake);
    const honest = honestLosses(await open(config));
    expect(losses).toHaveLength(12);
    honest.forEach((loss, epoch) => expectClose(losses[epoch], loss, 1e-5));
    const larger = curveOf(await open(base), mistake).losses;
    const difference = honestLosses(await open(base)).map((loss, epoch) => Math.abs(loss - larger[epoch]) / loss);
    expect(Math.max(...difference)).toBeGreaterThan(1e-2);
  });

  it('noShuffle where the run does not shuffle either', async () => {
    const config = { ...base, loader: { batch_size: 8, shuffle: false } };
    expect(curveOf(await open(config), 'noShuffle')).toMatchObject({ already: true });
    expect([...curveOf(await open(config), 'noShuffle').losses]).toEqual(honestLosses(await open(config)));
    expect(curveOf(await open(base), 'noShuffle').already).toBe(false);
  });
});

describe('a curve', () => {
  it.each(['notZeroed', 'broadcast', 'sum', 'noShuffle'] as const)('leaves the run as it is: %s', async (mistake) => {
    const [alone, watched] = [await open(base), await open(base)];
    for (let epoch = 0; epoch < 4; epoch++) {
      curveOf(watched, mistake);
      expect(watched.trainer.advance(Infinity)).toEqual(alone.trainer.advance(Infinity));
      expect(watched.trainer.position()).toEqual(alone.trainer.position());
    }
  });

  it('is the same in parts, and whenever it is asked for', async () => {
    const run = await open({ ...base, epochs: 60, dataset: { ...dataset, samples: 3000 } });
    const whole = curveOf(run, 'sum');
    run.trainer.advance(Infinity);
    const sliced = new MistakeRun(run, 'sum', clock(15));
    const losses: number[] = [];
    let parts = 0;
    for (let done = false; !done; parts++) {
      const curve = sliced.curve(losses.length);
      expect(curve.first).toBe(losses.length);
      losses.push(...curve.losses);
      done = curve.done;
    }
    expect(parts).toBeGreaterThan(3);
    expect(losses).toEqual([...whole.losses]);
    expect([...sliced.curve(50).losses]).toEqual(losses.slice(50));
  });

  it('ends when its time is used up, and says so', async () => {
    const run = await open({ ...base, epochs: 100_000 });
    const slow = new MistakeRun(run, 'sum', clock(100));
    let known = 0;
    let answers = 0;
    for (let done = false; !done; answers++) {
      const curve = slow.curve(known);
      known += curve.losses.length;
      done = curve.done;
    }
    expect(answers).toBe(10);
    expect(known).toBeGreaterThan(0);
    expect(known).toBeLessThan(100_000);
  });

  it('is refused where the mistake cannot be made', async () => {
    const classes = { values: { inputs: [[1], [2], [3]], targets: [['a'], ['b'], ['a']].map((_, row) => [row % 2]) } };
    const refused = async (config: object) => {
      const run = await open({ ...base, ...config });
      return () => curveOf(run, 'broadcast');
    };
    expect(await refused({ dataset: classes, loss: 'cross_entropy' })).toThrow(/takes targets of shape \(n,\)/);
    expect(await refused({ dataset: classes, loss: 'binary_cross_entropy_with_logits' })).toThrow(/refuses targets/);
    const wide = {
      values: {
        inputs: [[1], [2]],
        targets: [
          [1, 2],
          [3, 4],
        ],
      },
    };
    expect(await refused({ dataset: wide })).toThrow(/several columns/);
    expect(await refused({ dataset: { ...dataset, samples: 5000 }, loader: { batch_size: 5000 } })).toThrow(
      /5000 × 5000/,
    );
  });
});

describe('a run that clips gradients', () => {
  it('clips them in its mistakes too: one that it has made already is the run’s own', async () => {
    const clipping = { clip_grad_norm: 0.1, loader: { batch_size: 5, shuffle: false } };
    const run = await open({ ...base, ...clipping });
    const { losses } = new MistakeRun(run, 'noShuffle', () => 0).curve(0);
    const own = Array.from({ length: losses.length }, () => run.trainer.advance(Infinity)!.loss);
    expect(losses.length).toBeGreaterThan(0);
    expect([...losses]).toEqual(own);
  });
});

describe('a copy of the rows', () => {
  const partsOf = async () => (await open({ ...base, split: [20, 10] })).trainer.parts;

  it('is a copy of all of them where there is room', async () => {
    const { dataset: data, trainRows, validationRows } = await partsOf();
    const parts = { dataset: data, trainRows, validationRows };
    const copy = copyOf(parts, 30 * 4);
    expect(copy.dataset.inputs).toEqual(data.inputs);
    expect(copy.dataset.inputs.buffer).not.toBe(data.inputs.buffer);
    expect([copy.trainRows, copy.validationRows]).toEqual([trainRows, validationRows]);
  });

  it('has evenly chosen rows of both kinds where there is not', async () => {
    const { dataset: data, trainRows, validationRows } = await partsOf();
    const parts = { dataset: data, trainRows, validationRows };
    const copy = copyOf(parts, 15 * 4);
    expect(copy.dataset.rows).toBe(15);
    expect([...copy.trainRows]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...copy.validationRows]).toEqual([10, 11, 12, 13, 14]);
    const rowOf = (numbers: Float32Array, row: number) => [...numbers.subarray(row * 3, row * 3 + 3)];
    for (let i = 0; i < 10; i++) {
      expect(rowOf(copy.dataset.inputs, i)).toEqual(rowOf(data.inputs, trainRows[2 * i]));
      expect(copy.dataset.targets[i]).toBe(data.targets[trainRows[2 * i]]);
    }
    for (let i = 0; i < 5; i++) expect(copy.dataset.targets[10 + i]).toBe(data.targets[validationRows[2 * i]]);
  });
});
