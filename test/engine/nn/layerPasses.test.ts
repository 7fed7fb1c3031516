import { describe, expect, it } from 'vitest';
import { NetKernels } from '../../../src/engine/kernels/netKernels';
import { activationFunction } from '../../../src/engine/nn/activations';
import { parameterCount, sequentialModel, type Layer, type ModelShape } from '../../../src/engine/nn/layers';
import { losses, type Loss } from '../../../src/engine/nn/losses';
import { Generator } from '../../../src/engine/random/random';
import { activationChoices } from './activationChoices';

/** A net, rows for it, a loss and a start; equal seeds, equal numbers. */
function randomProblem(seed: number) {
  const generator = new Generator(seed);
  const below = (limit: number) => generator.uint32() % limit;
  const numbers = (count: number) => Float32Array.from({ length: count }, () => generator.uniform(-1.5, 1.5));
  const rows = 1 + below(6);
  const widths = Array.from({ length: 2 + below(3) }, () => 1 + below(5));
  const layers: Layer[] = widths
    .slice(1)
    .flatMap((width, i): Layer[] => [
      { type: 'Linear', inFeatures: widths[i], outFeatures: width, hasBias: below(4) > 0 },
      ...(i < widths.length - 2 || below(4) === 0 ? [activationChoices[below(activationChoices.length)]] : []),
    ]);
  const loss: Loss = Object.values(losses)[below(6)];
  const outputs = widths[widths.length - 1];
  const isClass = loss.targets === 'classes';
  const targets = isClass ? Float32Array.from({ length: rows }, () => below(outputs)) : numbers(rows * outputs);
  if (loss.targets === 'probabilities') targets.forEach((value, i) => (targets[i] = Math.abs(value) / 1.5));
  const shape = sequentialModel(layers);
  return {
    rows,
    loss,
    outputs,
    shape,
    inputs: numbers(rows * widths[0]),
    targets,
    isClass,
    start: numbers(parameterCount(shape.parameters)),
  };
}

type Problem = ReturnType<typeof randomProblem>;

/** The gradients of one batch of all rows, as the kernels work them out. */
function gradientsOf({ rows, loss, outputs, shape, inputs, targets, start }: Problem): Float32Array {
  const kernels = new NetKernels({ rows, inputs, targets }, shape);
  kernels.parameters.set(start);
  kernels.order.set(Array.from({ length: rows }, (_, row) => row));
  kernels.begin();
  kernels.forward(0, rows);
  loss.gradients(kernels.outputs, targets, rows, outputs, kernels.outputGradients);
  kernels.backward(0, rows);
  kernels.end();
  return kernels.gradients;
}

/** The mean loss over all rows in float64, written out on its own. */
function lossOf({ rows, loss, outputs, shape, inputs, targets, isClass }: Problem, parameters: Float64Array): number {
  const width = inputs.length / rows;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const values = outputsOf(shape, parameters, Array.from(inputs.subarray(row * width, (row + 1) * width)));
    const slopes = new Float64Array(outputs);
    sum += loss.row(Float64Array.from(values), Float64Array.from(targets), isClass ? row : row * outputs, slopes);
  }
  return sum / loss.count(rows, outputs);
}

function outputsOf({ layers }: ModelShape, parameters: Float64Array, inputs: number[]): number[] {
  let at = 0;
  return layers.reduce((values, layer) => {
    if (layer.type !== 'Linear') return values.map((value) => activationFunction(layer).value(value));
    const weights = Array.from({ length: layer.outFeatures }, () => values.map(() => parameters[at++]));
    const biases = weights.map(() => (layer.hasBias ? parameters[at++] : 0));
    return weights.map((row, i) => row.reduce((sum, weight, j) => sum + weight * values[j], biases[i]));
  }, inputs);
}

function centralDifferences(problem: Problem): number[] {
  const step = 1e-5;
  return Array.from(problem.start, (_, i) => {
    const moved = (by: number) => {
      const parameters = Float64Array.from(problem.start);
      parameters[i] += by;
      return lossOf(problem, parameters);
    };
    return (moved(step) - moved(-step)) / (2 * step);
  });
}

describe('the gradients of a net', () => {
  it.each(Array.from({ length: 200 }, (_, seed) => seed))('are the slopes of its loss, seed %i', (seed) => {
    const problem = randomProblem(seed);
    const expected = centralDifferences(problem);
    const actual = gradientsOf(problem);
    const largest = Math.max(1e-3, ...expected.map(Math.abs));
    expected.forEach((value, i) => expect(Math.abs(actual[i] - value)).toBeLessThan(2e-5 * largest));
  });
});

describe('an activation', () => {
  it.each(activationChoices)('%j has the derivative of its value', (choice) => {
    const { value, derivative } = activationFunction(choice);
    for (const x of [-9, -2.5, -0.7, -1e-3, 1e-3, 0.4, 1.9, 2.1, 8]) {
      const slope = (value(x + 1e-6) - value(x - 1e-6)) / 2e-6;
      expect(Math.abs(derivative(x, value(x)) - slope)).toBeLessThan(1e-6);
    }
  });

  it.each(activationChoices)('%j passes NaN on', (choice) => {
    expect(activationFunction(choice).value(NaN)).toBeNaN();
  });
});
