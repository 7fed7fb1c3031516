import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataLoader } from '../../../src/engine/data/dataLoader';
import type { Dataset } from '../../../src/engine/dataset';
import type { Kernels } from '../../../src/engine/kernels/kernels';
import { NetKernels } from '../../../src/engine/kernels/netKernels';
import { WasmNetKernels } from '../../../src/engine/kernels/wasmNet';
import type { ActivationChoice } from '../../../src/engine/nn/activations';
import { parameterCount, sequentialModel, type Layer } from '../../../src/engine/nn/layers';
import { createLoss, type Loss } from '../../../src/engine/nn/losses';
import { Model } from '../../../src/engine/nn/model';
import { createOptimizer, type OptimizerChoice } from '../../../src/engine/optim/optimizers';
import { Generator } from '../../../src/engine/random/random';
import { Trainer } from '../../../src/engine/train/trainer';

const makers = { wasm: WasmNetKernels, plain: NetKernels };
type Kind = keyof typeof makers;

const activations: ActivationChoice[] = [
  { type: 'ReLU' },
  { type: 'Identity' },
  { type: 'LeakyReLU', negative_slope: 0.3 },
  { type: 'ELU', alpha: 1.4 },
  { type: 'GELU', approximate: 'none' },
  { type: 'GELU', approximate: 'tanh' },
  { type: 'SiLU' },
  { type: 'Tanh' },
  { type: 'Sigmoid' },
  { type: 'Softplus', beta: 1.5, threshold: 3 },
];

const losses: Loss[] = [
  createLoss('mse_loss'),
  createLoss('mse_loss', { reduction: 'sum' }),
  createLoss('l1_loss'),
  createLoss('smooth_l1_loss', { beta: 0.5 }),
  createLoss('huber_loss', { delta: 0.7 }),
  createLoss('binary_cross_entropy_with_logits'),
  createLoss('binary_cross_entropy_with_logits', { pos_weight: 3 }),
  createLoss('cross_entropy'),
  createLoss('cross_entropy', { label_smoothing: 0.1 }),
];

const adam = { lr: 0.01, betas: [0.9, 0.99], eps: 1e-8, weight_decay: 0, amsgrad: false };
const sgd = { lr: 0.02, momentum: 0, dampening: 0, weight_decay: 0, nesterov: false };
const optimizers: OptimizerChoice[] = [
  { ...sgd, type: 'SGD' },
  { ...sgd, type: 'SGD', weight_decay: 0.01 },
  { ...sgd, type: 'SGD', momentum: 0.9, dampening: 0.1 },
  { ...sgd, type: 'SGD', momentum: 0.8, nesterov: true, weight_decay: 0.02 },
  { ...adam, type: 'Adam' },
  { ...adam, type: 'Adam', weight_decay: 0.1, amsgrad: true, betas: [0.4, 0.9] },
  { ...adam, type: 'AdamW', weight_decay: 0.1 },
];

/** A net over random rows. Widths reach over the panels of the kernels, and rows over their tiles. */
const problems = fc.record({
  rows: fc.integer({ min: 1, max: 70 }),
  widths: fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 40 })), {
    minLength: 2,
    maxLength: 4,
  }),
  activation: fc.constantFrom(...activations),
  endsActive: fc.boolean(),
  hasBias: fc.boolean(),
  loss: fc.constantFrom(...losses),
  optimizer: fc.constantFrom(...optimizers),
  batchSize: fc.integer({ min: 1, max: 75 }),
  seed: fc.nat(1000),
});
type Problem = typeof problems extends fc.Arbitrary<infer P> ? P : never;

function layersOf({ widths, activation, endsActive, hasBias }: Problem): Layer[] {
  const last = widths.length - 2;
  return widths.slice(1).flatMap((width, i): Layer[] => {
    const linear = { type: 'Linear', inFeatures: widths[i], outFeatures: width, hasBias } as const;
    return i === last && !endsActive ? [linear] : [linear, activation];
  });
}

function datasetOf({ rows, widths, loss, seed }: Problem): Dataset {
  const generator = new Generator(seed);
  const outputs = widths[widths.length - 1];
  const names = (count: number) => Array.from({ length: count }, (_, i) => String(i));
  const columns = loss.targets === 'classes' ? 1 : outputs;
  const target = () => (loss.targets === 'classes' ? generator.uint32() % outputs : generator.uniform(0, 1));
  return {
    rows,
    inputNames: names(widths[0]),
    targetNames: names(columns),
    inputs: Float32Array.from({ length: rows * widths[0] }, () => generator.uniform(-1, 1)),
    targets: Float32Array.from({ length: rows * columns }, target),
  };
}

function trainerOf(kind: Kind, problem: Problem): { trainer: Trainer; kernels: Kernels; model: Model } {
  const { rows, loss, optimizer, batchSize, seed } = problem;
  const dataset = datasetOf(problem);
  const shape = sequentialModel(layersOf(problem));
  const kernels = new makers[kind](dataset, shape);
  const model = new Model(shape, kernels);
  const generator = new Generator(seed);
  model.resetParameters(generator);
  const trainRows = Uint32Array.from({ length: rows }, (_, i) => i);
  const trainer = new Trainer({
    dataset,
    kernels,
    model,
    loader: new DataLoader(trainRows, { batchSize, shuffle: true, dropLast: false }, generator, kernels),
    loss,
    optimizer: createOptimizer(optimizer, parameterCount(shape.parameters)),
    trainRows,
    validationRows: new Uint32Array(0),
  });
  return { trainer, kernels, model };
}

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
