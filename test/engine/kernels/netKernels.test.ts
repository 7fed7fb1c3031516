import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLoss } from '../../../src/engine/nn/losses';
import { losses, optimizers, problems, sgd, trainerOf, type Problem } from './randomNets';

/** Largest distance, in units of the largest magnitude in `expected`, or of 1 below it. */
function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [scale, most] = [1, 0];
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]));
    most = Math.max(most, Math.abs(actual[i] - expected[i]));
  }
  return actual.length === expected.length ? most / scale : NaN;
}

describe('WasmNetKernels', () => {
  it('agree with their twin on outputs, losses and gradients', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const [fast, plain] = (['wasm', 'plain'] as const).map((kind) => {
          const { trainer, kernels } = trainerOf(kind, { ...problem, batchSize: problem.rows });
          const { loss } = trainer.parts;
          const start = trainer.fullTrainLoss();
          const outputs = kernels.outputs.slice();
          kernels.begin();
          kernels.forward(0, problem.rows);
          const outFeatures = problem.widths[problem.widths.length - 1];
          loss.gradients(kernels.outputs, kernels.targets, problem.rows, outFeatures, kernels.outputGradients);
          kernels.backward(0, problem.rows);
          kernels.end();
          const byParts = kernels.gradients.slice();
          const record = trainer.advance(Infinity)!;
          return { start, outputs, byParts, loss: record.loss, gradients: kernels.gradients };
        });
        expect(distance([fast.start, fast.loss], [plain.start, plain.loss])).toBeLessThan(3e-6);
        expect(distance(fast.outputs, plain.outputs)).toBeLessThan(3e-6);
        expect(distance(fast.byParts, plain.byParts)).toBeLessThan(3e-6);
        expect(distance(fast.gradients, plain.gradients)).toBeLessThan(3e-6);
      }),
      { numRuns: 200 },
    );
  });

  it('take the steps of each optimizer with the bits of its definition', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 1, max: 3 }), (problem, epochs) => {
        const fused = trainerOf('wasm', problem);
        const stepped = trainerOf('wasm', problem);
        const { optimizer } = stepped.trainer.parts;
        // Without a rule, gradients come from WebAssembly and the step from TypeScript.
        Object.defineProperty(optimizer, 'rule', { value: undefined });
        for (let epoch = 0; epoch < epochs; epoch++) {
          expect(fused.trainer.advance(Infinity)).toEqual(stepped.trainer.advance(Infinity));
        }
        expect(fused.trainer.position()).toEqual(stepped.trainer.position());
        expect(fused.kernels.previous).toEqual(stepped.kernels.previous);
        expect(fused.kernels.gradients).toEqual(stepped.kernels.gradients);
      }),
      { numRuns: 100 },
    );
  });

  it('leave the gradients of a batch whose loss is not finite, whoever steps', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const [fused, stepped] = [0, 1].map(() =>
          trainerOf('wasm', { ...problem, loss: createLoss('mse_loss'), optimizer: { ...sgd, type: 'SGD', lr: 1e15 } }),
        );
        Object.defineProperty(stepped.trainer.parts.optimizer, 'rule', { value: undefined });
        for (const { trainer } of [fused, stepped]) for (let epoch = 0; epoch < 3; epoch++) trainer.advance(Infinity);
        expect(fused.trainer.divergence).toEqual(stepped.trainer.divergence);
        expect(fused.kernels.gradients).toEqual(stepped.kernels.gradients);
      }),
      { numRuns: 30 },
    );
  });

  it('give the same bits however an epoch is cut, and from a position in its middle', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 1, max: 40 }), (problem, budget) => {
        const whole = trainerOf('wasm', problem).trainer;
        const cut = trainerOf('wasm', problem).trainer;
        const record = whole.advance(Infinity);
        let last = cut.advance(budget);
        const other = trainerOf('wasm', problem).trainer;
        other.restore(cut.position());
        while (cut.epoch === 0) last = cut.advance(budget);
        while (other.epoch === 0) other.advance(Infinity);
        expect(last).toEqual(record);
        expect(cut.position()).toEqual(whole.position());
        expect(other.position()).toEqual(whole.position());
      }),
      { numRuns: 100 },
    );
  });

  it('predict any rows with any parameters as their twin does, and train on as if they had not', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 1, max: 40 }), (problem, budget) => {
        const whole = trainerOf('wasm', problem).trainer;
        const { trainer: cut, model } = trainerOf('wasm', problem);
        const { trainer: plain } = trainerOf('plain', problem);
        const start = model.parameters.slice();
        const rows = Uint32Array.from({ length: 2 * problem.rows }, (_, i) => (7 * i) % problem.rows);
        const predicted = plain.predict(rows, start);
        const record = whole.advance(Infinity);
        let last;
        while (cut.epoch === 0) {
          last = cut.advance(budget);
          expect(distance(cut.predict(rows, start), predicted)).toBeLessThan(3e-6);
        }
        expect(last).toEqual(record);
        expect(cut.position()).toEqual(whole.position());
      }),
      { numRuns: 100 },
    );
  });

  it.each([1, 3])('stop before a number is not finite, in batches of %i', (batchSize) => {
    for (const kind of ['wasm', 'plain'] as const) {
      const problem: Problem = {
        ...{ rows: 6, widths: [3, 5, 1], activation: { type: 'Tanh' }, endsActive: false, hasBias: true },
        ...{ loss: losses[0], optimizer: { ...sgd, type: 'SGD', lr: 1e38 }, batchSize, seed: 3 },
      };
      const { trainer, kernels, model } = trainerOf(kind, problem);
      kernels.targets.fill(1000);
      const before = model.parameters.slice();
      trainer.advance(Infinity);
      expect(trainer.divergence).toEqual({ epoch: 0, batch: 0, what: 'parameter' });
      expect(model.parameters).toEqual(before);
      const loss = trainerOf(kind, { ...problem, optimizer: optimizers[0] });
      loss.kernels.targets.fill(3e38);
      loss.trainer.advance(Infinity);
      expect(loss.trainer.divergence).toEqual({ epoch: 0, batch: 0, what: 'loss' });
      expect(loss.kernels.previous).toEqual(loss.model.parameters);
    }
  });
});
