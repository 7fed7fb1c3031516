import { describe, expect, it } from 'vitest';
import { chunkRows } from '../../src/engine/kernels/kernels';
import type { Trainer } from '../../src/engine/train/trainer';
import { openRun } from '../../src/training/openRun';

const samples = 3 * chunkRows + 100;

async function trainerOf(optimizer: object, loss: string): Promise<Trainer> {
  const dataset = { generate: 'linear', samples, features: 3, noise: 0.5, seed: 2 };
  const config = { dataset, loader: { batch_size: samples }, optimizer, loss };
  const opened = await openRun({ configText: JSON.stringify(config), configFile: 'test.gd.json', seed: 0 });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  return opened.trainer;
}

describe.each([
  [{ type: 'SGD', lr: 0.1 }, 'mse_loss'],
  [{ type: 'Adam', lr: 0.1 }, 'huber_loss'],
])('a batch of more rows than a chunk, %j and %s', (optimizer, loss) => {
  it('gives the same bits in parts, and shows nothing before it is done', async () => {
    const whole = await trainerOf(optimizer, loss);
    const records = [0, 1, 2].map(() => whole.advance(Infinity));
    const cut = await trainerOf(optimizer, loss);
    for (const record of records) {
      const before = cut.position();
      for (let i = 0; i < 3; i++) {
        expect(cut.advance(1)).toBeUndefined();
        expect(cut.fullTrainLoss()).toBeGreaterThan(0);
        expect(cut.position()).toEqual(before);
      }
      expect(cut.advance(1)).toEqual(record);
    }
    expect(cut.position()).toEqual(whole.position());
  });

  it('begins the batch again where it goes on from a position', async () => {
    const whole = await trainerOf(optimizer, loss);
    whole.advance(Infinity);
    const cut = await trainerOf(optimizer, loss);
    cut.advance(2 * chunkRows);
    const moved = await trainerOf(optimizer, loss);
    moved.restore(cut.position());
    moved.advance(Infinity);
    expect(moved.position()).toEqual(whole.position());
  });
});

describe.each([{}, { line_search_fn: 'strong_wolfe' }])(
  'LBFGS on a batch of more rows than a chunk, with %j',
  (more) => {
    const optimizer = { type: 'LBFGS', max_iter: 3, ...more };

    it('gives the same bits in parts, and shows nothing before its step is done', async () => {
      const whole = await trainerOf(optimizer, 'huber_loss');
      const records = [0, 1].map(() => whole.advance(Infinity)!);
      expect(records[1].loss).toBeLessThan(records[0].loss);
      const cut = await trainerOf(optimizer, 'huber_loss');
      for (const record of records) {
        const before = cut.position();
        let found;
        for (let parts = 0; !found; parts++) {
          expect(parts).toBeLessThan(30);
          expect(cut.position()).toEqual(before);
          expect(cut.fullTrainLoss()).toBeGreaterThan(0);
          found = cut.advance(1);
        }
        expect(found).toEqual(record);
      }
      expect(cut.position()).toEqual(whole.position());
    });

    it('begins the step again where it goes on from a position', async () => {
      const whole = await trainerOf(optimizer, 'huber_loss');
      [0, 1].forEach(() => whole.advance(Infinity));
      const cut = await trainerOf(optimizer, 'huber_loss');
      cut.advance(Infinity);
      for (let part = 0; part < 5; part++) cut.advance(1);
      const moved = await trainerOf(optimizer, 'huber_loss');
      moved.restore(cut.position());
      moved.advance(Infinity);
      expect(moved.position()).toEqual(whole.position());
      cut.restore(cut.position());
      cut.advance(Infinity);
      expect(cut.position()).toEqual(whole.position());
    });
  },
);
