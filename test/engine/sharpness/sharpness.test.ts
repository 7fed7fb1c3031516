import { describe, expect, it } from 'vitest';
import { activationFunction } from '../../../src/engine/nn/activations';
import { parameterCount, sequentialModel, type Layer } from '../../../src/engine/nn/layers';
import { createLoss, losses, type LossName } from '../../../src/engine/nn/losses';
import { createOptimizer, preconditioning, sharpnessLimit } from '../../../src/engine/optim/optimizers';
import { Generator } from '../../../src/engine/random/random';
import { HessianProducts } from '../../../src/engine/sharpness/hessianProducts';
import { Sharpness } from '../../../src/engine/sharpness/sharpness';
import hessians from '../../fixtures/hessians.json';

interface Case {
  seed: number;
  layers: Layer[];
  loss: LossName;
  rows: number;
  /** Largest eigenvalue of PyTorch's Hessian in float64. */
  largest: number;
}

const cases = hessians as Case[];

/** The numbers that the fixture's script draws. */
function problemOf({ seed, layers, loss, rows }: Case) {
  const generator = new Generator(seed);
  const uniform = (count: number, low: number, high: number) =>
    Float32Array.from({ length: count }, () => generator.uniform(low, high));
  const linear = layers.filter((layer) => layer.type === 'Linear');
  const [inputs, outputs] = [linear[0].inFeatures, linear.at(-1)!.outFeatures];
  const parameters = uniform(parameterCount(sequentialModel(layers).parameters), -1, 1);
  const dataset = {
    inputs: uniform(rows * inputs, -1.5, 1.5),
    targets:
      loss === 'cross_entropy'
        ? Float32Array.from({ length: rows }, (_, row) => row % outputs)
        : uniform(rows * outputs, 0, 1),
    inputNames: Array.from({ length: inputs }, (_, i) => `x${i}`),
    targetNames: loss === 'cross_entropy' ? ['y'] : Array.from({ length: outputs }, (_, i) => `y${i}`),
  };
  const trainRows = Uint32Array.from({ length: rows }, (_, row) => row);
  return { dataset, trainRows, layers, loss: losses[loss], parameters };
}

describe('sharpness', () => {
  it('is measured on 50 nets of every activation and loss', () => {
    expect(cases).toHaveLength(50);
    expect(new Set(cases.map(({ loss }) => loss)).size).toBe(6);
    expect(new Set(cases.flatMap(({ layers }) => layers.map(({ type }) => type))).size).toBe(10);
  });

  it.each(cases)('is that of the dense Hessian, net $seed', async (reference) => {
    const { parameters, ...parts } = problemOf(reference);
    expect(parameters.length).toBeLessThanOrEqual(400);
    const sharpness = new Sharpness(parts, parameters.length);
    const value = await sharpness.measure({ parameters });
    expect(Math.abs(value - reference.largest)).toBeLessThanOrEqual(0.01 * Math.abs(reference.largest));
    // The steepest direction of another place is a start like any other.
    await sharpness.measure({ parameters: parameters.map((number) => 0.5 * number) });
    const again = await sharpness.measure({ parameters });
    expect(Math.abs(again - reference.largest)).toBeLessThanOrEqual(0.01 * Math.abs(reference.largest));
  });

  it('of a divided Hessian is the largest eigenvalue of the divided matrix', async () => {
    const { parameters, ...parts } = problemOf(cases[2]);
    const divisors = Float64Array.from(parameters, (_, i) => 0.2 + (i % 7));
    const value = await new Sharpness(parts, parameters.length).measure({ parameters, divisors, decay: 0.1 });
    // The power method on D^-1 (H + decay), shifted so that the largest eigenvalue is the one farthest from zero.
    const rows = { count: cases[2].rows, inputs: Float64Array.from(parts.dataset.inputs) };
    const products = new HessianProducts(parts.layers, parts.loss, {
      ...rows,
      targets: Float64Array.from(parts.dataset.targets),
    });
    const shift = 50;
    let vector = Float64Array.from(parameters, (_, i) => Math.sin(i + 1));
    let length = 0;
    for (let i = 0; i < 1000; i++) {
      const product = products.times(Float64Array.from(parameters), vector);
      const next = vector.map((number, j) => shift * number + (product[j] + 0.1 * number) / divisors[j]);
      length = Math.hypot(...next);
      vector = next.map((number) => number / length);
    }
    expect(value).toBeGreaterThan(0);
    expect(Math.abs(value - (length - shift))).toBeLessThan(0.01 * value);
  });

  it('with a class that counts twice is that of its rows written twice', async () => {
    const { parameters, ...parts } = problemOf(cases.find(({ loss }) => loss === 'cross_entropy')!);
    const { inputs, targets, inputNames } = parts.dataset;
    const classes = Math.max(...targets) + 1;
    const weight = Array.from({ length: classes }, (_, i) => (i === 1 ? 2 : 1));
    const weighted = { ...parts, loss: createLoss('cross_entropy', { weight }) };
    const twice = [...parts.trainRows].flatMap((row) => (targets[row] === 1 ? [row, row] : [row]));
    const written = {
      ...parts.dataset,
      inputs: Float32Array.from(
        twice.flatMap((row) => [...inputs.subarray(row * inputNames.length).subarray(0, inputNames.length)]),
      ),
      targets: Float32Array.from(twice, (row) => targets[row]),
    };
    const repeated = { ...parts, dataset: written, trainRows: Uint32Array.from(twice.keys()) };
    const [one, other] = await Promise.all(
      [weighted, repeated].map((each) => new Sharpness(each, parameters.length).measure({ parameters })),
    );
    expect(Math.abs(one - other)).toBeLessThan(1e-6 * other);
  });

  it('is not a number where the loss is none', async () => {
    const { parameters, ...parts } = problemOf(cases[0]);
    expect(await new Sharpness(parts, parameters.length).measure({ parameters: parameters.fill(NaN) })).toBeNaN();
  });
});

describe('a unit at its kink', () => {
  it('does not bend', () => {
    const layers: Layer[] = [
      { type: 'Linear', inFeatures: 1, outFeatures: 1, hasBias: true },
      { type: 'ReLU' },
      { type: 'Linear', inFeatures: 1, outFeatures: 1, hasBias: false },
    ];
    const rows = { count: 1, inputs: Float64Array.of(0), targets: Float64Array.of(1) };
    const products = new HessianProducts(layers, losses.mse_loss, rows);
    expect([...products.times(Float64Array.of(1, 0, 1), Float64Array.of(1, 1, 1))]).toEqual([0, 0, 0]);
  });

  it.each([0.5, -0.7])('%d has the second derivative of its value', (x) => {
    const choices = cases.flatMap(({ layers }) => layers.filter((layer) => layer.type !== 'Linear'));
    for (const choice of choices) {
      const { value, derivative, bend } = activationFunction(choice);
      const slope = (at: number) => derivative(at, value(at));
      expect(bend(x, value(x))).toBeCloseTo((slope(x + 1e-5) - slope(x - 1e-5)) / 2e-5, 6);
    }
  });
});

describe('the limit of sharpness', () => {
  const sgd = { type: 'SGD', lr: 1, momentum: 0, dampening: 0, weight_decay: 0, nesterov: false } as const;
  const adam = { type: 'Adam', lr: 1, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0, amsgrad: false } as const;

  it.each([
    ['plain SGD', sgd, 2 / 0.1],
    ['momentum', { ...sgd, momentum: 0.9 }, 3.8 / 0.1],
    ['weight decay', { ...sgd, weight_decay: 0.5 }, 2 / 0.1 - 0.5],
    ['strong weight decay', { ...sgd, weight_decay: 2 }, 2 / 0.1 - 2],
    ['Adam', adam, 38 / 0.1],
    ['Adagrad', { type: 'Adagrad', lr: 1, lr_decay: 0, weight_decay: 0, eps: 1e-10 } as const, 2 / 0.1],
  ])('with %s', (_, choice, limit) => expect(sharpnessLimit(choice, 0.1)).toBeCloseTo(limit, 9));

  it('is none where no rate is stable', () => {
    expect(sharpnessLimit({ ...sgd, momentum: 1 }, 0.1)).toBeUndefined();
  });

  it.each([
    adam,
    { ...adam, amsgrad: true },
    { type: 'RMSprop', lr: 1, alpha: 0.9, eps: 1e-8, weight_decay: 0, momentum: 0, centered: false } as const,
    { type: 'Adagrad', lr: 1, lr_decay: 0.1, weight_decay: 0, eps: 1e-10 } as const,
  ])('of %j holds for a bowl: just below it steps shrink, just above it they grow', (choice) => {
    // With the same gradient for long, what steps are divided by hardly changes any more.
    const optimizer = createOptimizer(choice, 1);
    for (let i = 0; i < 200; i++) optimizer.step(Float32Array.of(0), Float32Array.of(1));
    const [divisor] = preconditioning(choice)!.divisors(choice, optimizer);
    const lr = 0.01;
    const edge = sharpnessLimit(choice, lr)! * divisor;
    const frozen = optimizer.buffers.map((buffer) => buffer.slice());
    const steps = optimizer.steps;
    const endOf = (curvature: number) => {
      optimizer.lr = lr;
      optimizer.steps = steps;
      optimizer.buffers.forEach((buffer, i) => buffer.set(frozen[i]));
      if (choice.type === 'Adam') optimizer.buffers[0].fill(0);
      const place = Float32Array.of(1e-6);
      for (let i = 0; i < 60; i++) {
        optimizer.step(
          place,
          place.map((x) => curvature * x),
        );
        // Squares of the small gradients are not to count.
        optimizer.buffers.forEach((buffer, j) => {
          if (j > 0 || choice.type !== 'Adam') buffer.set(frozen[j]);
        });
        optimizer.steps = steps;
      }
      return Math.abs(place[0]);
    };
    expect(endOf(0.9 * edge)).toBeLessThan(1e-6);
    expect(endOf(1.1 * edge)).toBeGreaterThan(1e-6);
  });
});
