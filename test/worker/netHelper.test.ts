import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Helper, leastShared, type HelperTask } from '../../src/engine/kernels/helper';
import { createLoss } from '../../src/engine/nn/losses';
import { startNodeHelper } from '../../src/worker/nodeHelper';
import { optimizers, problems, sgd, trainerOf, type Problem } from '../engine/kernels/randomNets';

/** Problems whose batches are worth two threads: wide nets over many rows, and batches that are passed in several stages. */
const largeProblems = fc
  .tuple(problems, fc.integer({ min: 64, max: 130 }), fc.integer({ min: 40, max: 900 }), fc.integer({ min: 1, max: 3 }))
  .map(([problem, inputs, batchSize, hidden]): Problem => {
    const outputs = problem.widths[problem.widths.length - 1];
    const widths = [inputs, ...Array.from({ length: hidden }, (_, i) => 70 + 13 * i), outputs];
    return { ...problem, widths, batchSize, rows: Math.ceil(leastShared / inputs) };
  });

/** A helper with a thread of Node, and what it was given to do. */
function nodeHelper() {
  const tasks: HelperTask[] = [];
  const helper = new Helper((task) => {
    tasks.push(task);
    return startNodeHelper(task);
  });
  return { helper, tasks };
}

/** Stages that two threads have passed together. */
const stagesOf = ({ memory, setUp: [[, place]] }: HelperTask) => new Int32Array(memory.buffer, place[11])[0];

type Trainers = ReturnType<typeof trainerOf>;

/** Trains until the helper has had a part in it; both trainers alike. */
async function trainTogether(alone: Trainers, helped: Trainers, tasks: HelperTask[], rows: number): Promise<void> {
  const before = tasks.length > 0 ? stagesOf(tasks[0]) : 0;
  do {
    expect(helped.trainer.advance(rows)).toEqual(alone.trainer.advance(rows));
    await new Promise(setImmediate);
  } while (!alone.trainer.divergence && (tasks.length === 0 || stagesOf(tasks[0]) === before));
}

describe('a net with a helper thread', () => {
  it('trains with the same bits as one thread, whatever its layers, loss, optimizer and batches', async () => {
    await fc.assert(
      fc.asyncProperty(largeProblems, async (problem) => {
        const { helper, tasks } = nodeHelper();
        const [alone, helped] = [trainerOf('wasm', problem), trainerOf('wasm', problem, helper)];
        for (const { trainer } of [alone, helped]) trainer.parts.optimizer.lr /= 100;
        const isFused = alone.trainer.parts.loss.fused !== undefined && !problem.endsActive;
        if (isFused) await trainTogether(alone, helped, tasks, 2000);
        // Each time some batches, the last one cut.
        for (let i = 0; i < 3; i++) expect(helped.trainer.advance(1400)).toEqual(alone.trainer.advance(1400));
        expect(helped.trainer.position()).toEqual(alone.trainer.position());
        expect(helped.kernels.gradients).toEqual(alone.kernels.gradients);
        expect(helped.kernels.previous).toEqual(alone.kernels.previous);
        helper.dismiss();
      }),
      { numRuns: 12 },
    );
  });

  const problem: Problem = {
    ...{ rows: leastShared / 64, widths: [64, 70, 3], activation: { type: 'Tanh' }, endsActive: false, hasBias: true },
    ...{ loss: createLoss('mse_loss'), optimizer: { ...sgd, type: 'SGD' }, batchSize: 100, seed: 3 },
  };

  it('stops before a number is not finite, as one thread does', async () => {
    for (const what of ['parameter', 'loss']) {
      const { helper, tasks } = nodeHelper();
      const [alone, helped] = [trainerOf('wasm', problem), trainerOf('wasm', problem, helper)];
      await trainTogether(alone, helped, tasks, 500);
      for (const { trainer, kernels } of [alone, helped]) {
        kernels.targets.fill(what === 'loss' ? 3e38 : 1000);
        trainer.parts.optimizer.lr = 1e38;
      }
      expect(helped.trainer.advance(Infinity)).toEqual(alone.trainer.advance(Infinity));
      expect(helped.trainer.divergence).toMatchObject({ what });
      expect(helped.trainer.divergence).toEqual(alone.trainer.divergence);
      expect(helped.kernels.parameters).toEqual(alone.kernels.parameters);
      expect(helped.kernels.previous).toEqual(alone.kernels.previous);
      helper.dismiss();
    }
  });

  it('goes on with another thread after the first was let go, and without one', async () => {
    const { helper, tasks } = nodeHelper();
    const optimizer = optimizers.find(({ type }) => type === 'AdamW')!;
    const [alone, helped] = [
      trainerOf('wasm', { ...problem, optimizer }),
      trainerOf('wasm', { ...problem, optimizer }, helper),
    ];
    for (let threads = 0; threads < 5; threads++) {
      await trainTogether(alone, helped, tasks, 500);
      helper.dismiss();
      // What is let go may run on for a while.
      expect(helped.trainer.advance(500)).toEqual(alone.trainer.advance(500));
    }
    expect(tasks.map(({ id }) => id)).toEqual(tasks.map((_, i) => i + 1));
    expect(tasks.length).toBeGreaterThan(4);
    expect(helped.trainer.position()).toEqual(alone.trainer.position());
    helper.dismiss();
  });

  it('trains alone while the thread is not there', () => {
    const helper = new Helper(() => () => undefined);
    const [alone, helped] = [trainerOf('wasm', problem), trainerOf('wasm', problem, helper)];
    expect(helped.trainer.advance(Infinity)).toEqual(alone.trainer.advance(Infinity));
    expect(helped.trainer.position()).toEqual(alone.trainer.position());
  });

  it('is asked for by batches of much work over many rows only', () => {
    let started = 0;
    const helper = new Helper(() => {
      started++;
      return () => undefined;
    });
    trainerOf('wasm', { ...problem, rows: 1000 }, helper).trainer.advance(Infinity);
    trainerOf('wasm', { ...problem, batchSize: 10 }, helper).trainer.advance(1000);
    expect(started).toBe(0);
    trainerOf('wasm', problem, helper).trainer.advance(1000);
    expect(started).toBe(1);
  });
});
