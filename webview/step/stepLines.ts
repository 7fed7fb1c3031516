import { formatFloat32 } from '../../src/base/format';
import type { Link } from '../../src/engine/nn/links';
import { createLoss, losses, type Loss } from '../../src/engine/nn/losses';
import { linearOf } from '../../src/protocol/outputs';
import type { RunShape } from '../../src/protocol/protocol';
import type { BatchAccount } from '../../src/protocol/questions';
import { clipLines } from './clipLines';
import { penaltyLines, penaltyLossLines } from './penaltyLines';
import { updateLines } from './updateLines';

/** A part of a sum: text and numbers as they are read. */
export type Term = (string | number)[];

/** A sum; `rest` terms more are not known one by one. `keep`: the term that stays in sight where others are left out. */
export interface Sum {
  terms: Term[];
  rest: number;
  keep: number;
}

/** A formula with its numbers in: text, numbers and sums as they are read. */
export type Tokens = (string | number | Sum)[];

/** One line of arithmetic. */
export interface Line {
  name: string;
  /** What the name is, to be read aloud. */
  spoken: string;
  left: string;
  /** `←` where the formula speaks of the old value. */
  sign: '=' | '←';
  formula: string;
  numbers: Tokens;
  value: number;
  /** What does it in PyTorch. */
  code: string[];
}

/** Which output, which input of it (none: its bias), and which of the account's rows to follow. */
export interface Followed {
  output: number;
  input: number | undefined;
  row: number;
}

/** The parameter number `index` as an output and an input. */
export function followedParameter(shape: RunShape, index: number): Pick<Followed, 'output' | 'input'> {
  const inputs = shape.inputNames.length;
  const weights = inputs * outputsOf(shape);
  if (index >= weights) return { output: index - weights, input: undefined };
  return { output: Math.floor(index / inputs), input: index % inputs };
}

/** The arithmetic of a batch from prediction to update, for one parameter and one row. */
export function stepLines(account: BatchAccount, shape: RunShape, followed: Followed): Line[] {
  const { row, output, input } = followed;
  const at = row * outputsOf(shape) + output;
  const lines = [prediction(account, shape, followed, at), ...lossLines(account, shape, followed)];
  if (account.notFinite === 'loss') return lines;
  const width = shape.inputNames.length;
  const parameter = input === undefined ? width * outputsOf(shape) + output : output * width + input;
  return [...lines, gradient(account, shape, followed, parameter), ...changeLines(account, parameter, input)];
}

/** From the output of a row to the loss of the batch. */
export function lossLines(account: BatchAccount, shape: RunShape, followed: Followed): Line[] {
  const loss = createLoss(shape.loss, shape.lossOptions);
  const { slope } = loss.words;
  const at = followed.row * outputsOf(shape) + followed.output;
  const probability = probabilityLines[loss.link]?.(account, shape, followed, at);
  return [
    ...(probability ? [probability] : []),
    error(account, shape, followed, at),
    ...(slope ? [slopeLine(slope, account.slopes[at])] : []),
    lossLine(account, loss, at),
    ...penaltyLossLines(account),
  ];
}

/** From the gradient of a parameter to its new value. `input`: undefined of a bias. */
export function changeLines(account: BatchAccount, parameter: number, input: number | undefined): Line[] {
  return [
    ...penaltyLines(account, parameter, input),
    ...clipLines(account, parameter),
    ...updateLines(account, parameter, input),
  ];
}

/** The line that makes a probability of an output; none where the output is the prediction. */
const probabilityLines: Record<Link, ((...of: ProbabilityParts) => Line) | undefined> = {
  identity: undefined,
  sigmoid: ({ outputs, errors, targets }, _, __, at) => ({
    name: 'probability',
    spoken: 'The sigmoid of the output, which is the probability of a 1',
    left: 'p',
    sign: '=',
    formula: '1 / (1 + exp(−z))',
    numbers: ['1 / (1 + exp(', -outputs[at], '))'],
    value: errors[at] + targets[at],
    code: ['torch.sigmoid(y_pred)'],
  }),
  softmax: ({ outputs, errors, targets }, shape, { row, output }, at) => {
    const classes = outputsOf(shape);
    const terms = Array.from({ length: classes }, (_, i): Term => ['exp(', outputs[row * classes + i], ')']);
    return {
      name: 'probability',
      spoken: `The softmax of the outputs, which is the probability of ${shape.classNames?.[output] ?? 'the class'}`,
      left: 'p',
      sign: '=',
      formula: 'exp(z) / Σ exp(z of each class)',
      numbers: ['exp(', outputs[at], ') / (', { terms, rest: 0, keep: output }, ')'],
      value: errors[at] + (targets[row] === output ? 1 : 0),
      code: ['y_pred.softmax(dim=1)'],
    };
  },
};

type ProbabilityParts = [account: BatchAccount, shape: RunShape, followed: Followed, at: number];

function prediction({ rows, inputs, outputs, before }: BatchAccount, shape: RunShape, followed: Followed, at: number) {
  const { row, output, input } = followed;
  const width = shape.inputNames.length;
  const terms = Array.from({ length: width }, (_, i): Term => {
    return [inputs[row * width + i], ' × ', before[output * width + i]];
  });
  const hasBias = linearOf(shape)?.hasBias;
  if (hasBias) terms.push([before[outputsOf(shape) * width + output]]);
  const isLogit = losses[shape.loss].link !== 'identity';
  const line: Line = {
    name: 'prediction',
    spoken: `The ${isLogit ? 'output' : 'prediction'} for row ${rows[row] + 1}, which is x times w${hasBias ? ' plus b' : ''}`,
    left: isLogit ? 'z' : 'ŷ',
    sign: '=',
    formula: hasBias ? 'x · w + b' : 'x · w',
    numbers: [{ terms, rest: 0, keep: input ?? width }],
    value: outputs[at],
    code: ['y_pred = model(x)'],
  };
  return line;
}

function error(
  { errors, outputs, targets }: BatchAccount,
  shape: RunShape,
  { row, output }: Followed,
  at: number,
): Line {
  const isLogit = losses[shape.loss].link !== 'identity';
  const target = shape.classNames ? Number(targets[row] === output) : targets[at];
  const from = isLogit ? errors[at] + target : outputs[at];
  const spoken = `The error, which is ${isLogit ? 'probability' : 'prediction'} minus target`;
  return {
    name: 'error',
    spoken,
    left: 'e',
    sign: '=',
    formula: isLogit ? 'p − y' : 'ŷ − y',
    numbers: [exact(from), ' − ', exact(target)],
    value: errors[at],
    code: [],
  };
}

/** With all its digits: a difference of rounded numbers is not the difference. */
function exact(value: number): string {
  return formatFloat32(value).replace(/^-/, '−');
}

function slopeLine({ formula, spoken }: NonNullable<Loss['words']['slope']>, value: number): Line {
  return { name: 'slope', spoken, left: 's', sign: '=', formula, numbers: [value], value, code: [] };
}

function lossLine(
  { errors, ownLosses, rows, ...account }: BatchAccount,
  { name, options = {}, words }: Loss,
  at: number,
) {
  const perRow = ownLosses.length / rows.length;
  const count = account.batchRows * perRow;
  const { divisor, weights } = account;
  const terms = Array.from(ownLosses, (loss, i): Term => {
    if (!words.showsSquares) return [loss];
    return weights ? [weights[Math.floor(i / perRow)], ' × ', errors[i], '²'] : [errors[i], '²'];
  });
  const keep = Math.floor((at * ownLosses.length) / errors.length);
  const sum: Sum = { terms, rest: count - terms.length, keep };
  const line: Line = {
    name: 'loss',
    spoken: `The loss ${name}, a ${weights ? 'weighted ' : ''}${words.formula.startsWith('sum') ? 'sum' : 'mean'} over ${count === 1 ? 'one number' : `${count} numbers`}`,
    left: 'L',
    sign: '=',
    formula: weights ? words.formula.replace(/^(mean|sum)/, 'weighted $1') : words.formula,
    numbers: divisor === 1 ? [sum] : ['(', sum, ') / ', divisor],
    value: account.loss - (account.penalty?.value ?? 0),
    code: weights
      ? [
          `losses = F.${name}(y_pred, y${argumentsOf({ ...options, reduction: 'none' as 'mean' })})`,
          weightedCode(options),
        ]
      : [`loss = F.${name}(y_pred, y${argumentsOf(options)})`],
  };
  return line;
}

/** How a script adds up losses of rows that count differently. */
function weightedCode({ reduction, weight }: NonNullable<Loss['options']>): string {
  const divisor = weight ? '(c * class_weight[y]).sum()' : 'c.sum()';
  return `loss = (c * losses).sum()${reduction === 'sum' ? '' : ` / ${divisor}`}`;
}

/** Keyword arguments as a script writes them; weights of classes by a name. */
function argumentsOf(options: NonNullable<Loss['options']>): string {
  return Object.entries(options)
    .map(([key, value]) => `, ${key}=${Array.isArray(value) ? 'class_weight' : JSON.stringify(value)}`)
    .join('');
}

function gradient(account: BatchAccount, shape: RunShape, followed: Followed, parameter: number): Line {
  const { errors, slopes, inputs, rows, batchRows, divisor, gradients, clipping, penalty, weights } = account;
  const { input, output, row } = followed;
  const { factor, slope } = createLoss(shape.loss, shape.lossOptions).words;
  const [width, outputs] = [shape.inputNames.length, outputsOf(shape)];
  const terms = Array.from(rows, (_, i): Term => {
    const part = slope ? slopes[i * outputs + output] : errors[i * outputs + output];
    const counted: Term = weights ? [weights[i], ' × ', part] : [part];
    return input === undefined ? counted : [...counted, ' × ', inputs[i * width + input]];
  });
  const sum: Sum = { terms, rest: batchRows - terms.length, keep: row };
  const letter = input === undefined ? 'b' : 'w';
  return {
    name: 'gradient',
    spoken: `The gradient: how fast the loss grows with ${letter}, from ${batchRows === 1 ? 'one row' : `${batchRows} rows`}${weights ? ', each times what it counts (c)' : ''}`,
    left: 'g',
    sign: '=',
    formula: `∂L/∂${letter} = ${factor}/${weights ? 'Σc · Σ c · ' : 'n · Σ '}${slope ? 's' : 'e'}${input === undefined ? '' : ' · x'}`,
    numbers: [factor, ' / ', divisor, ' × (', sum, ')'],
    value: (penalty?.without ?? clipping?.unclipped ?? gradients)[parameter],
    code: ['optimizer.zero_grad()', 'loss.backward()'],
  };
}

/** How many outputs a row has. */
export function outputsOf({ classNames, targetNames }: RunShape): number {
  return (classNames ?? targetNames).length;
}
