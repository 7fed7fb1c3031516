import { formatNumber } from '../../src/base/format';
import { sigmoid } from '../../src/engine/nn/links';
import { losses } from '../../src/engine/nn/losses';
import { linearOf, originalParameters } from '../../src/protocol/outputs';
import type { RunShape } from '../../src/protocol/protocol';
import { predictInputs, withProducts } from '../parts/predictInputs';

/** What a model with one input predicts of a target, in the columns' own units. */
export interface FittedLine {
  /** The prediction for an input. */
  at: (input: number) => number;
  /** In words: `price = 3.1 × age + 0.5`. */
  equation: string;
  /** A straight line, not the curve of a probability, of a net or of powers of the input. */
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
  const { inputNames, targetNames } = shape;
  const weights = own.subarray(target * inputNames.length, (target + 1) * inputNames.length);
  const bias = own[targetNames.length * inputNames.length + target] ?? 0;
  const sumAt = (input: number): number =>
    withProducts(shape, Float64Array.of(input)).reduce((sum, value, i) => sum + weights[i] * value, bias);
  const sum = termsOf([...weights, bias], [...inputNames, undefined]);
  if (losses[shape.loss].link === 'sigmoid') {
    return { at: (input) => sigmoid(sumAt(input)), equation: `${name} = sigmoid(${sum})`, straight: false };
  }
  return { at: sumAt, equation: `${name} = ${sum}`, straight: inputNames.length === 1 };
}

/** A sum in words: `3 × age − 0.5`. Without a name it is the number alone. */
function termsOf(numbers: number[], names: (string | undefined)[]): string {
  const factor = (i: number) => (names[i] === undefined ? '' : ` × ${names[i]}`);
  const [first, ...others] = numbers;
  const rest = others.map((value, i) => ` ${value < 0 ? '−' : '+'} ${formatNumber(Math.abs(value))}${factor(i + 1)}`);
  return `${formatNumber(first)}${factor(0)}${rest.join('')}`;
}
