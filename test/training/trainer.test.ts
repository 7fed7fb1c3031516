import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRun } from '../../src/training/openRun';
import { chunkRows } from '../../src/engine/kernels/kernels';
import type { Trainer } from '../../src/engine/train/trainer';

async function trainerOf(config: object): Promise<Trainer> {
  const opened = await openRun({ configText: JSON.stringify(config), configFile: 'test.gd.json', seed: 0 });
  if ('problems' in opened) throw new Error(opened.problems[0].message);
  return opened.trainer;
}

const dataset = { generate: 'linear', samples: 23, features: 3, noise: 0.5 };
const small = { seed: 5, dataset, loader: { batch_size: 4 }, optimizer: { type: 'SGD', lr: 0.01 } };

describe('Trainer', () => {
  it('has gradients that agree with central differences', async () => {
    const trainer = await trainerOf({ ...small, loader: { batch_size: 23, shuffle: false }, split: [23, 0] });
    const { model } = trainer.parts;
    const start = model.parameters.slice();
    trainer.advance(1);
    const { gradients } = model;
    start.forEach((value, i) => {
      const lossAt = (shifted: number) => {
        model.parameters.set(start);
        model.parameters[i] = shifted;
        return trainer.fullTrainLoss();
      };
      const h = 2 ** -6;
      expect((lossAt(value + h) - lossAt(value - h)) / (2 * h)).toBeCloseTo(gradients[i], 3);
    });
  });

  it('gives the same bits for the same seed', async () => {
    const run = async () => {
      const trainer = await trainerOf(small);
      return Array.from({ length: 3 }, () => trainer.advance(Infinity));
    };
    expect(await run()).toEqual(await run());
  });

  it.each([
    small,
    { ...small, split: [15, 8], optimizer: { type: 'SGD', lr: 0.01, momentum: 0.9, nesterov: true } },
    { ...small, optimizer: { type: 'Adam', amsgrad: true }, scheduler: { type: 'CosineAnnealingLR', T_max: 3 } },
    {
      ...small,
      optimizer: { type: 'RMSprop', centered: true, momentum: 0.5 },
      scheduler: { type: 'StepLR', step_size: 2 },
    },
    { ...small, optimizer: { type: 'Adagrad' }, scheduler: { type: 'ReduceLROnPlateau', patience: 0, threshold: 0.9 } },
    { ...small, optimizer: { type: 'NAdam', lr: 0.05, momentum_decay: 0.1 } },
    { ...small, optimizer: { type: 'RAdam', lr: 0.05, betas: [0.9, 0.9] }, loss: { type: 'huber_loss', delta: 2 } },
    { ...small, optimizer: { type: 'Adadelta' } },
    { ...small, optimizer: { type: 'Rprop', lr: 0.1 } },
    { ...small, loader: { batch_size: 23 }, optimizer: { type: 'LBFGS', max_iter: 3, history_size: 4 } },
    {
      ...small,
      loader: { batch_size: 15 },
      split: [15, 8],
      penalty: { l2: 0.1 },
      clip_grad_norm: 3,
      model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 4 }, 'Tanh', 'Linear'] },
      optimizer: { type: 'LBFGS', max_iter: 2, line_search_fn: 'strong_wolfe' },
      scheduler: { type: 'StepLR', step_size: 2 },
    },
  ])(
    'gives the same bits wherever it is interrupted, and when it goes on from a position: $optimizer.type',
    async (config) => {
      const whole = await trainerOf(config);
      const records = Array.from({ length: 4 }, () => whole.advance(Infinity));
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 }), async (budgets) => {
          let cut = await trainerOf(config);
          const seen = [];
          for (const budget of budgets) {
            const record = cut.advance(budget);
            if (record) seen.push(record);
            const moved = await trainerOf(config);
            moved.restore(cut.position());
            cut = moved;
          }
          while (cut.epoch < 4) {
            const record = cut.advance(Infinity);
            if (record) seen.push(record);
          }
          expect(seen.slice(0, 4)).toEqual(records);
          if (cut.epoch === 4 && cut.batch === 0) expect(cut.position()).toEqual(whole.position());
        }),
        { numRuns: 25 },
      );
    },
  );

  it.each([
    small,
    { ...small, optimizer: { type: 'Adam' }, scheduler: { type: 'ReduceLROnPlateau', patience: 0, threshold: 0.9 } },
    { ...small, loader: { batch_size: 23 }, optimizer: { type: 'LBFGS', max_iter: 2, lr: 0.3 } },
  ])(
    'keeps nothing of what it did when it goes to a position, nor of the position: $optimizer.type',
    async (config) => {
      const trainer = await trainerOf(config);
      trainer.advance(Infinity);
      trainer.advance(9);
      const position = trainer.position();
      const known = structuredClone(position);
      const goOn = () => Array.from({ length: 3 }, () => trainer.advance(Infinity));
      const records = goOn();
      const end = trainer.position();
      trainer.advance(5);
      trainer.restore(position);
      expect(trainer.position()).toEqual(known);
      expect(trainer.lastBatch).toBeUndefined();
      expect(trainer.orderEpoch).toBe(1);
      expect(trainer.previous).toEqual(position.parameters);
      expect(trainer.parts.model.gradients.every((value) => value === 0)).toBe(true);
      expect(goOn()).toEqual(records);
      expect(trainer.position()).toEqual(end);
      expect(position).toEqual(known);
    },
  );

  it('goes from the middle of an epoch to the start of one', async () => {
    const trainer = await trainerOf(small);
    const start = trainer.position();
    const first = trainer.advance(Infinity);
    trainer.advance(9);
    trainer.restore(start);
    expect(trainer.orderEpoch).toBe(-1);
    expect(trainer.advance(Infinity)).toEqual(first);
  });

  it('goes from the middle of a large batch to its start', async () => {
    const samples = 3 * chunkRows;
    const trainer = await trainerOf({ ...small, dataset: { ...dataset, samples }, loader: { batch_size: samples } });
    const start = trainer.position();
    const first = trainer.advance(Infinity);
    trainer.restore(start);
    expect(trainer.advance(chunkRows)).toBeUndefined();
    expect(trainer.position()).toEqual(start);
    trainer.restore(start);
    expect(trainer.advance(2 * chunkRows)).toBeUndefined();
    expect(trainer.advance(Infinity)).toEqual(first);
  });

  it('passes as many rows at a time as it may, in large batches too', async () => {
    const samples = 4 * chunkRows;
    const loader = { batch_size: 2 * chunkRows };
    const trainer = await trainerOf({ ...small, dataset: { ...dataset, samples }, loader });
    trainer.advance(Infinity);
    expect(trainer.lastBatch).toBeDefined();
    expect(trainer.advance(chunkRows)).toBeUndefined();
    // The order is another one by now.
    expect([trainer.batch, trainer.lastBatch]).toEqual([0, undefined]);
    expect(trainer.advance(2 * chunkRows)).toBeUndefined();
    expect(trainer.batch).toBe(1);
    expect(trainer.advance(chunkRows)).toBeDefined();
  });

  it('goes back to a position as often as is wanted', async () => {
    const scheduler = { type: 'ReduceLROnPlateau', patience: 0, threshold: 0.9 };
    const trainer = await trainerOf({ ...small, scheduler });
    trainer.advance(Infinity);
    const position = trainer.position();
    const records = () => Array.from({ length: 5 }, () => trainer.advance(Infinity));
    trainer.restore(position);
    const first = records();
    trainer.restore(position);
    expect(records()).toEqual(first);
  });

  it('adds the penalty to the loss over all rows', async () => {
    const losses = [0, 1].map(async (l2) => {
      const trainer = await trainerOf({ ...small, penalty: { l2 } });
      const { penalty, model } = trainer.parts;
      return trainer.fullTrainLoss() - (penalty?.value(model.parameters) ?? 0);
    });
    const [without, withPenalty] = await Promise.all(losses);
    expect(withPenalty).toBeCloseTo(without, 6);
  });

  it('lowers the rate by the rows held out, where there are some', async () => {
    const scheduler = { type: 'ReduceLROnPlateau', patience: 0, threshold: 0.5 };
    const trainer = await trainerOf({
      ...small,
      dataset: { generate: 'linear', samples: 24, features: 10, noise: 2 },
      split: [12, 12],
      optimizer: { type: 'SGD', lr: 0.1 },
      scheduler,
    });
    const records = Array.from({ length: 6 }, () => trainer.advance(Infinity)!);
    const ratesBy = (column: 'loss' | 'valLoss') => {
      let [best, lr] = [Infinity, 0.1];
      return records.map((record) => {
        const before = lr;
        if (record[column] < best / 2) best = record[column];
        else lr /= 10;
        return before;
      });
    };
    const rates = records.map(({ lr }) => Number(lr.toPrecision(6)));
    expect(rates).toEqual(ratesBy('valLoss').map((lr) => Number(lr.toPrecision(6))));
    expect(ratesBy('valLoss')).not.toEqual(ratesBy('loss'));
  });

  it('has changed nothing before its first batch', async () => {
    const trainer = await trainerOf(small);
    expect(trainer.previous).toEqual(trainer.parts.model.parameters);
    expect(trainer.orderEpoch).toBe(-1);
  });

  it('trains again after it has diverged when it goes back', async () => {
    const trainer = await trainerOf({ ...small, optimizer: { type: 'SGD', lr: 1e12 } });
    const start = trainer.position();
    const record = trainer.advance(Infinity);
    expect(trainer.divergence).toBeDefined();
    trainer.restore(start);
    expect(trainer.divergence).toBeUndefined();
    expect(trainer.advance(Infinity)).toEqual(record);
  });

  it('does not depend on the order of the rows in a full batch, beyond rounding', async () => {
    const [inputs, targets] = [dataset.features, 1].map((width) =>
      Array.from({ length: 23 }, (_, row) => Array.from({ length: width }, (_, i) => ((row * 7 + i * 3) % 11) / 5 - 1)),
    );
    const full = { ...small, loader: { batch_size: 23 }, epochs: 30 };
    const trainOn = async (order: number[]) => {
      const values = { inputs: order.map((row) => inputs[row]), targets: order.map((row) => targets[row]) };
      const trainer = await trainerOf({ ...full, dataset: { values } });
      while (trainer.epoch < 30) trainer.advance(Infinity);
      return trainer.parts.model.parameters;
    };
    const rows = inputs.map((_, row) => row);
    const expected = await trainOn(rows);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(rows, { minLength: 23 }), async (order) => {
        (await trainOn(order)).forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-5));
      }),
      { numRuns: 25 },
    );
  });

  it('stops at the first loss that is not finite and keeps the last finite parameters', async () => {
    const trainer = await trainerOf({ ...small, optimizer: { type: 'SGD', lr: 1e12 } });
    const record = trainer.advance(Infinity);
    expect(trainer.divergence).toMatchObject({ epoch: 0, what: 'loss' });
    expect(record?.batchLoss).toBe(Infinity);
    expect(trainer.parts.model.parameters.every(Number.isFinite)).toBe(true);
    expect(trainer.advance(Infinity)).toBeUndefined();
  });

  it('stops before a parameter is not finite', async () => {
    const trainer = await trainerOf({
      ...small,
      optimizer: { type: 'SGD', lr: 1e38 },
      dataset: { ...dataset, noise: 50 },
    });
    const record = trainer.advance(Infinity)!;
    expect(trainer.divergence).toMatchObject({ epoch: 0, batch: 0, what: 'parameter' });
    // The mean over the rows that were passed.
    expect(record.loss / record.batchLoss).toBeCloseTo(1, 6);
    expect(trainer.parts.model.parameters).toEqual(trainer.previous);
  });
});
