import { formatNumber } from '../../src/base/format';
import { sigmoid } from '../../src/engine/nn/links';
import { losses } from '../../src/engine/nn/losses';
import { linearOf, originalParameters } from '../../src/protocol/outputs';
import type { RunShape } from '../../src/protocol/protocol';

/** What a model with one input predicts of a target, in the columns' own units. */
export interface FittedLine {
  weight: number;
  bias: number;
  /** The prediction for an input. */
  at: (input: number) => number;
  /** In words: `price = 3.1 × age + 0.5`. */
  equation: string;
  /** A straight line, not the curve of a probability. */
  straight: boolean;
}

/** The line of a run with one input whose targets are numbers; undefined where the model is a net. */
export function fittedLine(shape: RunShape, parameters: Float32Array, target: number): FittedLine | undefined {
  if (!linearOf(shape)) return undefined;
  const own = originalParameters(parameters, shape) ?? parameters;
  const weight = own[target];
  const bias = own[shape.targetNames.length + target] ?? 0;
  const sum = `${formatNumber(weight)} × ${shape.inputNames[0]} ${bias < 0 ? '−' : '+'} ${formatNumber(Math.abs(bias))}`;
  const name = shape.targetNames[target];
  if (losses[shape.loss].link === 'sigmoid') {
    const at = (input: number): number => sigmoid(weight * input + bias);
    return { weight, bias, at, equation: `${name} = sigmoid(${sum})`, straight: false };
  }
  return { weight, bias, at: (input) => weight * input + bias, equation: `${name} = ${sum}`, straight: true };
}
