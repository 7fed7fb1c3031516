import { formatNumber } from '../../src/base/format';
import { sigmoid } from '../../src/engine/nn/links';
import { losses } from '../../src/engine/nn/losses';
import { linearOf, originalParameters } from '../../src/protocol/outputs';
import type { RunShape } from '../../src/protocol/protocol';
import { predictInputs } from '../parts/predictInputs';

/** What a model with one input predicts of a target, in the columns' own units. */
export interface FittedLine {
  /** The prediction for an input. */
  at: (input: number) => number;
  /** In words: `price = 3.1 × age + 0.5`. */
  equation: string;
  /** A straight line, not the curve of a probability or of a net. */
  straight: boolean;
}

/** The line of a run with one input whose targets are numbers. */
export function fittedLine(shape: RunShape, parameters: Float32Array, target: number): FittedLine {
  const name = shape.targetNames[target];
  if (!linearOf(shape)) {
    const at = (input: number): number => predictInputs(shape, parameters, Float64Array.of(input))[target];
    return { at, equation: `${name} = net(${shape.inputNames[0]})`, straight: false };
  }
  const own = originalParameters(parameters, shape) ?? parameters;
  const weight = own[target];
  const bias = own[shape.targetNames.length + target] ?? 0;
  const sum = `${formatNumber(weight)} × ${shape.inputNames[0]} ${bias < 0 ? '−' : '+'} ${formatNumber(Math.abs(bias))}`;
  if (losses[shape.loss].link === 'sigmoid') {
    const at = (input: number): number => sigmoid(weight * input + bias);
    return { at, equation: `${name} = sigmoid(${sum})`, straight: false };
  }
  return { at: (input) => weight * input + bias, equation: `${name} = ${sum}`, straight: true };
}
