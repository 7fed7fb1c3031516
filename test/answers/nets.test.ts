import { describe, expect, it } from 'vitest';
import { Answerer } from '../../src/answers/answerer';
import type { Mistake } from '../../src/protocol/questions';
import { dot } from '../../src/engine/linear/lanczos';
import type { LandscapeQuery, LossPlane } from '../../src/engine/report/lossPlane';
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

  it('the landscape is the loss in the plane that its path leads through', async () => {
    const run = await openConfig(net);
    const { trainer } = run;
    const { loss, model, trainRows, kernels } = trainer.parts;
    const answerer = new Answerer(run, () => 0);
    const asked = (query: LandscapeQuery, path: Float32Array[]) =>
      answerer.answer({ kind: 'landscape', query }, undefined, path) as LossPlane;
    expect(() => asked({ plane: 'steepest' }, [run.initial])).toThrow('Train first.');
    const path = [run.initial];
    while (trainer.epoch < 20) {
      trainer.advance(8);
      path.push(model.parameters.slice());
    }
    const lossOf = (parameters: Float32Array) =>
      loss.sum(trainer.predict(trainRows, parameters), kernels.targets, 40, 1) / loss.count(40, 1);
    const plane = asked({ plane: 'steepest' }, path);
    const { axes, origin, view, size, losses } = plane;
    expect(axes.map(({ kind }) => kind)).toEqual(['main', 'second']);
    expect(axes[0].label).toMatch(/^main direction of the path: \d\d\.?\d* % of it$/);
    // The origin is counted from the start of the path, in the plane through where it ends.
    const at = (a: number, b: number) =>
      lossOf(Float32Array.from(origin, (value, i) => value + a * axes[0].direction[i] + b * axes[1].direction[i]));
    for (const [column, row] of [
      [0, 0],
      [size >> 1, size >> 1],
      [size - 1, 3],
    ]) {
      const place = (index: number) => (2 * index) / (size - 1) - 1;
      const [a, b] = [view.a + view.halfA * place(column), view.b + view.halfB * place(row)];
      expect(losses[row * size + column]).toBeCloseTo(at(a, b), 6);
    }
    const now = axes.map(({ direction }) => dot(direction, model.parameters) - dot(direction, origin));
    expect(at(now[0], now[1])).toBeCloseTo(lossOf(model.parameters), 6);
    const start = dot(axes[0].direction, run.initial) - dot(axes[0].direction, origin);
    expect(start).toBeCloseTo(0, 6);
    expect(now[0]).toBeGreaterThan(0);
    const two = asked({ plane: { first: 1, second: 4 } }, path);
    expect(two.axes.map(({ label }) => label)).toEqual(['0.weight: unit 1 ← x1', '0.weight: unit 3 ← x0']);
    expect(() => asked({ plane: { first: 1, second: 25 } }, path)).toThrow('There is no parameter 25');
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
