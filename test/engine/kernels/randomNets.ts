/** Nets over random rows, for tests of their kernels. */
import fc from 'fast-check';
import { DataLoader } from '../../../src/engine/data/dataLoader';
import type { Dataset } from '../../../src/engine/dataset';
import type { Helper } from '../../../src/engine/kernels/helper';
import { allocateDataset } from '../../../src/engine/kernels/kernelMemory';
import type { Kernels } from '../../../src/engine/kernels/kernels';
import { NetKernels } from '../../../src/engine/kernels/netKernels';
import { WasmNetKernels } from '../../../src/engine/kernels/wasmNet';
import { parameterCount, sequentialModel, type Layer } from '../../../src/engine/nn/layers';
import { createLoss, type Loss } from '../../../src/engine/nn/losses';
import { Model } from '../../../src/engine/nn/model';
import { createOptimizer, type OptimizerChoice } from '../../../src/engine/optim/optimizers';
import { Generator } from '../../../src/engine/random/random';
import { Trainer } from '../../../src/engine/train/trainer';
import { activationChoices } from '../nn/activationChoices';

const makers = { wasm: WasmNetKernels, plain: NetKernels };
/** Whether kernels are in WebAssembly or in TypeScript. */
export type NetKind = keyof typeof makers;

/** Losses that kernels work out, and one that they leave to TypeScript. */
export const losses: Loss[] = [
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
/** Plain gradient descent, but for its type. */
export const sgd = { lr: 0.02, momentum: 0, dampening: 0, weight_decay: 0, nesterov: false };
/** Optimizers whose steps kernels take. */
export const optimizers: OptimizerChoice[] = [
  { ...sgd, type: 'SGD' },
  { ...sgd, type: 'SGD', weight_decay: 0.01 },
  { ...sgd, type: 'SGD', momentum: 0.9, dampening: 0.1 },
  { ...sgd, type: 'SGD', momentum: 0.8, nesterov: true, weight_decay: 0.02 },
  { ...adam, type: 'Adam' },
  { ...adam, type: 'Adam', weight_decay: 0.1, amsgrad: true, betas: [0.4, 0.9] },
  { ...adam, type: 'AdamW', weight_decay: 0.1 },
];

/** A net over random rows. Widths reach over the panels of the kernels, and rows over their tiles. */
export const problems = fc.record({
  rows: fc.integer({ min: 1, max: 70 }),
  widths: fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 40 })), {
    minLength: 2,
    maxLength: 4,
  }),
  activation: fc.constantFrom(...activationChoices),
  endsActive: fc.boolean(),
  hasBias: fc.boolean(),
  loss: fc.constantFrom(...losses),
  optimizer: fc.constantFrom(...optimizers),
  batchSize: fc.integer({ min: 1, max: 75 }),
  seed: fc.nat(1000),
});
/** One of `problems`. */
export type Problem = typeof problems extends fc.Arbitrary<infer P> ? P : never;

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
  const inputs = new Float32Array(rows * widths[0]).map(() => generator.uniform(-1, 1));
  const targets = new Float32Array(rows * columns).map(target);
  return { rows, inputNames: names(widths[0]), targetNames: names(columns), inputs, targets };
}

/** The rows in memory that a helper can be given, if there are enough of them. */
function sharedCopy({ rows, inputs, targets }: Dataset): Pick<Dataset, 'inputs' | 'targets'> {
  const copy = allocateDataset(rows, inputs.length / rows, targets.length / rows, true);
  copy.inputs.set(inputs);
  copy.targets.set(targets);
  return copy;
}

/** A trainer of a problem, perhaps with a helper for large batches. */
export function trainerOf(
  kind: NetKind,
  problem: Problem,
  helper?: Helper,
): { trainer: Trainer; kernels: Kernels; model: Model } {
  const { rows, loss, optimizer, batchSize, seed } = problem;
  const dataset = datasetOf(problem);
  if (helper) Object.assign(dataset, sharedCopy(dataset));
  const shape = sequentialModel(layersOf(problem));
  const kernels = new makers[kind](dataset, shape, helper);
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
