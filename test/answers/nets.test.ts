import { describe, expect, it } from 'vitest';
import { Answerer } from '../../src/answers/answerer';
import type { Mistake } from '../../src/protocol/questions';
import { openConfig } from '../helpers/openRun';

const net = {
  seed: 1,
  dataset: { generate: 'moons', samples: 40, noise: 0.1 },
  loader: { batch_size: 8 },
  model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 6 }, 'Tanh', 'Linear'] },
  optimizer: { type: 'SGD', lr: 0.05 },
  epochs: 20,
};

describe('of a net', () => {
  it.each(['notZeroed', 'broadcast', 'sum', 'noShuffle'] as Mistake[])(
    'the mistake %s has a curve',
    async (mistake) => {
      const run = await openConfig(net);
      let now = 0;
      const answerer = new Answerer(run, () => (now += 1));
      const first = answerer.answer({ kind: 'mistake', query: { mistake, first: 0 } });
      expect(first).toMatchObject({ first: 0, rows: 40 });
      expect(run.trainer.epoch).toBe(0);
      // The first epoch begins with the run's own parameters, and in its order where it is shuffled.
      const { losses } = first as { losses: Float64Array };
      expect(losses.length).toBeGreaterThan(0);
      expect(losses.every(Number.isFinite)).toBe(true);
    },
  );

  it('there is no landscape, and the question says why', async () => {
    const answerer = new Answerer(await openConfig(net), () => 0);
    expect(() => answerer.answer({ kind: 'landscape', query: { plane: 'steepest' } })).toThrow(
      'The landscape is drawn of one linear layer; this model has several layers.',
    );
  });

  it('the sharpness is measured where the run stands and where it stood, and its time is counted', async () => {
    const run = await openConfig(net);
    let now = 0;
    let turns = 0;
    const answerer = new Answerer(run, () => (now += 1));
    const turn = () => Promise.resolve(void (turns++, (now += 1000)));
    const start = await answerer.sharpness(undefined, turn);
    expect(start).toMatchObject({ epochs: 0, rows: 40 });
    expect(turns).toBeGreaterThan(3);
    // What others did in their turn is not counted.
    expect(start.took).toBe(turns + 1);
    while (run.trainer.epoch < 20) run.trainer.advance(Infinity);
    run.trainer.advance(8);
    const later = await answerer.sharpness();
    expect(later).toMatchObject({ epochs: 20.2, spent: start.took + later.took });
    expect(Math.abs(later.value / start.value - 1)).toBeGreaterThan(0.02);
    const again = await answerer.sharpness(run.initial);
    expect(Math.abs(again.value / start.value - 1)).toBeLessThan(0.01);
  });

  it('the sharpness of a divided Hessian is known once there were steps, and only where the run stands', async () => {
    const run = await openConfig({ ...net, optimizer: { type: 'Adam', lr: 0.01 } });
    const answerer = new Answerer(run, () => 0);
    await expect(answerer.sharpness()).rejects.toThrow('only where the run stands');
    run.trainer.advance(Infinity);
    expect((await answerer.sharpness()).value).toBeGreaterThan(0);
    await expect(answerer.sharpness(run.initial)).rejects.toThrow('only where the run stands');
  });

  it('rows, scatter and metrics are those of its predictions', async () => {
    const run = await openConfig(net);
    const answerer = new Answerer(run, () => 0);
    while (run.trainer.epoch < 20) run.trainer.advance(Infinity);
    const rows = Uint32Array.from({ length: 40 }, (_, row) => row);
    const predicted = run.trainer.predict(rows, run.trainer.parts.model.parameters);
    const page = answerer.answer({ kind: 'rows', query: { offset: 0, count: 40, sort: 'row', descending: false } });
    expect([...(page as { now: Float32Array }).now]).toEqual([...predicted]);
    const metrics = answerer.metrics();
    expect(metrics.train.model).toMatchObject({ r2: expect.any(Number) as number });
  });
});
